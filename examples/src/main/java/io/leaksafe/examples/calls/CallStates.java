package io.leaksafe.examples.calls;

import io.leaksafe.cleanup.Scope;
import io.leaksafe.examples.calls.Webhook.Result;
import io.leaksafe.map.BoundedMap;
import io.leaksafe.map.RemovalCause;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Knows the state of every call, for as long as it matters: never more than a fixed number of calls under way, and as many
 * that are finished, and none that has not changed for longer than the retention.
 *
 * <p>There is no timer per call: each is an entry that expires, and when the maximum is reached, the one unchanged for longest
 * goes. Thread-safe.
 */
final class CallStates {
  /*
   * A call that changes is taken out and put in again, so that it counts as new. Whoever takes it out owns it: if its time was
   * over just then, the map had it, and has told of it. Calls leave by time on other threads, so the listeners take the lock.
   *
   * Figures are also asked for when the maps have closed with their owner, so they do not ask them.
   */
  private final BoundedMap<String, Call> pending;
  private final BoundedMap<String, Call> finished;
  private final int maximum;
  private final DailyTracker lines;
  private int pendingNow;
  private int finishedNow;
  private long expired;
  private long evicted;

  CallStates(Scope owner, int maximum, Duration retention, DailyTracker lines) {
    this.maximum = maximum;
    this.lines = lines;
    pending = BoundedMap.<String, Call>in(owner, "pending calls")
        .maximumSize(maximum)
        .expireAfterWrite(retention)
        .onRemoval(this::pendingLeft)
        .build();
    finished = BoundedMap.<String, Call>in(owner, "finished calls")
        .maximumSize(maximum)
        .expireAfterWrite(retention)
        .onRemoval(this::finishedLeft)
        .build();
  }

  /** What a webhook did: its result, the state of the call from then on, and how it ended if it ended now. */
  record Change(Result result, CallEvent state, boolean ended, CallEvent outcome) {}

  /**
   * How many calls there are, the most that may be pending and as many finished, and how many have gone: by time, and because a
   * newer one needed the room.
   */
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
    if (!webhook.event().follows(before)) {
      known.note(webhook);
      return new Change(Result.OUT_OF_ORDER, before, false, known.outcome());
    }
    if (!pending.remove(known.id(), known)) {
      return begin(webhook, now); // its time was over just now
    }
    pendingNow--;
    known.moveTo(webhook);
    place(known);
    return moved(known, before, now);
  }

  private Change begin(Webhook first, Instant now) {
    Call call = new Call(first);
    place(call); // first, so that a call that goes for it has freed its line
    lines.began(call.line());
    return moved(call, CallEvent.QUEUED, now);
  }

  /** Puts a call where it belongs now. */
  private void place(Call call) {
    if (call.state().isFinal()) {
      finishedNow++;
      finished.put(call.id(), call);
    } else {
      pendingNow++;
      pending.put(call.id(), call);
    }
  }

  /** Tells the line of a call what became of it. */
  private Change moved(Call call, CallEvent before, Instant now) {
    CallEvent state = call.state();
    if (state == CallEvent.TRANSFERRED) {
      lines.transferred(call.line(), now);
    } else if (before.occupiesLine() && !state.occupiesLine()) {
      lines.ended(call.line());
    }
    return new Change(Result.ACCEPTED, state, state.isFinal(), call.outcome());
  }

  /** A call that goes while it occupies its line frees it: nobody would ever end it any more. */
  private synchronized void pendingLeft(String id, Call call, RemovalCause cause) {
    if (wentByItself(cause)) {
      pendingNow--;
      if (call.state().occupiesLine()) {
        lines.ended(call.line());
      }
    }
  }

  private synchronized void finishedLeft(String id, Call call, RemovalCause cause) {
    if (wentByItself(cause)) {
      finishedNow--;
    }
  }

  private boolean wentByItself(RemovalCause cause) {
    switch (cause) {
      case EXPIRED -> expired++;
      case EVICTED -> evicted++;
      default -> {
        return false; // taken out to be changed, or closed
      }
    }
    return true;
  }

  private @Nullable Call find(String id) {
    Call call = pending.get(id);
    return call != null ? call : finished.get(id);
  }

  synchronized Figures figures() {
    return new Figures(
        pendingNow + finishedNow, pendingNow, finishedNow, maximum, expired, evicted);
  }
}
