package io.leaksafe.testkit.internal.ledger;

import io.leaksafe.cleanup.CleanupManager;
import io.leaksafe.cleanup.Scope;
import io.leaksafe.handle.HandleInfo;
import io.leaksafe.internal.check.Text;
import io.leaksafe.internal.watch.RootWatch;
import io.leaksafe.testkit.leak.Leak;
import io.leaksafe.testkit.leak.LeakKind;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.BiConsumer;

/**
 * Enters every manager of this library into the ledger, exactly, with and without the agent: each says itself when it is made
 * and when its close is through.
 *
 * <p>A manager is referenced from here until it has closed or its owner was judged, unlike all else in the ledger: one that
 * nobody else refers to is not closed, either, and has handles to name. Thread-safe.
 */
final class OwnManagers implements RootWatch.Watcher {

  /** As many handles of one manager are named. */
  private static final int NAMED = 10;

  private final Ledger ledger;
  private final BiConsumer<Object, Object> made;
  private final BiConsumer<Object, Object> closed;
  private final ConcurrentMap<CleanupManager, Owner> open = new ConcurrentHashMap<>();

  OwnManagers(Ledger ledger, Recorder recorder) {
    this.ledger = ledger;
    this.made = recorder.sink("manager");
    this.closed = recorder.sink("closed");
  }

  @Override
  public void made(Object root) {
    Owner owner = ledger.currentOwner();
    if (owner != null && root instanceof CleanupManager manager) {
      open.put(manager, owner);
      made.accept(root, "");
    }
  }

  @Override
  public void ended(Object root) {
    if (root instanceof CleanupManager manager && isOver(manager)) {
      open.remove(manager);
      closed.accept(root, "");
    }
  }

  /** Whether it holds nothing: it closed with nothing left, or nothing was ever opened in it, or all of that has ended. */
  static boolean isOver(CleanupManager manager) {
    return manager.state() != Scope.State.CLOSING && manager.handles().isEmpty();
  }

  /** Drops what an owner has made. */
  void forget(Owner owner) {
    open.values().removeIf(each -> each == owner);
  }

  static String state(CleanupManager manager) {
    return switch (manager.state()) {
      case OPEN -> "never closed";
      case CLOSING -> "still closing";
      case CLOSED ->
        "closed, with " + Text.count(manager.handles().size(), "handle") + " still live";
    };
  }

  /** Whether a thread of which nothing more is known is a manager's own, by its name. */
  static boolean isThreadOf(Leak manager, Leak thread) {
    String name = manager.name();
    return manager.kind() == LeakKind.CLEANUP_MANAGER
        && thread.kind() == LeakKind.THREAD
        && thread.name().startsWith(name.substring(0, name.length() - 1) + "-");
  }

  /** The live handles with their kinds and openers; of very many the first in closing order. */
  static List<String> holds(CleanupManager manager) {
    List<HandleInfo> handles = manager.handles();
    List<String> texts = new ArrayList<>();
    for (HandleInfo each : handles.subList(0, Math.min(NAMED, handles.size()))) {
      StringBuilder text = new StringBuilder(each.path()).append(' ').append(each.kind());
      each.details()
          .forEach((key, value) -> text.append(' ').append(key).append(' ').append(value));
      texts.add(text.append(' ').append(each.opening()).toString());
    }
    if (handles.size() > NAMED) {
      texts.add("and " + Text.count(handles.size() - NAMED) + " more");
    }
    return texts;
  }
}
