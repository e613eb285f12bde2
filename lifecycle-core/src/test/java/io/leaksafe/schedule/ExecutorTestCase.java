package io.leaksafe.schedule;

import static java.time.Duration.ofMillis;

import io.leaksafe.handle.HandleInfo;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;

/** An executor over the scheduler of each test. */
abstract class ExecutorTestCase extends SchedulerTestCase {

  final ScheduledExecutorService executor = timers.asScheduledExecutorService();

  /** A task that logs its name. */
  final Runnable runs(String name) {
    return () -> log(name);
  }

  /** A task that logs its begin and its end, and ignores interrupts in between. */
  final Runnable lasts(String name, long millis) {
    return () -> {
      log(name + " begins");
      time.sleepUninterruptibly(ofMillis(millis));
      log(name + " ends");
    };
  }

  /** How many tasks the executor's handle says it has; zero if it is not listed. */
  final int tasks() {
    return listed().map(info -> Integer.parseInt(info.details().get("tasks"))).orElse(0);
  }

  final boolean isListed() {
    return listed().isPresent();
  }

  private Optional<HandleInfo> listed() {
    return app.handles().stream()
        .filter(handle -> handle.name().equals("executor-1"))
        .findFirst();
  }
}
