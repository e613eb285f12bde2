package io.leaksafe.examples.calls;

import io.leaksafe.examples.calls.Webhook.Result;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Knows the state of every call, for as long as it matters: never more than a fixed number of calls, and none that has not
 * changed for longer than the retention, finished or not.
 *
 * <p>There is no timer per call: each call has the time of its last change, and {@link #sweep} drops those whose time is
 * over. Thread-safe; holds its lock for a few map operations only.
 */
final class CallStates {
  /*
   * Both maps are in the order of the last change, oldest first: a call that changes is taken out
   * and put in again at the end. So a sweep stops at the first call that is young enough, and what
   * goes when the maximum is reached is always the first one.
   */
  private final Map<String, Call> pending = new LinkedHashMap<>();
  private final Map<String, Call> finished = new LinkedHashMap<>();
  private final int maximum;
  private final Duration retention;
  private final DailyTracker lines;
  private long expired;
  private long evicted;

  CallStates(int maximum, Duration retention, DailyTracker lines) {
    this.maximum = maximum;
    this.retention = retention;
    this.lines = lines;
  }

  /** What a webhook did: its result, the state of the call from then on, and how it ended if it ended now. */
  record Change(Result result, CallEvent state, boolean ended, CallEvent outcome) {}

  /** How many calls there are, and how many have gone: by time, and because a newer one needed the room. */
  record Figures(int live, int pending, int finished, int maximum, long expired, long evicted) {}

  synchronized Change apply(Webhook webhook, Instant now) {
    Call known = find(webhook.callId());
    if (known == null) {
      return begin(webhook, now);
    }
    if (known.knows(webhook)) {
      return new Change(Result.DUPLICATE, known.state(), false, known.outcome());
    }
    CallEvent before = known.state();
    if (!known.apply(webhook, now)) {
      return new Change(Result.OUT_OF_ORDER, before, false, known.outcome());
    }
    return moved(known, before, now);
  }

  private Change begin(Webhook first, Instant now) {
    if (size() == maximum) {
      evictOldest();
    }
    Call call = new Call(first, now);
    lines.began(call.line(), now);
    return moved(call, CallEvent.QUEUED, now);
  }

  /** Puts a call where it belongs now, and tells its line. */
  private Change moved(Call call, CallEvent before, Instant now) {
    CallEvent state = call.state();
    pending.remove(call.id());
    (state.isFinal() ? finished : pending).put(call.id(), call);
    if (state == CallEvent.TRANSFERRED) {
      lines.transferred(call.line(), now);
    } else if (before.occupiesLine() && !state.occupiesLine()) {
      lines.ended(call.line());
    }
    return new Change(Result.ACCEPTED, state, state.isFinal(), call.outcome());
  }

  /** Drops every call whose last change is longer ago than the retention; returns how many. */
  synchronized int sweep(Instant now) {
    Instant limit = now.minus(retention);
    int dropped = sweep(finished, limit) + sweep(pending, limit);
    expired += dropped;
    return dropped;
  }

  private int sweep(Map<String, Call> calls, Instant limit) {
    int dropped = 0;
    Iterator<Call> oldestFirst = calls.values().iterator();
    while (oldestFirst.hasNext()) {
      Call call = oldestFirst.next();
      if (call.changedAt().isAfter(limit)) {
        break;
      }
      oldestFirst.remove();
      leave(call);
      dropped++;
    }
    return dropped;
  }

  private void evictOldest() {
    Iterator<Call> oldestFirst =
        (finished.isEmpty() ? pending : finished).values().iterator();
    Call oldest = oldestFirst.next();
    oldestFirst.remove();
    leave(oldest);
    evicted++;
  }

  /** A call that goes while it occupies its line frees it: nobody would ever end it any more. */
  private void leave(Call call) {
    if (call.state().occupiesLine()) {
      lines.ended(call.line());
    }
  }

  private @Nullable Call find(String id) {
    Call call = pending.get(id);
    return call != null ? call : finished.get(id);
  }

  private int size() {
    return pending.size() + finished.size();
  }

  synchronized Figures figures() {
    return new Figures(size(), pending.size(), finished.size(), maximum, expired, evicted);
  }
}
