package io.leaksafe.retry;

import io.leaksafe.internal.check.Text;
import io.leaksafe.internal.tree.OwnedTimer;
import io.leaksafe.internal.tree.OwnedTimers;
import java.util.Map;

/** A wait between attempts, or the limit of a whole run. */
abstract class RetryTimer extends OwnedTimer {

  private static final long LONGEST_NANOS = Long.MAX_VALUE / 4;

  private final String name;
  private final String word;
  private final long nanos;

  /** Makes one that is not pending; the word stands before what is left of it in a listing. */
  RetryTimer(OwnedTimers owner, String name, String word, long nanos, long now) {
    super(owner, now);
    this.name = name;
    this.word = word;
    this.nanos = Math.min(nanos, LONGEST_NANOS);
  }

  /** Makes it pending; false if the owner is closed, so that it never will be. */
  final boolean begin(long now) {
    return owner().schedule(this, now + nanos);
  }

  /** Keeps it from firing. */
  void end() {
    owner().cancel(this);
  }

  @Override
  protected final String name() {
    return name;
  }

  @Override
  protected final Map<String, String> details(long now) {
    return Map.of(word, Text.duration(Math.max(0, due() - now)));
  }
}
