package io.leaksafe.benchmarks;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.locks.LockSupport;

/**
 * Compares timers, or maps, in one JVM by turns: a short slice of ours, a short slice of the peer, and so on. Where JMH's forks
 * one after another differ by half on a shared machine, the ratio of neighbouring slices does not, as far as processor time is
 * concerned.
 *
 * <pre>{@code
 * java -Xms3g -Xmx3g -Xmn1g -XX:+AlwaysPreTouch -cp benchmarks/jmh/target/benchmarks.jar \
 *   io.leaksafe.benchmarks.Alternating schedule 1000000 1
 * }</pre>
 *
 * <p>The first argument is the row. Of timers: {@code schedule}, where each thread cancels its own, {@code elsewhere}, where it
 * cancels another's, {@code later}, {@code fails} or {@code done}, which put a limit on a result. Of maps: {@code get}, {@code
 * zipf}, {@code mix}, {@code insert}, {@code half}, {@code compute} or {@code overwrite}, as in {@link MapOperations}. Then how
 * many timers are pending, or when entries expire ({@code none}, {@code write}, {@code access}, {@code entry}); how many threads
 * there are, and how many slices.
 *
 * <p>Prints for each peer nanoseconds an operation: first quartile and median of the wall time, and the processor time of the
 * threads that work at it, the callers and its own, but not the collector's. The last of these is the ratio of the peer's to
 * ours: above one, ours is the faster.
 */
public final class Alternating {

  private static final int WARM_UP = 40;
  private static final long SLICE_NANOS = 25_000_000;

  /** How long a peer's own thread has for what the callers leave to it. */
  private static final long CATCH_UP_NANOS = 3_000_000;

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private Alternating() {}

  /** What is compared. Each has a loop of its own, so that what one does is not compiled for the other. */
  public interface Subject extends AutoCloseable {
    /** What it is called. */
    String title();

    /** What the names of its threads begin with. */
    String threads();

    /** Does so many operations, as the thread with this index. */
    void run(int thread, int operations) throws Exception;

    @Override
    void close() throws Exception;
  }

  /** As said above. */
  public static void main(String[] args) throws Exception {
    String row = args.length > 0 ? args[0] : "schedule";
    boolean maps = AlternatingMaps.ROWS.contains(row);
    String with = args.length > 1 ? args[1] : maps ? "none" : "1000000";
    int threads = args.length > 2 ? Integer.parseInt(args[2]) : 1;
    int slices = args.length > 3 ? Integer.parseInt(args[3]) : 120;
    System.out.printf("%s, %s, %s, %d threads%n", Runtime.version(), row, with, threads);
    for (String peer : maps ? AlternatingMaps.peersOf(row, with) : AlternatingTimers.peersOf(row)) {
      try (Subject ours = open(maps, row, maps ? "bounded" : "ours", with);
          Subject other = open(maps, row, peer, with)) {
        System.gc(); // what has been pending for a while is old, and is not copied time and again
        compare(ours, other, threads, slices);
      }
    }
  }

  private static Subject open(boolean map, String row, String peer, String with) throws Exception {
    return map
        ? AlternatingMaps.open(row, peer, with)
        : AlternatingTimers.open(row, peer, Integer.parseInt(with));
  }

  private static void compare(Subject ours, Subject other, int threads, int slices)
      throws Exception {
    try (Crew crew = new Crew(threads)) {
      Figures mine = new Figures(ours, crew, slices);
      Figures theirs = new Figures(other, crew, slices);
      for (int i = -WARM_UP; i < slices; i++) {
        mine.slice(i);
        theirs.slice(i);
      }
      mine.sort();
      theirs.sort();
      System.out.printf(
          "  %-30s wall %6.1f %6.1f  cpu %6.1f   ours: wall %6.1f %6.1f  cpu %6.1f   ratio: wall %5.2f %5.2f  cpu %5.2f%n",
          other.title(),
          theirs.wall(4),
          theirs.wall(2),
          theirs.cpu(),
          mine.wall(4),
          mine.wall(2),
          mine.cpu(),
          theirs.wall(4) / mine.wall(4),
          theirs.wall(2) / mine.wall(2),
          theirs.cpu() / mine.cpu());
    }
  }

  /** The slices of one subject. */
  private static final class Figures {
    final Subject subject;
    final Crew crew;
    final double[] wall;
    int operations = 1_000;
    long cpuNanos;
    long all;

    Figures(Subject subject, Crew crew, int slices) {
      this.subject = subject;
      this.crew = crew;
      this.wall = new double[slices];
    }

    void slice(int index) throws Exception {
      long cpu = index < 0 ? 0 : cpuNanos();
      long nanos = crew.run(subject, operations);
      LockSupport.parkNanos(CATCH_UP_NANOS);
      if (index >= 0) {
        cpuNanos += cpuNanos() - cpu;
        wall[index] = (double) nanos / operations;
        all += (long) operations * crew.threads.size();
      } else {
        operations =
            (int) Math.min(1e8, Math.max(1_000, operations * (double) SLICE_NANOS / nanos));
      }
    }

    private long cpuNanos() {
      long sum = 0;
      for (Thread thread : crew.threads) {
        sum += THREADS.getThreadCpuTime(thread.getId());
      }
      for (ThreadInfo info : THREADS.getThreadInfo(THREADS.getAllThreadIds())) {
        if (info != null && info.getThreadName().startsWith(subject.threads())) {
          sum += Math.max(0, THREADS.getThreadCpuTime(info.getThreadId()));
        }
      }
      return sum;
    }

    void sort() {
      Arrays.sort(wall);
    }

    double wall(int part) {
      return wall[wall.length / part];
    }

    double cpu() {
      return (double) cpuNanos / all;
    }
  }

  /** Threads that do a slice at the same time. */
  private static final class Crew implements AutoCloseable {
    final List<Thread> threads = new ArrayList<>();
    private final CyclicBarrier barrier;
    private volatile Subject subject;
    private volatile int operations;
    private volatile Exception failure;

    Crew(int count) {
      barrier = new CyclicBarrier(count + 1);
      for (int i = 0; i < count; i++) {
        int index = i;
        Thread thread = new Thread(() -> work(index), "crew-" + i);
        thread.setDaemon(true);
        thread.start();
        threads.add(thread);
      }
    }

    private void work(int index) {
      try {
        for (barrier.await(); subject != null; barrier.await()) {
          try {
            subject.run(index, operations);
          } catch (Exception e) {
            failure = e;
          }
          barrier.await();
        }
      } catch (Exception interrupted) {
        throw new IllegalStateException(interrupted);
      }
    }

    long run(Subject next, int count) throws Exception {
      subject = next;
      operations = count;
      barrier.await();
      long start = System.nanoTime();
      barrier.await();
      long nanos = System.nanoTime() - start;
      if (failure != null) {
        throw failure;
      }
      return nanos;
    }

    @Override
    public void close() throws Exception {
      subject = null;
      barrier.await();
      for (Thread thread : threads) {
        thread.join();
      }
    }
  }
}
