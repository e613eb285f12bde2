package io.leaksafe.timeout;

import io.leaksafe.handle.ClosedScopeException;
import io.leaksafe.internal.check.Text;
import io.leaksafe.internal.tree.OwnedTimer;
import io.leaksafe.internal.tree.OwnedTimers;
import io.leaksafe.internal.tree.OwnerNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeoutException;

/** The timer behind a timeout: what listings say of it, and what is said when it is over. */
abstract class Limit extends OwnedTimer {

  /** Due times are kept within a range in which differences do not overflow; what lies beyond is never due. */
  private static final long LONGEST_NANOS = Long.MAX_VALUE / 4;

  private final String name;

  Limit(OwnedTimers owner, String name, long now) {
    super(owner, now);
    this.name = name;
  }

  /** Makes it pending; false if the owner is closed, so that it never will be. */
  final boolean begin(long nanos) {
    return owner().schedule(this, openedAt() + Math.min(nanos, LONGEST_NANOS));
  }

  private long nanos() {
    return due() - openedAt();
  }

  /** Keeps it from firing. */
  final void end() {
    owner().cancel(this);
  }

  @Override
  protected final String name() {
    return name;
  }

  @Override
  protected final Map<String, String> details(long now) {
    Map<String, String> details = new LinkedHashMap<>();
    long nanos = nanos();
    if (nanos == LONGEST_NANOS) {
      details.put("limit", "none");
    } else {
      details.put("limit", Text.duration(nanos));
      details.put("left", Text.duration(Math.max(0, due() - now)));
    }
    return details;
  }

  // ---- the end, on a thread that may run what is a user's

  @Override
  protected final void fire() {
    owner().root().engine.complete(this::timedOut);
  }

  @Override
  protected void abandoned() {
    owner().root().engine.complete(this::ownerCloses);
  }

  /** Its time is up. */
  abstract void timedOut();

  /** Its owner closes, or has closed. */
  abstract void ownerCloses();

  // ---- words

  final TimeoutException timeout(String whatWasDone) {
    return new TimeoutException("'" + path() + "' was not done after "
        + Text.duration(nanos()) + "; it was " + whatWasDone
        + ". Raise the limit, or find out what it waits for.");
  }

  static TimeoutException noTime(OwnerNode owner, String name, long nanos) {
    return new TimeoutException("'" + owner.path() + "/" + name
        + "' was not started, since its limit of " + Text.duration(nanos)
        + " leaves it no time. Begin earlier, or raise the limit.");
  }

  final ClosedScopeException closing(String whatWasDone) {
    OwnerNode owner = owner().node();
    long after = owner.root().time.nanoTime() - openedAt();
    return new ClosedScopeException("'" + owner.path() + "' is "
        + (owner.isClosed() ? "closed" : "closing") + "; '" + name + "' was " + whatWasDone
        + " after " + Text.duration(after)
        + ". Let it end before close(), or give it an owner that lives longer.");
  }

  static ClosedScopeException closed(OwnerNode owner, String name) {
    return new ClosedScopeException("'" + owner.path() + "' is closed; '" + name
        + "' was not waited for. Begin before close(), or give it an owner that lives longer.");
  }
}
