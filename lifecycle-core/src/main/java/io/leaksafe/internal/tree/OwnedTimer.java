package io.leaksafe.internal.tree;

import io.leaksafe.handle.HandleInfo;
import io.leaksafe.handle.Priority;
import io.leaksafe.handle.Tracking;
import io.leaksafe.internal.timer.Timer;
import io.leaksafe.internal.timer.TimerGroup;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A pending timer that is no node of the tree: there may be a million of them. With one reference more it has 48 bytes. */
public abstract class OwnedTimer extends Timer {

  private final OwnedTimers owner;
  private final String openedBy;
  private final long openedAt;

  /** Opens one that is not pending yet, at the given time of the monotonic clock. */
  protected OwnedTimer(OwnedTimers owner, long now) {
    this.owner = owner;
    this.openedBy = owner.root().tracking == Tracking.DISABLED ? "" : Node.opener();
    this.openedAt = now;
  }

  @Override
  protected final TimerGroup timers() {
    return owner.group;
  }

  /** What listings call it. */
  protected abstract String name();

  /** What listings say of it beyond the rest, at the given time of the monotonic clock. */
  protected abstract Map<String, String> details(long now);

  /** Those it belongs to. */
  protected final OwnedTimers owner() {
    return owner;
  }

  final String openedBy() {
    return openedBy;
  }

  /** When it was opened, by the monotonic clock. */
  protected final long openedAt() {
    return openedAt;
  }

  /** A copy of all that is known about it now. */
  public HandleInfo info() {
    return info(owner.root().time.nanoTime());
  }

  /** As {@link #info()}, at the given time of the monotonic clock. */
  final HandleInfo info(long now) {
    return info(now, List.of());
  }

  final HandleInfo info(long now, List<StackTraceElement> origin) {
    return new HandleInfo(
        path(),
        name(),
        owner.kind(),
        Priority.EARLY,
        owner.root().instantOf(openedAt),
        Duration.ofNanos(now - openedAt),
        openedBy,
        origin,
        details(now));
  }

  /** The names from the root down, joined by slashes. */
  protected final String path() {
    return owner.node().path() + "/" + name();
  }
}
