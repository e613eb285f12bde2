package io.leaksafe.testkit.internal.ledger;

import io.leaksafe.internal.check.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.Delayed;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** What waits in executors and timers, and how they are called. */
final class Pools {
  private static final int MOST = 5;

  private Pools() {}

  /** What waits in an executor or timer, one text each; many of them as a count. */
  static List<String> tasks(Object executor) {
    List<String> tasks = new ArrayList<>();
    if (executor instanceof ThreadPoolExecutor pool) {
      for (Object task : pool.getQueue().toArray()) {
        tasks.add(task instanceof Delayed delayed ? task(delayed) : "task");
      }
    } else if (executor instanceof Timer) {
      timerTasks(executor, tasks);
    }
    return tasks.size() <= MOST && !tasks.contains("task")
        ? tasks
        : List.of(Text.count(tasks.size(), "task") + " waiting");
  }

  private static String task(Delayed task) {
    String when = when(task);
    return when.startsWith("every") ? "task " + when : "task, " + when;
  }

  /** {@code every 30 s, next in 29.7 s}. */
  static String when(Delayed task) {
    long left = task.getDelay(TimeUnit.NANOSECONDS);
    String next = left <= 0 ? "due" : "next in " + Words.nanos(left);
    return Peek.field(task, "period") instanceof Long period && period != 0
        ? "every " + Words.nanos(Math.abs(period)) + ", " + next
        : next;
  }

  private static void timerTasks(Object timer, List<String> tasks) {
    if (Peek.field(Peek.field(timer, "queue"), "queue") instanceof Object[] queue) {
      for (Object each : queue) {
        if (each instanceof TimerTask task) {
          long next = task.scheduledExecutionTime() - System.currentTimeMillis();
          Object period = Peek.field(task, "period");
          tasks.add(
              period instanceof Long millis && millis != 0
                  ? "task every " + Words.nanos(TimeUnit.MILLISECONDS.toNanos(Math.abs(millis)))
                  : "task, next in "
                      + Words.nanos(TimeUnit.MILLISECONDS.toNanos(Math.max(0, next))));
        }
      }
    }
  }

  /** How an executor is called that belongs to somebody else. */
  static String name(Object executor) {
    if (executor == ForkJoinPool.commonPool()) {
      return "the common pool";
    }
    String name = executor.getClass().getName();
    return "a shared " + name.substring(name.lastIndexOf('.') + 1);
  }
}
