package io.leaksafe.benchmarks;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Scheduler;
import io.leaksafe.cleanup.CleanupManager;
import io.leaksafe.cleanup.Scope;
import io.leaksafe.map.BoundedMap;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import java.util.function.Function;
import net.jodah.expiringmap.ExpiringMap;
import org.openjdk.jol.info.GraphLayout;

/**
 * Prints what is not a time per operation: what an entry and an empty map take of the heap, by how much a map exceeds its
 * maximum under concurrent puts, what it makes of keys of one hash code, and how late a removal listener hears of an entry whose time was over while nobody called.
 *
 * <pre>{@code
 * java -Xmx3g -Djol.magicFieldOffset=true -cp benchmarks/jmh/target/benchmarks.jar io.leaksafe.benchmarks.MapFacts
 * }</pre>
 */
public final class MapFacts {

  private static final int ENTRIES = 100_000;
  private static final int MAXIMUM = 10_000;
  private static final int THREADS = 4;
  private static final int TIMED = 500;
  private static final Duration STAY = Duration.ofMillis(300);
  private static final Object VALUE = new Object();

  private MapFacts() {}

  /** Prints all of it, or what the arguments name: heap, over, collide, late; and churn, to be run with {@code -Xlog:gc}. */
  public static void main(String[] args) throws InterruptedException {
    // A manager keeps it, and it keeps half the JDK.
    Thread.currentThread().setContextClassLoader(null);
    List<String> facts =
        args.length == 0 ? List.of("heap", "over", "collide", "late") : List.of(args);
    if (facts.contains("heap")) {
      heap();
    }
    if (facts.contains("over")) {
      for (MapPeer peer : MapPeer.values()) {
        if (peer != MapPeer.hash) {
          overshoot(peer);
        }
      }
    }
    if (facts.contains("churn")) {
      churn(MapPeer.bounded);
      churn(MapPeer.oldest);
      churn(MapPeer.caffeineSame);
    }
    if (facts.contains("collide")) {
      Collisions.print();
    }
    if (facts.contains("late")) {
      late("ours", MapFacts::ours);
      late("Caffeine, with a scheduler", MapFacts::caffeine);
      late("ExpiringMap", MapFacts::expiringMap);
    }
  }

  // ---- heap

  /** Without those that hold threads of their own, through which half the JDK is reachable. */
  private static final Set<MapPeer> WEIGHED =
      EnumSet.complementOf(EnumSet.of(MapPeer.caffeinePool, MapPeer.expiringMap));

  private static void heap() {
    for (MapPeer peer : WEIGHED) {
      for (MapPeer.Expiry expiry : MapPeer.Expiry.values()) {
        try (CleanupManager root = CleanupManager.create("root")) {
          heap(peer, expiry, root.child("maps"));
        } catch (IllegalArgumentException e) {
          System.out.println(e.getMessage());
        }
      }
    }
  }

  /**
   * What is reachable with and without the map, with and without its entries: what is there anyway cancels out. In a scope of
   * its own: of the first hundred things opened in a manager itself, the stack is kept.
   */
  private static void heap(MapPeer peer, MapPeer.Expiry expiry, Scope root) {
    Long[] keys = new Long[ENTRIES];
    for (int i = 0; i < ENTRIES; i++) {
      keys[i] = MapOperations.scattered(i);
    }
    // The first map of its kind makes what all of them share.
    peer.open(root, ENTRIES, expiry).put(keys[0], VALUE);
    Object around = List.of(keys, root, VALUE);
    GraphLayout.parseInstance(around).totalSize(); // looking at a class has it make something, once
    long before = GraphLayout.parseInstance(around).totalSize();
    Map<Long, Object> map = peer.open(root, ENTRIES, expiry);
    long empty = GraphLayout.parseInstance(around, map).totalSize() - before;
    for (Long key : keys) {
      map.put(key, VALUE);
    }
    long full = GraphLayout.parseInstance(around, map).totalSize() - before - empty;
    System.out.printf(
        "%-14s %-8s %6.1f bytes an entry (%,d of %,d), %,10d bytes empty%n",
        peer, expiry, (double) full / map.size(), map.size(), ENTRIES, empty);
  }

  // ---- more than the maximum

