package io.leaksafe.map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leaksafe.handle.ClosedScopeException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** In real time, since what is tested are threads that wait for each other. */
class ComputingTest {

  private final io.leaksafe.cleanup.CleanupManager app =
      io.leaksafe.cleanup.CleanupManager.create("app");
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<String> log = Collections.synchronizedList(new ArrayList<>());
  private final CountDownLatch loading = new CountDownLatch(1);
  private final CountDownLatch goOn = new CountDownLatch(1);

  @AfterEach
  void nothingIsLeftBehind() {
    goOn.countDown();
    app.shutdown();
    threads.shutdownNow();
  }

  private BoundedMap<Integer, String> map(Eviction eviction) {
    return BoundedMap.<Integer, String>in(app, "map")
        .maximumSize(10)
        .evict(eviction)
        .onRemoval((key, value, cause) -> log.add(key + "=" + value + " " + cause))
        .build();
  }

  /** A function that says that it has begun, and waits. */
  private String slowly(String value) {
    loading.countDown();
    try {
      goOn.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return value;
  }

  private Future<String> load(BoundedMap<Integer, String> map) throws Exception {
    Future<String> load = threads.submit(() -> map.computeIfAbsent(1, key -> slowly("loaded")));
    loading.await();
    return load;
  }

  @ParameterizedTest
  @EnumSource(Eviction.class)
  void computeIfAbsent_byMany_computesOnce(Eviction eviction) throws Exception {
    BoundedMap<Integer, String> map = map(eviction);
    AtomicInteger runs = new AtomicInteger();
    CyclicBarrier together = new CyclicBarrier(4);
    List<Future<String>> all = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      all.add(threads.submit(() -> {
        together.await();
        return map.computeIfAbsent(1, key -> "v" + runs.incrementAndGet());
      }));
    }
    for (Future<String> each : all) {
      assertThat(each.get()).isEqualTo("v1");
    }
    StoreCheck.verify(map);
  }

  @ParameterizedTest
  @EnumSource(Eviction.class)
  void get_duringACompute_seesTheOldValue(Eviction eviction) throws Exception {
    BoundedMap<Integer, String> map = map(eviction);
    map.put(1, "old");
    Future<String> compute = threads.submit(() -> map.compute(1, (key, old) -> slowly(old + "+")));
    loading.await();

    assertThat(map.get(1)).isEqualTo("old");
    map.put(2, "other keys do not wait");
    assertThat(map.computeIfAbsent(3, key -> "nor do other computations")).isNotNull();
    goOn.countDown();

    assertThat(compute.get()).isEqualTo("old+");
    assertThat(map).containsEntry(1, "old+");
    assertThat(log).containsExactly("1=old REPLACED");
  }

  @ParameterizedTest
  @EnumSource(Eviction.class)
  void put_duringALoad_winsAndTheLoadReturnsIt(Eviction eviction) throws Exception {
    BoundedMap<Integer, String> map = map(eviction);
    Future<String> load = load(map);

    assertThat(map.put(1, "put")).isNull();
    goOn.countDown();

    assertThat(load.get()).isEqualTo("put");
    assertThat(map).containsEntry(1, "put");
    assertThat(log).containsExactly("1=loaded REMOVED");
    StoreCheck.verify(map);
  }

  @Test
  void put_duringALoad_freesThoseWhoWait() throws Exception {
    BoundedMap<Integer, String> map = map(Eviction.OLDEST);
    load(map);
    Future<String> waiting = threads.submit(() -> map.computeIfAbsent(1, key -> "second"));

    map.put(1, "put");

    assertThat(waiting.get()).isEqualTo("put");
  }

  @ParameterizedTest
  @ValueSource(strings = {"remove", "clear", "invalidate by value"})
  void remove_duringALoad_winsAndNothingIsThere(String how) throws Exception {
    BoundedMap<Integer, String> map = map(Eviction.OLDEST);
    Future<String> load = load(map);

    switch (how) {
      case "remove" -> assertThat(map.remove(1)).isNull();
      case "clear" -> map.clear();
      default -> map.keySet().remove(1);
    }
    goOn.countDown();

    assertThat(load.get()).isEqualTo("loaded");
    assertThat(map).isEmpty();
    assertThat(log).containsExactly("1=loaded REMOVED");
  }

