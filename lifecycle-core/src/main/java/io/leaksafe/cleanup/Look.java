package io.leaksafe.cleanup;

import io.leaksafe.cleanup.CloseReport.Entry;
import io.leaksafe.cleanup.CloseReport.Outcome;
import io.leaksafe.internal.check.Check;
import io.leaksafe.internal.tree.Node;
import java.util.ArrayList;
import java.util.List;

/** One look at a run for closers whose share is over, and what is done about them. Used once, by one thread. */
final class Look {

  private final CloseRun run;
  private final List<Cursor> overdue = new ArrayList<>();
  private final List<Cursor> hung = new ArrayList<>();
  private final List<Entry> givenUp = new ArrayList<>();

  Look(CloseRun run) {
    this.run = run;
  }

  /** Under the run's lock: finds what is overdue and what is hung, and notes it; returns when the next one will be. */
  long take(long now) {
    long next = now + Shares.LONGEST_LOOK_NANOS;
    for (Cursor cursor = run.walk.first(); cursor != null; cursor = cursor.next) {
      Step step = cursor.step;
      if (step == null || step.phase == Step.Phase.INTERRUPTING) {
        continue;
      }
      boolean inVain = step.ours != null && run.root.waitsFor(step.thread, step.node);
      if (step.due - now > 0 && !inVain) {
        next = step.due - next < 0 ? step.due : next;
      } else if (step.phase == Step.Phase.RUNNING && !inVain) {
        step.phase = Step.Phase.INTERRUPTING;
        run.shares.overrun();
        overdue.add(cursor);
      } else {
        step.phase = Step.Phase.GIVEN_UP;
        step.outcome = Outcome.HUNG;
        cursor.step = null;
        run.steps.changed();
        hung.add(cursor);
        givenUp.add(step.entry(now));
      }
    }
    return next;
  }

  /** Without the lock: interrupts what is overdue, and has others go on where a closer hangs. */
  void act() {
    for (Cursor cursor : overdue) {
      interrupt(Check.notNull(cursor.step, "step"));
    }
    for (Cursor cursor : hung) {
      if (!run.startRunner(cursor)) {
        cursor.workFromNow();
      }
    }
    givenUp.forEach(run.announcer::ended);
  }

  private void interrupt(Step step) {
    step.stuckAt = Node.userFrames(step.laggard());
    run.announcer.overdue(run.entry(step));
    step.thread.interrupt();
    run.lock.lock();
    try {
      step.due = run.root.time.nanoTime() + Shares.grace(step.shareNanos);
      step.phase = Step.Phase.INTERRUPTED;
      run.dueAgain(step.due);
    } finally {
      run.lock.unlock();
    }
    run.root.time.unpark(step.thread);
  }
}
