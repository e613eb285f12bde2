package io.leaksafe.internal.tree;

import static org.assertj.core.api.Assertions.assertThat;

import io.leaksafe.handle.HandleInfo;
import io.leaksafe.handle.Kind;
import io.leaksafe.handle.Priority;
import io.leaksafe.handle.Tracking;
import io.leaksafe.internal.virtual.VirtualScheduler;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/** A tree without the scopes that usually stand in it: owners that close nothing by themselves. */
abstract class TreeTestCase {

  /** Logs what a tree tells. */
  final class Log implements Events {
    @Override
    public boolean listening() {
      return true;
    }

    @Override
    public void opened(Node node) {
      log.add("opened " + node.name());
    }

    @Override
    public void closed(Node node) {
      log.add("closed " + node.name());
    }

    @Override
    public void growing(HandleInfo newest, int live) {
      log.add("growing " + newest.name() + " " + live);
    }

    @Override
    public void tellGrowing(HandleInfo newest, int live) {
      log.add("told of growing " + newest.name() + " " + live);
    }

    @Override
    public void suspect(Node node, long limitNanos) {
      log.add("suspect " + node.name());
    }

    @Override
    public void leaked(Node node) {
      log.add("leaked " + node.name());
    }

    @Override
    public void dropped(Node node, long closed) {
      log.add("dropped " + node.name() + " " + closed);
    }

    @Override
    public void decoratorFailed(String sentence, @Nullable Throwable cause) {
      log.add(sentence);
    }

    @Override
    public void doubleClosed(Node node, int times) {
      log.add("doubleClosed " + node.name() + " " + times);
    }
  }

  /** An owner that runs closers itself and opens others like it. */
  static final class Owner extends OwnerNode {

    Owner(String name, Root root, boolean isRoot) {
      super(name, Kind.SCOPE, Priority.NORMAL, root, isRoot);
    }

    @Override
    protected void closeEarly(HandleNode<?> node) {
      try {
        node.runCloser();
      } catch (Exception e) {
        throw new AssertionError(e);
      }
      node.over();
    }

    @Override
    public Owner branch(String name, Kind kind, Priority priority) {
      Owner child = new Owner(name, root(), false);
      assertThat(add(child)).isTrue();
      return child;
    }

    @Override
    protected boolean closesScopesFirst() {
      return false;
    }

    Owner child(String name) {
      return branch(name, Kind.SCOPE, Priority.NORMAL);
    }

    HandleNode<String> attach(String name) {
      return attach(name, Kind.RESOURCE, Priority.NORMAL, name, closed -> {});
    }

    boolean move(Node node) {
      return moveHere(node);
    }

    List<Node> close() {
      assertThat(claim()).isTrue();
      return seal();
    }

    void endClose() {
      endedOwner();
    }
  }

  final VirtualScheduler time = new VirtualScheduler();
  final List<String> log = new ArrayList<>();
  final Root root = new Root("app", time, Tracking.SIMPLE, 128, 1_000, 0, null, new Log());
  final Owner top = new Owner("app", root, true);

  TreeTestCase() {
    root.top(top);
  }

  @AfterEach
  void linksAreWhole() {
    TreeCheck.verify(top);
    assertThat(time.describe().lines().skip(1)).isEmpty();
  }

  static List<String> names(List<Node> nodes) {
    return nodes.stream().map(Node::name).toList();
  }
}
