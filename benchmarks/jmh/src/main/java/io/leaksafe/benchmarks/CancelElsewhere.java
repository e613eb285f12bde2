package io.leaksafe.benchmarks;

import io.leaksafe.handle.Action;
import io.leaksafe.handle.Handle;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Two threads schedule tasks and cancel each other's: as where one thread sends a request and another gets the answer. Print
 * the {@code floor}, which only passes objects to and fro, and compare forks in which it is alike: on a shared machine two
 * cores are near to each other in one process and far apart in the next.
 *
 * <pre>{@code
 * java -jar benchmarks/jmh/target/benchmarks.jar CancelElsewhere -p pending=1000000
 * }</pre>
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Threads(2)
@Fork(
    value = 3,
    jvmArgsAppend = {"-Xms3g", "-Xmx3g", "-Xmn512m", "-XX:+AlwaysPreTouch"})
public class CancelElsewhere {

  private static final int PLACES = 1 << 10;
  private static final int APART = 16;

  /** Where what one thread made waits for the other: each takes what is there and leaves what it made. */
  @State(Scope.Benchmark)
  public static class Exchange {
    final AtomicReferenceArray<Object> places = new AtomicReferenceArray<>(PLACES * APART);
  }

  /** How far a thread is: the second is half a round behind the first. */
  @State(Scope.Thread)
  public static class Turn {
    private int next;

    @Setup
    public void begin(org.openjdk.jmh.infra.ThreadParams threads) {
      next = threads.getThreadIndex() * PLACES / threads.getThreadCount();
    }

    <T> Object pass(Exchange exchange, Supplier<T> make, Consumer<Object> cancel) {
      Object mine = make.get();
      Object theirs = exchange.places.getAndSet((next++ & PLACES - 1) * APART, mine);
      if (theirs != null) {
        cancel.accept(theirs);
      }
      return mine;
    }
  }

  private static final Action ACTION = () -> {};
  private static final Runnable TASK = () -> {};

  @Benchmark
  public Object floor(Exchange exchange, Turn turn, ScheduleAndCancel.Delays delays) {
    return turn.pass(
        exchange,
        () -> {
          long now = System.nanoTime();
          return new ScheduleAndCancel.Floor(now + delays.duration().toNanos(), now, ACTION);
        },
        theirs -> {});
  }

  @Benchmark
  public Object managedScheduler(
      Exchange exchange, Turn turn, ScheduleAndCancel.Ours ours, ScheduleAndCancel.Delays delays) {
    return turn.pass(
        exchange,
        () -> ours.scheduler.after(delays.duration(), ACTION),
        theirs -> ((Handle<?>) theirs).close());
  }

  @Benchmark
  public Object scheduledThreadPoolRemoveOnCancel(
      Exchange exchange, Turn turn, ScheduleAndCancel.Stpe stpe, ScheduleAndCancel.Delays delays) {
    return turn.pass(
        exchange,
        () -> stpe.pool.schedule(TASK, delays.millis(), TimeUnit.MILLISECONDS),
        theirs -> ((Future<?>) theirs).cancel(false));
  }

  @Benchmark
  public Object nettyWheel(
      Exchange exchange,
      Turn turn,
      ScheduleAndCancel.NettyWheel netty,
      ScheduleAndCancel.Delays delays) {
    return turn.pass(
        exchange,
        () -> netty.timer.newTimeout(ignored -> {}, delays.millis(), TimeUnit.MILLISECONDS),
        theirs -> ((io.netty.util.Timeout) theirs).cancel());
  }

  @Benchmark
  public Object forkJoinPool(
      Exchange exchange,
      Turn turn,
      ScheduleAndCancel.ForkJoin fork,
      ScheduleAndCancel.Delays delays) {
    return turn.pass(
        exchange,
        () -> fork.scheduler.schedule(TASK, delays.millis(), TimeUnit.MILLISECONDS),
        theirs -> ((Future<?>) theirs).cancel(false));
  }
}
