package io.leaksafe.cleanup;

import io.leaksafe.handle.Closer;
import io.leaksafe.internal.check.Check;
import io.leaksafe.internal.check.Text;
import java.time.Duration;
import java.util.List;
import java.util.Timer;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.ObjIntConsumer;

/**
 * Closers for what people own that has no good {@code close()}: for use with {@link Scope#register} and {@link Scope#open}.
 *
 * <p>Each first asks politely and waits. When its share of the time is over it is interrupted; then it insists, and fails if
 * that does not help either.
 */
public final class Closers {

  private static final long INSIST_MILLIS = 25;

  private Closers() {}

  /**
   * Shuts an executor down and waits for its tasks; when interrupted, interrupts them and drops those that have not begun.
   *
   * @return a closer that fails if tasks are still running after that, or some were dropped
   */
  public static Closer<ExecutorService> executor() {
    return executor -> {
      executor.shutdown();
      try {
        executor.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
      } catch (InterruptedException shareIsOver) {
        List<Runnable> dropped = executor.shutdownNow();
        boolean ended = executor.awaitTermination(INSIST_MILLIS, TimeUnit.MILLISECONDS);
        if (!ended || !dropped.isEmpty()) {
          throw new IllegalStateException(
              executor + (ended ? " has ended" : " still runs tasks that ignore " + "interrupts")
                  + "; " + dropped.size() + " tasks that had not begun were dropped.");
        }
        throw shareIsOver;
      }
    };
  }

  /**
   * Interrupts a thread and waits until it has ended.
   *
   * @return a closer that fails if the thread ignores the interrupt for longer than its share
   */
  public static Closer<Thread> thread() {
    return thread -> {
      thread.interrupt();
      if (thread != Thread.currentThread()) {
        thread.join();
      }
    };
  }

  /**
   * Asks a process to end and waits until it has; when interrupted, kills it.
   *
   * @return a closer that returns when the process has ended
   */
  public static Closer<Process> process() {
    return process -> {
      process.destroy();
      try {
        process.waitFor();
      } catch (InterruptedException shareIsOver) {
        if (!process.destroyForcibly().waitFor(INSIST_MILLIS, TimeUnit.MILLISECONDS)) {
          throw new IllegalStateException(
              "Process " + process.pid() + " has not ended though it was killed.");
        }
        throw shareIsOver;
      }
    };
  }

  /**
   * Cancels a {@link Timer} with all its tasks. A task that is running goes on: the class has no way to wait for it. A
   * managed scheduler does wait.
   *
   * @return a closer that returns at once
   */
  public static Closer<Timer> timer() {
    return Timer::cancel;
  }

  /**
   * Stops something that takes the longest wait in whole seconds, such as {@code com.sun.net.httpserver.HttpServer::stop}.
   *
   * @param stop  stops it, given the seconds
   * @param delay how long it may wait for what is under way; rounded up to seconds, zero or more
   * @param <T>   what is stopped
   * @return a closer that calls it
   * @throws IllegalArgumentException if the delay is negative or more than 2,147,483,647 s
   */
  public static <T> Closer<T> stop(ObjIntConsumer<? super T> stop, Duration delay) {
    Check.notNull(stop, "stop");
    if (Check.notNull(delay, "delay").isNegative()
        || delay.compareTo(Duration.ofSeconds(Integer.MAX_VALUE)) > 0) {
      throw new IllegalArgumentException(
          "delay must be from zero to 2,147,483,647 s, was " + Text.duration(delay) + ".");
    }
    int seconds = (int) Math.min(Integer.MAX_VALUE, delay.plusNanos(999_999_999).toSeconds());
    return resource -> stop.accept(resource, seconds);
  }
}
