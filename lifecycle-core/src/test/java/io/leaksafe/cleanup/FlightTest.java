package io.leaksafe.cleanup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leaksafe.handle.Handle;
import io.leaksafe.handle.HandleInfo;
import io.leaksafe.internal.event.Flight;
import io.leaksafe.listener.ListenerException;
import io.leaksafe.listener.ListenerRegistry;
import io.leaksafe.map.BoundedMap;
import io.leaksafe.map.Eviction;
import io.leaksafe.map.LeasedMap;
import io.leaksafe.schedule.ManagedScheduler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the flight recorder is told. The recorder is the JVM's own, so this runs alone, under a name of its own. */
@Isolated
class FlightTest extends CleanupTestCase {

  @TempDir
  Path folder;

  /** Records while the body runs; returns the events of this library in which the given text appears. */
  private List<RecordedEvent> record(boolean handles, VirtualBody body) throws Exception {
    Path file = folder.resolve("recording.jfr");
    try (Recording recording = new Recording()) {
      if (handles) {
        recording.enable("io.leaksafe.HandleOpened");
        recording.enable("io.leaksafe.HandleClosed");
      }
      recording.start();
      body.run();
      recording.stop();
      recording.dump(file);
    }
    return read(file);
  }

  private interface VirtualBody {
    void run() throws Exception;
  }

  private static List<RecordedEvent> read(Path file) throws IOException {
    try {
      return RecordingFile.readAllEvents(file).stream()
          .filter(event -> event.getEventType().getName().startsWith("io.leaksafe."))
          .toList();
    } finally {
      Files.delete(file);
    }
  }

  private static String name(RecordedEvent event) {
    return event.getEventType().getName().substring("io.leaksafe.".length());
  }

  private static RecordedEvent only(List<RecordedEvent> events, String name) {
    List<RecordedEvent> named =
        events.stream().filter(event -> name(event).equals(name)).toList();
    assertThat(named).as(name).hasSize(1);
    return named.get(0);
  }

  @Test
  void handles_openedAndClosed_areRecordedIfAskedFor() throws Exception {
    CleanupManager app = manager("flight");
    List<RecordedEvent> events = record(true, () -> {
      Handle<String> handle = open(app.child("session"), "socket");
      time.advance(seconds(2));
      handle.close();
    });

    assertThat(events)
        .extracting(
            event -> name(event) + " " + event.getString("path") + " " + event.getString("kind"))
        .containsExactly(
            "HandleOpened flight/session SCOPE",
            "HandleOpened flight/session/socket RESOURCE",
            "HandleClosed flight/session/socket RESOURCE");
    RecordedEvent closed = only(events, "HandleClosed");
    assertThat(closed.getDuration("live")).isEqualTo(seconds(2));
    assertThat(closed.getStackTrace().getFrames())
        .anyMatch(
            frame -> frame.getMethod().getType().getName().equals(FlightTest.class.getName()));
  }

  @Test
  void lease_ofAMap_isRecordedThoughItEndsInOneStep() throws Exception {
    CleanupManager app = manager("flight");
    LeasedMap<String, String> map =
        BoundedMap.<String, String>in(app, "map").maximumSize(10).buildLeased(value -> {});
    map.put("a", "a");
    List<RecordedEvent> events = record(true, () -> map.lease("a").orElseThrow().close());

    assertThat(events)
        .extracting(
            event -> name(event) + " " + event.getString("path") + " " + event.getString("kind"))
        .containsExactly("HandleOpened flight/map/a LEASE", "HandleClosed flight/map/a LEASE");
  }

  @Test
  void handles_inARecordingThatDoesNotAsk_areNotRecorded() throws Exception {
    CleanupManager app = manager("flight");
    List<RecordedEvent> events = record(false, () -> {
      assertThat(Flight.recordsOpenings()).isFalse();
      open(app, "socket").close();
    });

    assertThat(events).isEmpty();
  }

  @Test
  void scopeAndItsHandles_closedTogether_areRecordedOnceEach() throws Exception {
    CleanupManager app = manager("flight");
    Scope session = app.child("session");
    open(session, "a");
    open(session, "b");
    List<RecordedEvent> events = record(true, session::close);

    assertThat(events)
        .extracting(event -> name(event) + " " + event.getString("path"))
        .containsExactly(
            "HandleClosed flight/session/b",
            "HandleClosed flight/session/a",
            "HandleClosed flight/session");
  }

  @Test
  void close_ofAManagerWithAHang_isRecordedWithItsCountsAndTheLaggard() throws Exception {
    CleanupManager app = manager("flight");
    open(app, "a");
    openSlow(app, "slow", seconds(60));
    List<RecordedEvent> events = record(false, () -> time.run(app::shutdown));

    RecordedEvent overdue = only(events, "CloserOverdue");
    assertThat(overdue.getString("path")).isEqualTo("flight/slow");
    assertThat(overdue.getDuration("running")).isPositive();
    assertThat(overdue.getString("stuckAt")).isNotEmpty();
    RecordedEvent closed = only(events, "ScopeClosed");
    assertThat(closed.getString("scope")).isEqualTo("flight");
    assertThat(closed.getInt("handles")).isEqualTo(2);
    assertThat(closed.getInt("notClosed")).isEqualTo(1);
    assertThat(closed.getBoolean("complete")).isTrue();
    assertThat(closed.getDuration("took")).isPositive();
  }

