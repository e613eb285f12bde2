package io.leaksafe.cleanup;

import static org.assertj.core.api.Assertions.assertThat;

import io.leaksafe.handle.Handle;
import io.leaksafe.handle.HandleInfo;
import io.leaksafe.handle.Tracking;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Warnings of names whose live handles have become many. */
class GrowthTest extends CleanupTestCase {

  private final CleanupListener listener = new CleanupListener() {
    @Override
    public void growing(HandleInfo newest, int live) {
      log.add(newest.name() + " " + live);
      assertThat(newest.origin()).isNotEmpty();
    }
  };

  private final CleanupManager app = build(CleanupManager.builder("app").listener(listener));

  private Handle<String> quiet(Scope scope, String name) {
    return scope.register(name, name, resource -> {});
  }

  private void grow(Scope scope, String name, int count) {
    for (int i = 0; i < count; i++) {
      quiet(scope, name);
    }
  }

  @Test
  void registered_uptoOneBelowTheThreshold_isNoGrowth() {
    grow(app, "a", 999);
    assertThat(log).isEmpty();
  }

  @Test
  void registered_atTheThresholdAndEachDoubling_isTold() {
    grow(app, "a", 10_000);
    assertThat(log).containsExactly("a 1000", "a 2000", "a 4000", "a 8000");
  }

  @Test
  void owned_at16AndEachDoubling_isTold() {
    for (int i = 0; i < 100; i++) {
      app.own("pool", () -> {});
    }
    assertThat(log).containsExactly("pool 16", "pool 32", "pool 64");
  }

  @Test
  void ownedAndRegistered_ofOneName_areCountedApart() {
    grow(app, "pool", 500);
    for (int i = 0; i < 15; i++) {
      app.own("pool", () -> {});
    }
    grow(app, "pool", 499);
    assertThat(log).isEmpty();
    app.own("pool", () -> {});
    quiet(app, "pool");
    assertThat(log).containsExactly("pool 16", "pool 1000");
  }

  @Test
  void children_ofOneName_areTold() {
    for (int i = 0; i < 2_000; i++) {
      app.child("session");
    }
    assertThat(log).containsExactly("session 1000", "session 2000");
  }

  @Test
  void oneName_inManyScopes_isCountedInEach() {
    for (int i = 0; i < 50; i++) {
      grow(app.child("session" + i), "socket", 100);
    }
    assertThat(log).isEmpty();
  }

  @Test
  void oneName_amongManyOthers_isToldThoughTheyShareCounters() {
    for (int i = 0; i < 3_000; i++) {
      quiet(app, "unique-" + i);
    }
    assertThat(log).isEmpty();
    grow(app, "leak", 3_000);
    List<Integer> counts = log.stream()
        .map(line -> Integer.valueOf(line.substring("leak ".length())))
        .toList();
    assertThat(counts).hasSizeBetween(1, 2);
    assertThat(counts.get(0)).isBetween(1_000, 1_400);
  }

  @Test
  void manyDifferentNames_areNoGrowth() {
    for (int i = 0; i < 20_000; i++) {
      quiet(app, "unique-" + i);
    }
    assertThat(log).isEmpty();
  }

  @Test
  void twoNames_areToldApart() {
    for (int i = 0; i < 1_000; i++) {
      quiet(app, "a");
      quiet(app, "b");
    }
    assertThat(log).containsExactly("a 1000", "b 1000");
  }

  @Test
  void closedHandles_areNotCounted() {
    for (int i = 0; i < 10_000; i++) {
      quiet(app, "a").close();
    }
    List<Handle<String>> open = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      open.add(quiet(app, "b"));
      if (open.size() > 900) {
        open.remove(0).close();
      }
    }
    assertThat(log).isEmpty();
  }

  @Test
  void releasedHandles_areNotCounted() {
    for (int i = 0; i < 3_000; i++) {
      quiet(app, "a").release();
    }
    assertThat(log).isEmpty();
  }

  @Test
  void handlesThatMovedAway_areCountedWhereTheyAre() {
    Scope other = app.child("other");
    for (int i = 0; i < 999; i++) {
      other.adopt(quiet(app, "a"));
    }
    grow(app, "a", 999);
    assertThat(log).isEmpty();
    quiet(other, "a");
    assertThat(log).containsExactly("a 1000");
    quiet(app, "a");
    assertThat(log).containsExactly("a 1000", "a 1000");
  }

  @Test
  void warnAbove_setLower_holdsForOwnedThingsToo() {
    CleanupManager strict =
        build(CleanupManager.builder("strict").listener(listener).warnAbove(3));
    for (int i = 0; i < 12; i++) {
      strict.own("owned", () -> {});
      quiet(strict, "registered");
    }
    assertThat(log)
        .containsExactly(
            "owned 3", "registered 3", "owned 6", "registered 6", "owned 12", "registered 12");
  }

  @Test
  void warnAbove_setHigher_leavesOwnedThingsAt16() {
    CleanupManager lax = build(CleanupManager.builder("lax").listener(listener).warnAbove(5_000));
    grow(lax, "registered", 5_000);
    for (int i = 0; i < 16; i++) {
      lax.own("owned", () -> {});
    }
    assertThat(log).containsExactly("registered 5000", "owned 16");
  }

  @Test
  void warnAbove_of1_warnsOfTheFirst() {
    CleanupManager strict =
        build(CleanupManager.builder("strict").listener(listener).warnAbove(1));
    grow(strict, "a", 4);
    assertThat(log).containsExactly("a 1", "a 2", "a 4");
  }

  @Test
  void trackingDisabled_warnsOfNothing() {
    CleanupManager blind =
        build(CleanupManager.builder("blind").listener(listener).tracking(Tracking.DISABLED));
    grow(blind, "a", 3_000);
    Scope other = blind.child("other");
    for (int i = 0; i < 2_000; i++) {
      other.adopt(quiet(blind, "b"));
    }
    assertThat(log).isEmpty();
  }
}
