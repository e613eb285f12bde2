package io.leaksafe.map;

import static org.assertj.core.api.Assertions.assertThat;

import io.leaksafe.cleanup.CleanupManager;
import io.leaksafe.handle.Handle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Four threads in real time; what they leave must be sound. */
class MapStressTest {

  private static final int THREADS = 4;

  private final CleanupManager app = CleanupManager.create("app");
  private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);

  @AfterEach
  void nothingIsLeftBehind() {
    app.shutdown();
    threads.shutdownNow();
  }

  /** What each thread does. */
  private interface Work {
    void run(int thread, SplittableRandom random) throws Exception;
  }

  private void inParallel(Work work) throws Exception {
    List<Future<?>> all = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      int thread = i;
      all.add(threads.submit(() -> {
        work.run(thread, new SplittableRandom(thread));
        return null;
      }));
    }
    for (Future<?> each : all) {
      each.get();
    }
  }

  /** A value that is told of once, and before it only while it is there. */
  private static final class Value {
    final int key;
    final AtomicInteger told = new AtomicInteger();

    Value(int key) {
      this.key = key;
    }
  }

  @ParameterizedTest
  @CsvSource({
    "OLDEST, 1, false", "OLDEST, 50, false", "OLDEST, 5000, false", "OLDEST, 300, true",
    "COLDEST, 1, false", "COLDEST, 50, false", "COLDEST, 5000, false", "COLDEST, 300, true"
  })
  void everyValue_isEitherThereOrToldOfOnce_byEveryCause(
      Eviction eviction, int maximum, boolean weighed) throws Exception {
    Set<RemovalCause> causes = ConcurrentHashMap.newKeySet();
    Set<Value> made = ConcurrentHashMap.newKeySet();
    AtomicBoolean wrong = new AtomicBoolean();
    MapBuilder<Integer, Value> builder = BoundedMap.<Integer, Value>in(app, "map")
        .evict(eviction)
        .expireAfterWrite(Duration.ofMillis(2))
        .onRemoval((key, value, cause) -> {
          causes.add(cause);
          value.told.incrementAndGet();
          if (value.key != key) {
            wrong.set(true);
          }
        });
    if (weighed) {
      builder.maximumWeight(maximum).weigher((key, value) -> 1 + key % 5);
    } else {
      builder.maximumSize(maximum);
    }
    BoundedMap<Integer, Value> map = builder.build();

    inParallel((thread, random) -> {
      for (int i = 0; i < 60_000; i++) {
        int key = random.nextInt(maximum + maximum / 2 + 2);
        Value value = new Value(key);
        switch (random.nextInt(8)) {
          case 0, 1, 2 -> {
            made.add(value);
            map.put(key, value);
          }
          case 3 -> map.remove(key);
          case 4 ->
            map.computeIfAbsent(key, k -> {
              made.add(value);
              return value;
            });
          case 5 ->
            map.compute(key, (k, old) -> {
              Value fresh = new Value(key);
              made.add(fresh);
              return random.nextBoolean() ? fresh : keepOrDrop(made, fresh, old);
            });
          case 6 -> {
            Value present = map.get(key);
            if (present != null && present.key != key) {
              wrong.set(true);
            }
          }
          default -> {
            if (map.size() > maximum) {
              wrong.set(true);
            }
          }
        }
      }
    });
    assertThat(wrong).isFalse();
    app.shutdown();

    assertThat(made.stream().filter(value -> value.told.get() == 0))
        .as("never told of")
        .isEmpty();
    assertThat(made.stream().filter(value -> value.told.get() > 1))
        .as("told of twice")
        .isEmpty();
    assertThat(causes)
        .containsAll(EnumSet.of(RemovalCause.EXPIRED, RemovalCause.REMOVED, RemovalCause.REPLACED));
    if (maximum < 1_000) { // a larger one is never full, as short as the values live
      assertThat(causes).contains(RemovalCause.EVICTED);
    }
  }

  private record OfOneHashCode(int number) implements Comparable<OfOneHashCode> {
    @Override
    public int hashCode() {
      return 42;
    }

    @Override
    public int compareTo(OfOneHashCode other) {
      return Integer.compare(number, other.number);
    }
  }

  private static @Nullable Value keepOrDrop(Set<Value> made, Value fresh, @Nullable Value old) {
    made.remove(fresh);
    return old;
  }

  @ParameterizedTest
  @CsvSource({
    "OLDEST, 300, false", "OLDEST, 20000, false", "OLDEST, 300, true",
    "COLDEST, 300, false", "COLDEST, 20000, false", "COLDEST, 300, true"
  })
  void underEviction_aKeyHasTheLastValuePut_orNone(
      Eviction eviction, int maximum, boolean oneHashCode) throws Exception {
    IntFunction<Object> keys = oneHashCode ? OfOneHashCode::new : Integer::valueOf;
    BoundedMap<Object, Integer> map = BoundedMap.<Object, Integer>in(app, "map")
        .maximumSize(maximum)
        .evict(eviction)
        .build();
    inParallel((thread, random) -> {
      int[] last = new int[maximum];
      for (int i = 1; i < 150_000; i++) {
        int own = random.nextInt(maximum);
        Object key = keys.apply(own * THREADS + thread); // nobody else's
        switch (random.nextInt(5)) {
          case 0, 1 -> {
            Integer old = map.put(key, i);
            assertThat(old == null || old == last[own]).isTrue();
            last[own] = i;
          }
          case 2 -> {
            Integer old = map.remove(key);
            assertThat(old == null || old == last[own]).isTrue();
            last[own] = 0;
          }
          case 3 -> {
            int next = i;
            int before = last[own];
            map.compute(key, (k, old) -> {
              assertThat(old == null || old == before).isTrue();
              return next;
            });
            last[own] = i;
          }
          default -> {
            Integer now = map.get(key);
            assertThat(now == null || now == last[own]).isTrue();
          }
        }
      }
    });
    StoreCheck.verify(map);
    for (int i = 0; i < 3 * maximum; i++) {
      map.put(keys.apply(-1 - i), i);
    }
    assertThat(map).hasSize(maximum);
    StoreCheck.verify(map);
  }

  /** A resource that knows whether it is used after its end. */
  private static final class Connection {
    final AtomicInteger closed = new AtomicInteger();
    final AtomicInteger users = new AtomicInteger();
  }

  /** The long form, ten million cycles: {@code -Dlease.cycles=10000000}. */
  @Test
  void leasedValues_areClosedOnce_andNeverWhileLeased() throws Exception {
    int cycles = Integer.getInteger("lease.cycles", 200_000) / THREADS;
    Set<Connection> made = ConcurrentHashMap.newKeySet();
    AtomicBoolean wrong = new AtomicBoolean();
    LeasedMap<Integer, Connection> map = BoundedMap.<Integer, Connection>in(app, "map")
        .maximumSize(8)
        .buildLeased(connection -> {
          if (connection.users.get() != 0 || connection.closed.incrementAndGet() != 1) {
            wrong.set(true);
          }
          made.remove(connection);
        });

    inParallel((thread, random) -> {
      for (int i = 0; i < cycles; i++) {
        try (Handle<Connection> lease = map.leaseOrLoad(random.nextInt(16), () -> {
          Connection connection = new Connection();
          made.add(connection);
          return connection;
        })) {
          Connection used = lease.get();
          used.users.incrementAndGet();
          if (used.closed.get() != 0) {
            wrong.set(true);
          }
          used.users.decrementAndGet();
        }
      }
    });
    app.shutdown();

    assertThat(wrong).isFalse();
    assertThat(made).as("never closed").isEmpty();
  }
}