  @Test
  void handle_thatIsTooOld_isRecordedWithItsReason() throws Exception {
    CleanupManager app = manager("flight");
    open(app, "upload").warnAfter(seconds(8));
    List<RecordedEvent> events = record(false, () -> time.advance(seconds(10)));

    RecordedEvent suspect = only(events, "HandleSuspect");
    assertThat(suspect.getString("path")).isEqualTo("flight/upload");
    assertThat(suspect.getString("reason")).contains("longer than the 8 s");
    assertThat(suspect.getString("opened")).startsWith("opened 8 s ago by '");
  }

  @Test
  void handles_thatBecomeMany_areRecordedAtTheThreshold() throws Exception {
    CleanupManager app = build(CleanupManager.builder("flight").warnAbove(20));
    List<RecordedEvent> events = record(false, () -> {
      for (int i = 0; i < 25; i++) {
        open(app, "socket");
      }
    });

    assertThat(only(events, "HandlesGrowing").getInt("live")).isEqualTo(20);
  }

  @Test
  void task_thatWaitsForAWorker_isRecordedAsLate() throws Exception {
    CleanupManager app = build(CleanupManager.builder("flight")
        .executor(task -> time.startThread("late", () -> {
          time.sleepUninterruptibly(millis(50));
          task.run();
        })));
    ManagedScheduler timers = ManagedScheduler.in(app, "timers");
    AtomicInteger runs = new AtomicInteger();
    List<RecordedEvent> events = record(false, () -> {
      timers.after("named", millis(10), runs::incrementAndGet);
      timers.after(millis(20), runs::incrementAndGet);
      timers.asScheduledExecutorService().execute(runs::incrementAndGet);
      time.advance(seconds(1));
    });

    assertThat(runs).hasValue(3);
    assertThat(events)
        .extracting(event -> name(event) + " " + event.getString("path") + " "
            + event.getDuration("late").toMillis())
        .containsExactlyInAnyOrder(
            "LateTimer flight/timers/executor-1 50",
            "LateTimer flight/timers/named 50",
            "LateTimer flight/timers/after 50");
  }

  @Test
  void listeners_thatThrow_areRecordedWhereverTheyListen() throws Exception {
    CleanupManager app = build(CleanupManager.builder("flight").listener(new CleanupListener() {
      @Override
      public void doubleClosed(HandleInfo handle, int calls) {
        throw new IllegalStateException("first");
      }
    }));
    ListenerRegistry<Runnable> registry = ListenerRegistry.in(app, "events");
    registry.add(() -> {
      throw new IllegalArgumentException("second");
    });
    BoundedMap<String, String> map = BoundedMap.<String, String>in(app, "map")
        .maximumSize(10)
        .onRemoval((key, value, cause) -> {
          throw new UnsupportedOperationException("third");
        })
        .build();
    map.put("k", "v");
    Handle<String> handle = open(app, "socket");
    handle.close();
    List<RecordedEvent> events = record(false, () -> {
      handle.close();
      assertThatThrownBy(() -> registry.fire(Runnable::run)).isInstanceOf(ListenerException.class);
      map.remove("k");
    });

    assertThat(events)
        .extracting(event ->
            name(event) + " " + event.getString("emitter") + " " + event.getString("error"))
        .containsExactly(
            "ListenerFailed CleanupListener java.lang.IllegalStateException",
            "ListenerFailed flight/events java.lang.IllegalArgumentException",
            "ListenerFailed flight/map java.lang.UnsupportedOperationException");
  }

  @ParameterizedTest
  @EnumSource(Eviction.class)
  void evictions_manyAtOnce_areRecordedAsABurst(Eviction first) throws Exception {
    CleanupManager app = manager("flight");
    BoundedMap<Integer, String> map = BoundedMap.<Integer, String>in(app, "map")
        .maximumSize(100)
        .evict(first)
        .evictFraction(0.2)
        .build();
    List<RecordedEvent> events = record(false, () -> {
      for (int i = 0; i < 101; i++) {
        map.put(i, "v");
      }
    });

    RecordedEvent burst = only(events, "EvictionBurst");
    assertThat(burst.getString("map")).isEqualTo("flight/map");
    assertThat(burst.getInt("entries")).isEqualTo(20);
  }

  @Test
  void nothing_isRecordedWhileNobodyRecords() {
    assertThat(Flight.recordsOpenings()).isFalse();
    assertThat(Flight.recordsClosings()).isFalse();
    assertThat(Flight.recordsLateness()).isFalse();
    assertThat(Flight.recordsBurst(Integer.MAX_VALUE)).isFalse();
  }
}
