package io.leaksafe.listener;

import static org.assertj.core.api.Assertions.assertThat;

import io.leaksafe.cleanup.CleanupListener;
import io.leaksafe.cleanup.CleanupManager;
import io.leaksafe.handle.Handle;
import io.leaksafe.handle.HandleInfo;
import io.leaksafe.handle.Tracking;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Warnings of many listeners, and of one that is there twice. */
class CrowdTest extends ListenerTestCase {

  private final List<String> told = new ArrayList<>();

  @Override
  CleanupManager build() {
    CleanupListener listener = new CleanupListener() {
      @Override
      public void growing(HandleInfo newest, int live) {
        told.add(newest.path() + " " + live);
      }
    };
    return CleanupManager.builder(root).listener(listener).timeSource(time).build();
  }

  private Handle<Heard> connect() {
    return events.add(event -> heard.add("connected"));
  }

  @Test
  void add_theTenth_warnsAndTellsTheManagersListener() {
    for (int i = 0; i < 9; i++) {
      connect();
    }
    assertThat(logged()).isEmpty();
    connect();
    assertThat(logged())
        .singleElement()
        .asString()
        .startsWith("10 listeners in '" + root + "/events': 10 added ");
    assertThat(told).containsExactly(root + "/events/listener 10");
  }

  @Test
  void add_moreAndMore_warnsAtEachDoubling() {
    for (int i = 0; i < 700; i++) {
      connect();
    }
    assertThat(logged())
        .extracting(line -> line.substring(0, line.indexOf(' ')))
        .containsExactly("10", "20", "40", "80", "160", "320", "640");
  }

  @Test
  void add_whereListenersComeAndGo_warnsOnce() {
    for (int round = 0; round < 100; round++) {
      List<Handle<Heard>> handles = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        handles.add(connect());
      }
      handles.forEach(Handle::close);
    }
    assertThat(logged()).hasSize(1);
  }

  @Test
  void warnAbove_anotherNumber_warnsFromThereOn() {
    events.warnAbove(100);
    for (int i = 0; i < 100; i++) {
      assertThat(logged()).isEmpty();
      connect();
    }
    assertThat(logged()).hasSize(1).first().asString().startsWith("100 listeners in");
  }

  @Test
  void warnAbove_theLargest_neverWarns() {
    events.warnAbove(Integer.MAX_VALUE);
    for (int i = 0; i < 100; i++) {
      connect();
    }
    assertThat(logged()).isEmpty();
  }

  @Test
  void add_underTrackingDisabled_neverWarns() throws Exception {
    CleanupManager quiet = CleanupManager.builder(root)
        .tracking(Tracking.DISABLED)
        .timeSource(time)
        .build();
    ListenerRegistry<Heard> own = ListenerRegistry.in(quiet, "own");
    for (int i = 0; i < 100; i++) {
      own.add(event -> heard.add("connected"));
    }
    assertThat(logged()).isEmpty();
    assertThat(quiet.handles().get(0).origin()).isEmpty();
    time.run(quiet::close);
  }

  @Test
  void add_theSameAgain_warnsAndCallsItTwice() {
    Heard same = hears("same");
    events.add(same);
    events.add(hears("other"));
    events.add(same);
    assertThat(logged())
        .singleElement()
        .asString()
        .startsWith("The same listener is in '" + root
            + "/events' twice, and is called twice: it was opened 0 ns ago by '")
        .endsWith(". Close the first handle before you add it again, or keep one.");
    fire("1");
    assertThat(heard).containsExactly("same 1", "other 1", "same 1");
  }

  @Test
  void add_theSameAfterItWasRemoved_isFine() {
    Heard same = hears("same");
    events.add(same).close();
    events.add(same);
    assertThat(logged()).isEmpty();
  }

  @Test
  void add_theSameAgainAndAgain_warnsAtEachDoubling() {
    events.warnAbove(Integer.MAX_VALUE);
    Heard same = hears("same");
    for (int i = 0; i < 1 + 100; i++) {
      events.add(same);
    }
    assertThat(logged()).hasSize(7);
  }

  @Test
  void add_theSameFarApart_isNoticedWhenThereAreMany() {
    Heard same = hears("same");
    events.add(same);
    for (int i = 0; i < 17; i++) {
      connect();
    }
    events.add(same);
    assertThat(logged()).hasSize(1);
    connect();
    assertThat(logged()).hasSize(3);
    assertThat(logged().get(2)).startsWith("The same listener is in");
  }
}