  @Test
  void put_duringACompute_winsAndItIsComputedAgainFromThat() throws Exception {
    BoundedMap<Integer, String> map =
        BoundedMap.<Integer, String>in(app, "plain").maximumSize(10).build();
    map.put(1, "old");
    Future<String> merge = threads.submit(() -> map.merge(1, "+", (old, add) -> slowly(old + add)));
    loading.await();

    map.put(1, "put");
    goOn.countDown();

    assertThat(merge.get()).isEqualTo("put+");
    assertThat(map).containsEntry(1, "put+");
  }

  @Test
  void close_duringALoad_discardsItsResultAndTheLoadThrows() throws Exception {
    BoundedMap<Integer, String> map = map(Eviction.OLDEST);
    Future<String> load = load(map);

    app.shutdown();
    goOn.countDown();

    assertThatThrownBy(load::get).hasCauseInstanceOf(ClosedScopeException.class);
    assertThat(log).containsExactly("1=loaded CLOSED");
  }

  @ParameterizedTest
  @EnumSource(Eviction.class)
  void function_thatThrows_changesNothingAndFreesTheKey(Eviction eviction) {
    BoundedMap<Integer, String> map = map(eviction);
    map.put(2, "v");

    assertThatThrownBy(() -> map.computeIfAbsent(1, key -> {
          throw new IllegalArgumentException("no");
        }))
        .hasMessage("no");
    assertThatThrownBy(() -> map.compute(2, (key, old) -> {
          throw new IllegalArgumentException("no");
        }))
        .hasMessage("no");

    assertThat(map).containsOnlyKeys(2).containsEntry(2, "v");
    assertThat(map.computeIfAbsent(1, key -> "yes")).isEqualTo("yes");
    StoreCheck.verify(map);
  }

  @Test
  void function_thatUsesTheMap_findsNothingLocked() {
    BoundedMap<Integer, String> map = map(Eviction.OLDEST);

    String value = map.computeIfAbsent(1, key -> {
      for (int i = 100; i < 200; i++) { // evicts, and grows
        map.put(i, "v");
      }
      return map.computeIfAbsent(2, inner -> "inner") + " and outer";
    });

    assertThat(value).isEqualTo("inner and outer");
    assertThat(map).containsEntry(1, value).containsEntry(2, "inner");
  }

  @Test
  void function_thatPutsItsOwnKey_isOvertakenByItself() {
    BoundedMap<Integer, String> map = map(Eviction.OLDEST);

    assertThat(map.computeIfAbsent(1, key -> {
          map.put(1, "put");
          return "computed";
        }))
        .isEqualTo("put");
    assertThat(log).containsExactly("1=computed REMOVED");
  }

  @Test
  void computation_thatNeedsItself_saysSo() {
    BoundedMap<Integer, String> map = map(Eviction.OLDEST);

    assertThatThrownBy(() -> map.computeIfAbsent(1, key -> map.compute(1, (again, old) -> "never")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("The value of key '1' cannot be computed")
        .hasMessageContaining("'1' of map 'app/map'");
    assertThat(map).isEmpty();
    StoreCheck.verify(map);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void computations_thatWaitForEachOtherInACircle_endWithTheKeys(int count) throws Exception {
    BoundedMap<Integer, String> map = map(Eviction.OLDEST);
    CyclicBarrier together = new CyclicBarrier(count);
    List<Future<String>> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int mine = i;
      all.add(threads.submit(() -> map.computeIfAbsent(mine, key -> {
        await(together);
        return map.computeIfAbsent((mine + 1) % count, next -> "made for " + mine);
      })));
    }
    int refused = 0;
    for (Future<String> each : all) {
      try {
        each.get();
      } catch (java.util.concurrent.ExecutionException e) {
        refused++;
        assertThat(e.getCause()).isInstanceOf(IllegalStateException.class);
        for (int i = 0; i < count; i++) {
          assertThat(e.getCause()).hasMessageContaining("'" + i + "'");
        }
      }
    }
    assertThat(refused).isPositive();
    StoreCheck.verify(map);
  }

  private static void await(CyclicBarrier barrier) {
    try {
      barrier.await();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
