package io.leaksafe.testkit.assertj;

import static io.leaksafe.testkit.assertj.LifecycleAssertions.assertThat;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leaksafe.buffer.BoundedBuffer;
import io.leaksafe.cleanup.CleanupManager;
import io.leaksafe.cleanup.Scope.State;
import io.leaksafe.handle.Handle;
import io.leaksafe.handle.Kind;
import io.leaksafe.handle.Tracking;
import io.leaksafe.health.Health;
import io.leaksafe.health.Health.Level;
import io.leaksafe.health.Trend;
import io.leaksafe.listener.ListenerRegistry;
import io.leaksafe.map.BoundedMap;
import io.leaksafe.map.LeasedMap;
import io.leaksafe.schedule.ManagedScheduler;
import io.leaksafe.share.SharedResource;
import io.leaksafe.testkit.SoakReport;
import io.leaksafe.testkit.SoakReport.HeapSlope;
import io.leaksafe.testkit.VirtualTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Each assertion passes where it should, and fails where it should with exactly this message. */
class FeatureAssertionsTest {

  private final VirtualTime time = VirtualTime.create();
  private final CleanupManager app =
      CleanupManager.builder("app").timeSource(time).tracking(Tracking.DISABLED).build();

  @AfterEach
  void closeAll() throws Exception {
    time.run(app::shutdown);
  }

  private static void fails(ThrowingCallable assertion, String message) {
    assertThatThrownBy(assertion).isInstanceOf(AssertionError.class).hasMessage(message);
  }

  // ---- health

  private static Health health(Level level, boolean ready, Trend trend, String... reasons) {
    return new Health(
        Instant.EPOCH,
        level,
        List.of(reasons),
        ready,
        State.OPEN,
        1_024,
        OptionalLong.empty(),
        2_048,
        OptionalLong.empty(),
        3,
        Map.of(),
        OptionalLong.empty(),
        trend);
  }

  private static final Trend FLAT = new Trend(0, -1, 1, 20, ofMinutes(1));

  @Test
  void health_ok_passes() {
    assertThat(health(Level.OK, true, FLAT)).isOk().isReady().hasLevel(Level.OK).heapDoesNotGrow();
    assertThat(health(Level.WARNING, false, FLAT, "threads are 900"))
        .isNotReady()
        .hasLevel(Level.WARNING)
        .hasReasonContaining("threads");
  }

  @Test
  void health_notAsExpected_failsWithWhatItIs() {
    Health bad = health(
        Level.WARNING, false, new Trend(2_048, 1_024, 4_096, 20, ofMinutes(1)), "threads are 900");
    fails(() -> assertThat(bad).isOk(), "Expected the level to be OK, but it is WARNING: " + bad);
    fails(
        () -> assertThat(bad).isReady(), "Expected a service that is ready, but it is not: " + bad);
    fails(
        () -> assertThat(bad).hasReasonContaining("heap"),
        "Expected a reason with 'heap', but there is none such: " + bad);
    fails(
        () -> assertThat(bad).heapDoesNotGrow(),
        "Expected a heap that does not grow, but it grows by +2 KB/h (+1 KB to +4 KB, 20 samples over 1 min)");
    Health good = health(Level.OK, true, FLAT);
    fails(
        () -> assertThat(good).isNotReady(),
        "Expected a service that is not ready, but it is: " + good);
    fails(
        () -> assertThat(good).hasReasonContaining("heap"),
        "Expected a reason with 'heap', but there is none: " + good);
  }

  // ---- listeners

  @Test
  void listeners_asMany_passes() {
    ListenerRegistry<Runnable> registry = ListenerRegistry.in(app, "events");
    assertThat(registry).hasNoListeners();
    Handle<Runnable> one = registry.add(() -> {});
    assertThat(registry).hasListeners(1);
    fails(
        () -> assertThat(registry).hasNoListeners(),
        "Expected 0 listeners, but there is 1. The handles of the scopes that listen say who added each.");
    one.close();
    fails(
        () -> assertThat(registry).hasListeners(1),
        "Expected 1 listener, but there are 0. The handles of the scopes that listen say who added each.");
  }

  // ---- buffers

