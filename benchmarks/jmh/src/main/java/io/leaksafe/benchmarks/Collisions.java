package io.leaksafe.benchmarks;

import com.github.benmanes.caffeine.cache.Caffeine;
import io.leaksafe.cleanup.CleanupManager;
import io.leaksafe.map.BoundedMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;

/** What a map makes of ten thousand keys whose hash codes are all equal; a part of {@link MapFacts}. */
final class Collisions {

  private static final int KEYS = 10_000;
  private static final int ROUNDS = 3;
  private static final Object VALUE = new Object();

  private Collisions() {}

  private record Comparable(int number) implements java.lang.Comparable<Comparable> {
    @Override
    public int hashCode() {
      return 42;
    }

    @Override
    public int compareTo(Comparable other) {
      return Integer.compare(number, other.number);
    }
  }

  private record Incomparable(int number) {
    @Override
    public int hashCode() {
      return 42;
    }
  }

  static void print() {
    print("comparable", Comparable::new);
    print("not comparable", Incomparable::new);
  }

  private static void print(String what, IntFunction<Object> key) {
    for (int round = 1; round <= ROUNDS; round++) { // the last one counts: the others warm up
      boolean last = round == ROUNDS;
      try (CleanupManager root = CleanupManager.create("root")) {
        Map<Object, Object> ours =
            BoundedMap.<Object, Object>in(root, "map").maximumSize(KEYS).build();
        run("ours", what, ours, key, last);
      }
      run("ConcurrentHashMap", what, new ConcurrentHashMap<>(), key, last);
      Map<Object, Object> caffeine = Caffeine.newBuilder()
          .maximumSize(KEYS)
          .executor(Runnable::run)
          .<Object, Object>build()
          .asMap();
      run("Caffeine", what, caffeine, key, last);
    }
  }

  private static void run(
      String map, String what, Map<Object, Object> put, IntFunction<Object> key, boolean print) {
    long[] nanos = new long[4];
    nanos[0] = System.nanoTime();
    for (int i = 0; i < KEYS; i++) {
      put.put(key.apply(i), VALUE);
    }
    nanos[1] = System.nanoTime();
    int found = 0;
    for (int i = 0; i < KEYS; i++) {
      found += put.get(key.apply(i)) == null ? 0 : 1;
    }
    nanos[2] = System.nanoTime();
    for (int i = 0; i < KEYS; i++) {
      put.remove(key.apply(i));
    }
    nanos[3] = System.nanoTime();
    if (print) {
      System.out.printf(
          "%-18s %,d keys of one hash code, %-15s put %,9.2f µs, get %,9.2f µs, remove %,9.2f µs; %,d found%n",
          map, KEYS, what, micros(nanos, 0), micros(nanos, 1), micros(nanos, 2), found);
    }
  }

  private static double micros(long[] nanos, int from) {
    return (nanos[from + 1] - nanos[from]) / 1e3 / KEYS;
  }
}
