package io.leaksafe.benchmarks;

import io.leaksafe.cleanup.CleanupManager;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.ThreadParams;

/**
 * What is done with a map all the time, beside its peers. Keys are random and distinct, and put in random order: patterned ones
 * would let a hash table get by without collisions. Inserting threads have keys of their own.
 *
 * <pre>{@code
 * java -jar benchmarks/jmh/target/benchmarks.jar MapOperations -t 2 -prof io.leaksafe.benchmarks.CpuTime
 * java -jar benchmarks/jmh/target/benchmarks.jar MapOperations.get$ -p expiry=write,access,entry -p map=bounded,caffeinePool
 * }</pre>
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 3,
    jvmArgsAppend = {"-Xms2g", "-Xmx2g", "-XX:+AlwaysPreTouch"})
public class MapOperations {

  private static final Object VALUE = new Object();

  /** A map with its keys, and the order in which they are asked for. */
  @State(Scope.Benchmark)
  public abstract static class Filled {

    @Param
    public MapPeer map;

    @Param("none")
    public MapPeer.Expiry expiry;

    CleanupManager root;
    Map<Long, Object> subject;
    Long[] keys;
    int[] order;

    abstract int keys();

    abstract int room();

    abstract int[] order(SplittableRandom random);

    @Setup
    public void open() {
      SplittableRandom random = new SplittableRandom(1);
      root = CleanupManager.create("root");
      subject = map.open(root, room(), expiry);
      keys = new Long[keys()];
      for (int i = 0; i < keys.length; i++) {
        keys[i] = scattered(i);
      }
      order = order(random);
      for (int i : shuffled(keys.length, random)) {
        subject.put(keys[i], VALUE);
      }
    }

    @TearDown
    public void close() {
      root.close();
    }

    Long key(Place place) {
      return keys[order[place.next++ & order.length - 1]];
    }
  }

  /** 16,384 keys, all there, asked for in random order. */
  public static class Hits extends Filled {
    @Override
    int keys() {
      return 1 << 14;
    }

    @Override
    int room() {
      return 1 << 15;
    }

    @Override
    int[] order(SplittableRandom random) {
      return shuffled(keys(), random);
    }
  }

  /** 100,000 keys, all there, asked for by Zipf's law. */
  public static class Zipf extends Filled {
    @Override
    int keys() {
      return 100_000;
    }

    @Override
    int room() {
      return 200_000;
    }

    @Override
    int[] order(SplittableRandom random) {
      return zipf(keys(), random);
    }
  }

  /** The same, but there is room for a quarter of them. */
  public static class Quarter extends Zipf {
    @Override
    int room() {
      return keys() / 4;
    }
  }

  /** Full with 50,000 keys; 10,000 others are hot. */
  public static class Churn extends Filled {
    @Override
    int keys() {
      return 50_000;
    }

    @Override
    int room() {
      return 50_000;
    }

    @Override
    int[] order(SplittableRandom random) {
      int[] order = new int[1 << 16];
      for (int i = 0; i < order.length; i++) {
        order[i] = random.nextInt(10_000);
      }
      return order;
    }
  }

  /** Where a thread is in the order, and which keys are its own. */
  @State(Scope.Thread)
  public static class Place {
    int next;
    long fresh;
    int threads;

    @Setup(Level.Trial)
    public void start(ThreadParams thread) {
      start(thread.getThreadIndex(), thread.getThreadCount());
    }

    void start(int thread, int count) {
      threads = count;
      next = (int) scattered(thread) & 0xffff;
      fresh = (1L << 40) + thread;
    }

    Long freshKey() {
      next++;
      fresh += threads;
      return scattered(fresh);
    }
  }

  @Benchmark
  public Object get(Hits filled, Place place) {
    return filled.subject.get(filled.key(place));
  }

  @Benchmark
  public Object zipfGet(Zipf filled, Place place) {
    return filled.subject.get(filled.key(place));
  }

  /** Three reads to a put. */
  @Benchmark
  public Object mix(Quarter filled, Place place) {
    Long key = filled.key(place);
    return (place.next & 3) == 0 ? filled.subject.put(key, VALUE) : filled.subject.get(key);
  }

  @Benchmark
  public Object insertAndEvict(Churn filled, Place place) {
    return filled.subject.put(place.freshKey(), VALUE);
  }

  /** A new key to each read of a hot one. */
  @Benchmark
  public Object halfNew(Churn filled, Place place) {
    return (place.next & 1) == 0
        ? filled.subject.put(place.freshKey(), VALUE)
        : filled.subject.get(filled.key(place));
  }

  @Benchmark
  public Object computeIfAbsent(Zipf filled, Place place) {
    return filled.subject.computeIfAbsent(filled.key(place), key -> VALUE);
  }

  @Benchmark
  public Object overwrite(Hits filled, Place place) {
    return filled.subject.put(filled.key(place), VALUE);
  }

  static long scattered(long number) {
    long z = number + 0x9e3779b97f4a7c15L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  private static int[] shuffled(int length, SplittableRandom random) {
    int[] numbers = new int[length];
    for (int i = 0; i < length; i++) {
      int at = random.nextInt(i + 1);
      numbers[i] = numbers[at];
      numbers[at] = i;
    }
    return numbers;
  }

  /** 2^18 draws by Zipf's law with exponent 1, by inversion of its continuous form. */
  private static int[] zipf(int keys, SplittableRandom random) {
    int[] order = new int[1 << 18];
    for (int i = 0; i < order.length; i++) {
      order[i] = (int) Math.min(keys - 1, Math.pow(keys + 1, random.nextDouble()) - 1);
    }
    return order;
  }
}
