package io.leaksafe.cleanup;

import io.leaksafe.cleanup.CloseReport.Entry;
import io.leaksafe.cleanup.CloseReport.Outcome;
import io.leaksafe.internal.tree.HandleNode;
import io.leaksafe.internal.tree.Node;
import io.leaksafe.internal.tree.Waiting;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The closing of one handle, or of one scope as a whole, within a run. Guarded by the run's lock. */
final class Step {
  /*
   * RUNNING ──due──> INTERRUPTING ──interrupted──> INTERRUPTED ──due──> GIVEN_UP
   *    └───────────────────────────────────────────────┴────────────────────┴──── closer ended ───> OVER
   *
   * In INTERRUPTING the watcher is about to interrupt the thread and does not hold the lock. A closer that ends meanwhile
   * waits until that has happened, so that no interrupt is left over to hit the next closer or the caller.
   */
  enum Phase {
    RUNNING,
    INTERRUPTING,
    INTERRUPTED,
    GIVEN_UP,
    OVER
  }

  final Node node;
  final Thread thread;
  final long startedAt;

  /** Set if this run closes it; otherwise another thread does, and this run waits for that. */
  final @Nullable HandleNode<?> ours;

  final @Nullable Waiting waiting;
  Phase phase = Phase.RUNNING;
  Outcome outcome = Outcome.PENDING;
  long shareNanos;
  long due;
  long tookNanos;

  @Nullable
  Throwable error;

  List<StackTraceElement> stuckAt = List.of();

  /** The one that was begun next in its run. */
  @Nullable
  Step next;

  Step(Node node, @Nullable HandleNode<?> ours, long startedAt) {
    this.node = node;
    this.ours = ours;
    this.waiting = ours == null ? null : ours.waiting();
    this.thread = Thread.currentThread();
    this.startedAt = startedAt;
  }

  /** A closing that ended without this run having anything to do. */
  static Step over(Node node, long startedAt, long now) {
    Step step = new Step(node, null, startedAt);
    step.over(Outcome.CLOSED, null, now);
    return step;
  }

  /** What a report says of a node whose turn has not come. */
  static Entry ahead(Node node, long now) {
    return new Entry(node.info(now), Outcome.PENDING, Duration.ZERO, null, List.of());
  }

  /** Ends it. */
  void over(Outcome how, @Nullable Throwable failure, long now) {
    phase = Phase.OVER;
    outcome = how;
    error = failure;
    tookNanos = now - startedAt;
  }

  /** The thread whose stack tells where it is stuck. */
  Thread laggard() {
    Thread awaited = waiting == null ? null : waiting.waitsFor();
    return awaited == null ? thread : awaited;
  }

  Entry entry(long now) {
    long took = phase == Phase.OVER ? tookNanos : now - startedAt;
    return new Entry(node.info(startedAt), outcome, Duration.ofNanos(took), error, stuckAt);
  }
}