  @Test
  void buffer_asExpected_passes() {
    BoundedBuffer<String> buffer = BoundedBuffer.keepLast(2);
    assertThat(buffer).isEmpty().hasDroppedNothing();
    buffer.offer("a");
    buffer.offer("b");
    buffer.offer("c");
    assertThat(buffer).hasSize(2).hasWeight(2).hasDropped(1).containsExactly("b", "c");
  }

  @Test
  void buffer_notAsExpected_failsWithWhatItIs() {
    BoundedBuffer<String> buffer = BoundedBuffer.rejecting(1);
    buffer.offer("a");
    buffer.offer("b");
    fails(() -> assertThat(buffer).isEmpty(), "Expected the buffer's size to be 0, but it is 1.");
    fails(
        () -> assertThat(buffer).hasWeight(7),
        "Expected the buffer's weight to be 7, but it is 1.");
    fails(
        () -> assertThat(buffer).hasDroppedNothing(),
        "Expected the buffer's number of dropped elements to be 0, but it is 1.");
    fails(
        () -> assertThat(buffer).containsExactly("b"),
        "Expected the buffer to hold [b], oldest first, but it holds [a].");
  }

  // ---- maps

  @Test
  void boundedMap_anything_isAlsoAMap() {
    BoundedMap<String, Integer> map = BoundedMap.<String, Integer>in(app, "calls")
        .maximumSize(2)
        .recordStats()
        .build();
    map.put("a", 1);
    map.put("b", 2);
    map.put("c", 3);
    map.computeIfAbsent("d", key -> 4);
    assertThat(map).hasSize(2).containsEntry("d", 4).hasEvicted(2).hasExpired(0).hasLoaded(1);
    fails(
        () -> assertThat(map).hasEvicted(0),
        "Expected the map to have counted 0 evictions, but it counted 2: " + map.stats());
    fails(
        () -> assertThat(map).hasExpired(1),
        "Expected the map to have counted 1 expirations, but it counted 0: " + map.stats());
    fails(
        () -> assertThat(map).hasLoaded(2),
        "Expected the map to have counted 2 loads, but it counted 1: " + map.stats());
  }

  @Test
  void leasedMap_byKeys_passesAndFails() {
    LeasedMap<String, String> map =
        BoundedMap.<String, String>in(app, "files").maximumSize(2).buildLeased(file -> {});
    assertThat(map).isEmpty().doesNotContainKey("a");
    map.put("a", "A");
    assertThat(map).hasSize(1).containsKey("a");
    fails(
        () -> assertThat(map).isEmpty(),
        "Expected the map to hold 0 resources, but it holds 1, of [a].");
    fails(
        () -> assertThat(map).containsKey("b"),
        "Expected the map to hold a resource of 'b', but it has those of [a].");
    fails(
        () -> assertThat(map).doesNotContainKey("a"),
        "Expected the map to hold no resource of 'a', but it does.");
  }

  // ---- shared resources

  @Test
  void sharedResource_byItsLeases_passesAndFails() throws Exception {
    SharedResource<String> shared = SharedResource.in(app, "client", () -> "c", client -> {});
    assertThat(shared).isNotOpen().hasNoLeases();
    fails(
        () -> assertThat(shared).isOpen(),
        "Expected the shared resource to be open, but it is not: 0 leases out.");
    Handle<String> lease = shared.acquire(app);
    assertThat(shared).isOpen().hasLeases(1);
    fails(
        () -> assertThat(shared).isNotOpen(),
        "Expected the shared resource not to be open, but it is: 1 lease out.");
    fails(
        () -> assertThat(shared).hasNoLeases(),
        "Expected 0 leases, but there is 1. The handles of the scopes that hold them say who.");
    lease.close();
    fails(
        () -> assertThat(shared).hasLeases(1),
        "Expected 1 lease, but there are 0. The handles of the scopes that hold them say who.");
  }

  // ---- virtual time

  @Test
  void virtualTime_nothingPending_passes() {
    time.advance(ofSeconds(3));
    assertThat(time).hasNothingPending().hasPending(0).hasElapsed(ofSeconds(3));
    fails(
        () -> assertThat(time).hasElapsed(ofMinutes(1)),
        "Expected 1 min of virtual time to have passed, but it was 3 s.");
  }

