package io.leaksafe.cleanup;

import io.leaksafe.cleanup.CloseReport.Entry;
import io.leaksafe.cleanup.CloseReport.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a run has closed and is closing, in closing order. Guarded by the run's lock.
 *
 * <p>A scope answers for what stands below it; the run's own scope for all that the run came to, also where that stands
 * elsewhere, as the views of a scheduler do.
 */
final class Steps {

  /** The first of a chain, and the last. */
  private @Nullable Step first;

  private @Nullable Step last;

  /** The report of the run's own scope, for as long as nothing changes. */
  private @Nullable CloseReport cached;

  void add(Step step) {
    if (last == null) {
      first = step;
    } else {
      last.next = step;
    }
    last = step;
    cached = null;
  }

  /** Notes that a step, or the run, is not what it was. */
  void changed() {
    cached = null;
  }

  /** Whether the thread runs a closer of something in the given scope. */
  boolean anyRunBy(Thread thread, TreeScope within) {
    return any(step -> step.thread == thread
        && step.ours != null
        && step.phase != Step.Phase.OVER
        && step.node.isWithin(within));
  }

  /** Whether a handle in the given scope is being closed or waited for. */
  boolean anyUnderWay(TreeScope within) {
    return any(step -> step.phase != Step.Phase.OVER
        && step.phase != Step.Phase.GIVEN_UP
        && step.node.isWithin(within));
  }

  private boolean any(Predicate<Step> wanted) {
    for (Step step = first; step != null; step = step.next) {
      if (wanted.test(step)) {
        return true;
      }
    }
    return false;
  }

  /** Whether everything that a scope answers for closed as it should. */
  boolean allClosed(TreeScope of, boolean own) {
    for (Step step = first; step != null; step = step.next) {
      if (step.outcome != Outcome.CLOSED && (own || step.node.isWithin(of))) {
        return false;
      }
    }
    return true;
  }

  /** Writes down what there is to say of a scope, of which the walk still knows what lies ahead. */
  CloseReport report(
      TreeScope of,
      boolean own,
      boolean through,
      Instant startedAt,
      long took,
      Walk walk,
      long now) {
    CloseReport known = cached;
    if (own && known != null) {
      return known;
    }
    List<Entry> entries = new ArrayList<>();
    for (Step step = first; step != null; step = step.next) {
      if (step.node != of && (own || step.node.isWithin(of))) {
        entries.add(step.entry(now));
      }
    }
    walk.ahead(node -> {
      if (node != of && (own || node.isWithin(of))) {
        entries.add(Step.ahead(node, now));
      }
    });
    boolean complete = through && entries.stream().noneMatch(Entry::live);
    CloseReport report = new CloseReport(
        of.path(), startedAt, Duration.ofNanos(took), complete, List.copyOf(entries));
    cached = own && through ? report : known;
    return report;
  }
}
