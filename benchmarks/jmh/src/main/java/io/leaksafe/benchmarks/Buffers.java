package io.leaksafe.benchmarks;

import com.google.common.collect.EvictingQueue;
import com.google.common.collect.Queues;
import io.leaksafe.buffer.BoundedBuffer;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.TimeUnit;
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
 * Adds to a full history of 50, and offers to and polls from a queue of 1,024.
 *
 * <pre>{@code
 * java -jar benchmarks/jmh/target/benchmarks.jar Buffers -prof gc
 * }</pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 3,
    jvmArgsAppend = {"-Xms1g", "-Xmx1g", "-XX:+AlwaysPreTouch"})
public class Buffers {

  private static final int HISTORY = 50;
  private static final int QUEUE = 1_024;
  private static final Object ELEMENT = new Object();

  private final BoundedBuffer<Object> history = BoundedBuffer.keepLast(HISTORY);
  private final BoundedBuffer<Object> weighed = BoundedBuffer.keepLast(HISTORY, any -> 1L);
  private final Queue<Object> evicting = Queues.synchronizedQueue(EvictingQueue.create(HISTORY));
  private final ConcurrentLinkedDeque<Object> byHand = new ConcurrentLinkedDeque<>();
  private final BoundedBuffer<Object> queue = BoundedBuffer.rejecting(QUEUE);
  private final ArrayBlockingQueue<Object> blocking = new ArrayBlockingQueue<>(QUEUE);

  @Setup
  public void fill() {
    for (int i = 0; i < HISTORY; i++) {
      history.offer(ELEMENT);
      weighed.offer(ELEMENT);
      evicting.add(ELEMENT);
      byHand.addLast(ELEMENT);
    }
  }

  @Benchmark
  public boolean keepLast() {
    return history.offer(ELEMENT);
  }

  @Benchmark
  public boolean keepLastWeighed() {
    return weighed.offer(ELEMENT);
  }

  @Benchmark
  public boolean guavaEvictingQueue() {
    return evicting.offer(ELEMENT);
  }

  /** What is written by hand: add one, drop one. */
  @Benchmark
  public Object concurrentDeque() {
    byHand.addLast(ELEMENT);
    return byHand.pollFirst();
  }

  @Benchmark
  public Object rejecting() {
    queue.offer(ELEMENT);
    return queue.poll();
  }

  @Benchmark
  public Object arrayBlockingQueue() {
    blocking.offer(ELEMENT);
    return blocking.poll();
  }

  @Benchmark
  @Threads(2)
  public Object rejectingByTwo() {
    queue.offer(ELEMENT);
    return queue.poll();
  }

  @Benchmark
  @Threads(2)
  public Object arrayBlockingQueueByTwo() {
    blocking.offer(ELEMENT);
    return blocking.poll();
  }
}