  @Test
  void virtualTime_timerLeft_saysWhich() {
    ManagedScheduler.in(app, "timers").every("sweep", ofMinutes(5), () -> {});
    assertThat(time).hasPending(1);
    String sweep =
        "\n  'app/timers/sweep' TIMER, EARLY, runs every 5 min, next in 5 min, opened 0 ns ago";
    fails(
        () -> assertThat(time).hasNothingPending(),
        "1 thing still pending in virtual time, 0 ns after its start:" + sweep
            + "\nClose its owner before the test ends: time.run(manager::close).");
    fails(
        () -> assertThat(time).hasPending(2),
        "Expected 2 things pending in virtual time, but there is 1:" + sweep);
  }

  // ---- soak reports

  private static SoakReport report(int after, long threads, long files, HeapSlope heap) {
    return new SoakReport(
        "app",
        1_000,
        Map.of(Kind.TIMER, 2),
        Map.of(Kind.TIMER, after),
        5,
        threads,
        threads == 5 ? List.of() : List.of("reader-3", "timer"),
        OptionalLong.of(10),
        OptionalLong.of(files),
        heap);
  }

  private static final HeapSlope STEADY = new HeapSlope(1, -3, 4, 20);

  @Test
  void soakReport_nothingLeft_passes() {
    assertThat(report(2, 5, 10, STEADY)).leftNothing().heapGrowsAtMost(0);
    assertThat(report(1, 4, 9, new HeapSlope(64, 60, 70, 20))).leftNothing().heapGrowsAtMost(64);
  }

  @Test
  void soakReport_somethingLeft_failsWithTheTable() {
    fails(() -> assertThat(report(3, 5, 10, STEADY)).leftNothing(), """
        Expected no more live handles of kind TIMER than before, but there are 1 more: 'app' after 1,000 cycles:
          TIMER      2 -> 3
          threads    5 -> 5
          open files 10 -> 10
          heap       +1 B a cycle (-3 B to +4 B, 20 samples)""");
    SoakReport threads = report(2, 7, 10, STEADY);
    fails(() -> assertThat(threads).leftNothing(), """
        Expected no more threads than before, but there are 2 more: 'app' after 1,000 cycles:
          TIMER      2 -> 2
          threads    5 -> 7 (new: 'reader-3', 'timer')
          open files 10 -> 10
          heap       +1 B a cycle (-3 B to +4 B, 20 samples)""");
    SoakReport files = report(2, 5, 13, STEADY);
    fails(
        () -> assertThat(files).leftNothing(),
        "Expected no more open files than before, but there are 3 more: " + files);
    SoakReport heap = report(2, 5, 10, new HeapSlope(64, 60, 70, 20));
    fails(
        () -> assertThat(heap).heapGrowsAtMost(59),
        "Expected the heap to grow by 59 B a cycle at most, but it grows by +64 B a cycle (+60 B to +70 B, 20 samples): "
            + heap
            + "\nassertThatCycle(..).doesNotGrowTheHeap() names the class and what holds it.");
    assertThatThrownBy(() -> assertThat(heap).heapGrowsAtMost(-1))
        .hasMessage("bytesPerCycle must be 0 or more, was -1.");
  }

  @Test
  void nullActual_anyOfThem_failsAsAssertJDoes() {
    List<ThrowingCallable> calls = List.of(
        () -> assertThat((Health) null).isOk(),
        () -> assertThat((ListenerRegistry<?>) null).hasNoListeners(),
        () -> assertThat((BoundedBuffer<String>) null).isEmpty(),
        () -> assertThat((BoundedMap<String, String>) null).hasEvicted(0),
        () -> assertThat((LeasedMap<String, String>) null).isEmpty(),
        () -> assertThat((SharedResource<?>) null).isOpen(),
        () -> assertThat((VirtualTime) null).hasNothingPending(),
        () -> assertThat((SoakReport) null).leftNothing());
    for (ThrowingCallable call : calls) {
      assertThatThrownBy(call).hasMessageContaining("Expecting actual not to be null");
    }
  }
}
