package io.leaksafe.internal.tree;

import io.leaksafe.handle.HandleInfo;
import io.leaksafe.handle.Priority;
import io.leaksafe.handle.Tracking;
import io.leaksafe.internal.timer.Timer;
import io.leaksafe.internal.timer.TimerGroup;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A pending timer that is no node of the tree: there may be a million of them. */
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

  /** A copy of all that is known about it, at the given time of the monotonic clock. */
  public final HandleInfo info(long now) {
    return new HandleInfo(
        owner.node().path() + "/" + name(),
        name(),
        owner.kind(),
        Priority.EARLY,
        owner.root().instantOf(openedAt),
        Duration.ofNanos(now - openedAt),
        openedBy,
        List.of(),
        details(now));
  }
}