  private static void overshoot(MapPeer peer) throws InterruptedException {
    try (CleanupManager root = CleanupManager.create("root")) {
      Map<Long, Object> map = peer.open(root, MAXIMUM, MapPeer.Expiry.none);
      CountDownLatch running = new CountDownLatch(THREADS);
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        long first = i;
        threads.add(new Thread(() -> {
          long end = System.nanoTime() + Duration.ofSeconds(1).toNanos();
          for (long key = first; System.nanoTime() - end < 0; key += THREADS) {
            map.put(MapOperations.scattered(key), VALUE);
          }
          running.countDown();
        }));
      }
      threads.forEach(Thread::start);
      int largest = 0;
      while (running.getCount() > 0) {
        largest = Math.max(largest, map.size());
      }
      for (Thread thread : threads) {
        thread.join();
      }
      System.out.printf(
          "%-14s largest size seen %,d of %,d, %,d after a second of puts by %d threads%n",
          peer, largest, MAXIMUM, map.size(), THREADS);
    }
  }

  // ---- what stays of what has gone

  /** Two million keys that nobody else refers to come and go; with {@code -Xlog:gc} one sees what stays of them. */
  private static void churn(MapPeer peer) {
    try (CleanupManager root = CleanupManager.create("root")) {
      Map<Long, Object> map = peer.open(root, MAXIMUM, MapPeer.Expiry.write);
      System.out.println(peer + ", two million inserts of 100 bytes each");
      for (long key = 0; key < 2_000_000; key++) {
        map.put(MapOperations.scattered(key), new byte[100]);
      }
      System.out.printf("%,d entries%n", map.size());
    }
  }

  // ---- lateness

  /** Something that takes keys, and tells who listens when their time was over. */
  private record Timed(BiConsumer<Integer, Object> put, Runnable close) {}

  private static void late(String what, Function<BiConsumer<Object, Object>, Timed> open)
      throws InterruptedException {
    lateness(open); // the first time, it is the loading of classes that is late
    long[] lateness = lateness(open);
    System.out.printf(
        "%-28s median %,9.2f ms, 99 %% %,9.2f ms, most %,9.2f ms late, nobody calling%n",
        what,
        lateness[TIMED / 2] / 1e6,
        lateness[TIMED * 99 / 100] / 1e6,
        lateness[TIMED - 1] / 1e6);
  }

  /** How late the listener heard of each, in order. */
  private static long[] lateness(Function<BiConsumer<Object, Object>, Timed> open)
      throws InterruptedException {
    long[] due = new long[TIMED];
    long[] lateness = new long[TIMED];
    CountDownLatch all = new CountDownLatch(TIMED);
    Timed map = open.apply((key, value) -> {
      lateness[(Integer) key] = System.nanoTime() - due[(Integer) key];
      all.countDown();
    });
    for (int i = 0; i < TIMED; i++) {
      due[i] = System.nanoTime() + STAY.toNanos();
      map.put.accept(i, VALUE);
      if (i % 10 == 0) {
        LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
      }
    }
    if (!all.await(10, TimeUnit.SECONDS)) {
      throw new IllegalStateException(
          "Within 10 s " + all.getCount() + " of " + TIMED + " were not heard of.");
    }
    map.close.run();
    Arrays.sort(lateness);
    return lateness;
  }

  private static Timed ours(BiConsumer<Object, Object> listener) {
    CleanupManager root = CleanupManager.create("root");
    BoundedMap<Integer, Object> map = BoundedMap.<Integer, Object>in(root, "map")
        .maximumSize(MAXIMUM)
        .expireAfterWrite(STAY)
        .onRemoval((key, value, cause) -> listener.accept(key, value))
        .build();
    return new Timed(map::put, root::close);
  }

  private static Timed caffeine(BiConsumer<Object, Object> listener) {
    Map<Integer, Object> map = Caffeine.newBuilder()
        .maximumSize(MAXIMUM)
        .expireAfterWrite(STAY)
        .scheduler(Scheduler.systemScheduler())
        .removalListener((key, value, cause) -> listener.accept(key, value))
        .<Integer, Object>build()
        .asMap();
    return new Timed(map::put, map::clear);
  }

  private static Timed expiringMap(BiConsumer<Object, Object> listener) {
    Map<Integer, Object> map = ExpiringMap.builder()
        .maxSize(MAXIMUM)
        .expiration(STAY.toMillis(), TimeUnit.MILLISECONDS)
        .expirationListener(listener::accept)
        .build();
    return new Timed(map::put, map::clear);
  }
}
