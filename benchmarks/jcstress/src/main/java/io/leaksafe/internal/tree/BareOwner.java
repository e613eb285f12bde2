package io.leaksafe.internal.tree;

import io.leaksafe.handle.Closer;
import io.leaksafe.handle.HandleInfo;
import io.leaksafe.handle.Kind;
import io.leaksafe.handle.Priority;
import io.leaksafe.handle.Tracking;
import io.leaksafe.time.TimeSource;
import org.jspecify.annotations.Nullable;

/** An owner that closes its handles on the spot and has no threads. */
final class BareOwner extends OwnerNode {

  static final Closer<Object> NOTHING = resource -> {};

  private static final Root SHARED = newRoot(TimeSource.system());

  BareOwner() {
    this(SHARED);
  }

  BareOwner(Root root) {
    super("owner", Kind.SCOPE, Priority.NORMAL, root, true);
  }

  private BareOwner(String name) {
    super(name, Kind.SCOPE, Priority.NORMAL, SHARED, false);
  }

  static Root newRoot(TimeSource time) {
    return new Root("stress", time, Tracking.DISABLED, 1, 1_000, 0, null, new Silence());
  }

  /** A handle that nobody owns yet. */
  static HandleNode<Object> handle(String name) {
    return handle(name, NOTHING);
  }

  static HandleNode<Object> handle(String name, Closer<Object> closer) {
    return new HandleNode<>(
        name, Kind.RESOURCE, Priority.NORMAL, false, SHARED, new Object(), closer);
  }

  @Override
  protected void closeEarly(HandleNode<?> node) {
    try {
      node.runCloser();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
    node.over();
  }

  @Override
  public BareOwner branch(String name, Kind kind, Priority priority) {
    BareOwner child = new BareOwner(name);
    if (!add(child)) {
      throw lateException(name);
    }
    return child;
  }

  BareOwner branch() {
    return branch("child", Kind.SCOPE, Priority.NORMAL);
  }

  @Override
  protected boolean closesScopesFirst() {
    return false;
  }

  private static final class Silence implements Events {
    @Override
    public boolean listening() {
      return false;
    }

    @Override
    public void opened(Node node) {}

    @Override
    public void closed(Node node) {}

    @Override
    public void growing(HandleInfo newest, int live) {}

    @Override
    public void tellGrowing(HandleInfo newest, int live) {}

    @Override
    public void suspect(Node node, long limitNanos) {}

    @Override
    public void leaked(Node node) {}

    @Override
    public void dropped(Node node, long closed) {}

    @Override
    public void decoratorFailed(String sentence, @Nullable Throwable cause) {}

    @Override
    public void doubleClosed(Node node, int times) {}
  }
}
