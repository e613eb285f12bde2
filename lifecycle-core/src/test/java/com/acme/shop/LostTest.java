package com.acme.shop;

import static org.assertj.core.api.Assertions.assertThat;

import io.leaksafe.cleanup.CleanupListener;
import io.leaksafe.cleanup.CleanupManager;
import io.leaksafe.cleanup.Scope;
import io.leaksafe.handle.Handle;
import io.leaksafe.handle.HandleInfo;
import io.leaksafe.handle.Tracking;
import io.leaksafe.internal.virtual.VirtualScheduler;
import io.leaksafe.map.BoundedMap;
import io.leaksafe.map.LeasedMap;
import io.leaksafe.schedule.ManagedScheduler;
import io.leaksafe.share.SharedByKey;
import io.leaksafe.share.SharedResource;
import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Leases and child scopes that are dropped unclosed: which of them are told of, when, and which are not. In a package of a
 * user's, since places of the library itself are none.
 */
class LostTest {

  private static final long LONG_ENOUGH_MILLIS = 30_000;

  private final VirtualScheduler time = new VirtualScheduler();
  private final List<String> log = Collections.synchronizedList(new ArrayList<>());
  private final List<CleanupManager> managers = new ArrayList<>();

  private final CleanupListener told = new CleanupListener() {
    @Override
    public void leaked(HandleInfo handle) {
      log.add("leaked " + handle.path());
      assertThat(handle.openedAtFrame())
          .hasValueSatisfying(frame -> assertThat(frame.getClassName()).contains("LostTest"));
    }

    @Override
    public void suspect(HandleInfo handle, String reason) {
      log.add("suspect " + reason);
    }
  };

  private final CleanupManager app = build(CleanupManager.builder("app").listener(told));

  @AfterEach
  void nothingIsLeftBehind() throws Exception {
    for (CleanupManager manager : managers) {
      time.run(manager::shutdown);
      assertThat(manager.check()).isEmpty();
      assertThat(manager.handles()).isEmpty();
    }
  }

  private CleanupManager build(CleanupManager.Builder builder) {
    CleanupManager manager = builder.timeSource(time).build();
    managers.add(manager);
    return manager;
  }

  private static Duration seconds(long seconds) {
    return Duration.ofSeconds(seconds);
  }

  private static List<String> names(List<HandleInfo> handles) {
    return handles.stream().map(HandleInfo::name).toList();
  }

  private static List<String> paths(List<HandleInfo> handles) {
    return handles.stream().map(HandleInfo::path).toList();
  }

  /**
   * Runs the collector until it has done so twice, as canaries prove: what was unreachable before is enqueued then, since the
   * references that one run finds are enqueued before those of the next.
   */
  private static void collectGarbage() {
    for (int canaries = 0; canaries < 2; canaries++) {
      ReferenceQueue<Object> queue = new ReferenceQueue<>();
      Reference<Object> canary = new PhantomReference<>(new Object(), queue);
      Reference<?> found = null;
      try {
        for (int tries = 0; found == null && tries < 100; tries++) {
          System.gc();
          found = queue.remove(LONG_ENOUGH_MILLIS / 100);
        }
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      assertThat(found).as("canary").isSameAs(canary);
    }
  }

  private SharedResource<String> share(Scope owner) {
    return SharedResource.in(owner, "client", () -> "client", client -> {});
  }

  private LeasedMap<String, String> map(CleanupManager owner) {
    LeasedMap<String, String> map = BoundedMap.<String, String>in(owner, "pool")
        .maximumSize(10)
        .buildLeased(value -> log.add(value + " closed"));
    map.put("a", "a");
    return map;
  }

  // ---- leases

  @Test
  void lease_ofAMapDropped_isToldOfOnceAndListedUntilItEnds() throws Exception {
    LeasedMap<String, String> map = map(app);
    assertThat(map.lease("a")).isPresent();
    collectGarbage();

    assertThat(paths(app.check())).containsExactly("app/pool/a");
    assertThat(paths(app.check())).containsExactly("app/pool/a");
    assertThat(log).containsExactly("leaked app/pool/a");

    time.run(app::shutdown);
    assertThat(app.check()).isEmpty();
  }

  @Test
  void lease_inAScopeThatOutlivesTheShare_isLeakedWhenDropped() throws Exception {
    SharedResource<String> client = share(app.child("service"));
    client.acquire(app);
    collectGarbage();

    assertThat(paths(app.check())).containsExactly("app/client");
    assertThat(log).containsExactly("leaked app/client");
  }

  @Test
  void lease_byKey_isLeakedWhenDropped() throws Exception {
    SharedByKey<String, String> clients = SharedByKey.in(app, "clients", key -> key, client -> {});
    clients.acquire("eu", app);
    collectGarbage();

    app.check();
    assertThat(log).containsExactly("leaked app/eu");
  }

  @Test
  void lease_heldOrClosed_isNotToldOf() throws Exception {
    LeasedMap<String, String> map = map(app);
    Handle<String> held = map.lease("a").orElseThrow();
    map.lease("a").orElseThrow().close();
    collectGarbage();

    assertThat(app.check()).isEmpty();
    assertThat(log).isEmpty();
    assertThat(held.get()).isEqualTo("a");
    held.close();
  }

  @Test
  void lease_inASessionThatEndsIt_isNotToldOf() throws Exception {
    SharedResource<String> client = share(app);
    Scope session = app.child("session");
    client.acquire(session);
    collectGarbage();

    assertThat(app.check()).isEmpty();
    assertThat(log).isEmpty();
    session.close();
    assertThat(client.leases()).isZero();
  }

  @Test
  void lease_inASession_isSuspectWhereOthersOfItsPlaceWereClosed() throws Exception {
    SharedResource<String> client = share(app);
    Scope session = app.child("session");
    for (int i = 0; i < 3; i++) {
      Handle<String> lease = client.acquire(session);
      if (i < 2) {
        lease.close();
      }
    }
    collectGarbage();

    assertThat(paths(app.check())).containsExactly("app/session/client");
    assertThat(log)
        .containsExactly(
            "suspect 'app/session/client' is open and was dropped, so nobody can close it before its "
                + "owner closes; 2 others from the same place were closed.");
    session.close();
  }

  @Test
  void lease_droppedAndClosedByItsOwnerMeanwhile_isNotToldOf() throws Exception {
    Scope service = app.child("service");
    SharedResource<String> client = share(service);
    client.acquire(service);
    service.close();
    collectGarbage();

    assertThat(app.check()).isEmpty();
    assertThat(log).isEmpty();
  }

  @Test
  void lease_adopted_staysWatched() throws Exception {
    LeasedMap<String, String> map = map(app);
    Handle<String> lease = map.lease("a").orElseThrow();
    assertThat(app.adopt(lease)).isSameAs(lease);
    lease = null;
    collectGarbage();

    app.check();
    assertThat(log).containsExactly("leaked app/a");
  }

  @Test
  void lease_adoptedByASessionThatEndsIt_isNotToldOf() throws Exception {
    LeasedMap<String, String> map = map(app);
    Scope session = app.child("session");
    session.adopt(map.lease("a").orElseThrow());
    collectGarbage();

    assertThat(app.check()).isEmpty();
    assertThat(log).isEmpty();
    session.close();
  }

  @Test
  void settings_ofAWatchedLease_areThoseOfItsNode() throws Exception {
    LeasedMap<String, String> map = map(app);
    Handle<String> lease = map.lease("a").orElseThrow();

    assertThat(lease.warnAfter(seconds(1)).timeout(seconds(1))).isSameAs(lease);
    time.advance(seconds(2));
    assertThat(paths(app.check())).containsExactly("app/pool/a");
    assertThat(lease.info().path()).isEqualTo("app/pool/a");
    assertThat(lease.release()).isEqualTo("a");
  }

  @Test
  void sweep_forOldHandles_tellsOfTheLostOnesToo() {
    CleanupManager other =
        build(CleanupManager.builder("other").warnAfter(seconds(80)).listener(told));
    LeasedMap<String, String> map = map(other);
    assertThat(map.lease("a")).isPresent();
    collectGarbage();

    time.advance(seconds(11));
    assertThat(log).containsExactly("leaked other/pool/a");
  }

  @Test
  void nextLease_ofAnyKind_tellsOfTheLostOnes() throws Exception {
    LeasedMap<String, String> map = map(app);
    assertThat(map.lease("a")).isPresent();
    collectGarbage();

    map.lease("a").orElseThrow().close();
    assertThat(log).containsExactly("leaked app/pool/a");
  }

  // ---- how many are watched

  @Test
  void leases_underSimple_areWatchedForTheFirstHundredAndThenSampled() {
    assertThat(dropped(build(CleanupManager.builder("some")), 10_100)).isBetween(110, 400);
  }

  @Test
  void leases_underParanoid_areAllWatched() {
    assertThat(dropped(build(CleanupManager.builder("all").tracking(Tracking.PARANOID)), 1_000))
        .isEqualTo(1_000);
  }

  @Test
  void leases_underDisabled_areNotWatched() {
    assertThat(dropped(build(CleanupManager.builder("none").tracking(Tracking.DISABLED)), 1_000))
        .isZero();
  }

  private int dropped(CleanupManager manager, int leases) {
    LeasedMap<String, String> map = map(manager);
    for (int i = 0; i < leases; i++) {
      assertThat(map.lease("a")).isPresent();
    }
    collectGarbage();
    return manager.check().size();
  }

  // ---- child scopes

  private Scope session(String name) {
    return app.child(name);
  }

  @Test
  void child_dropped_isSuspectOnlyWhereOthersOfItsPlaceWereClosed() {
    session("one").close();
    session("two").shutdown();
    session("lost");
    app.child("left to its owner on purpose");
    collectGarbage();

    assertThat(names(app.check())).containsExactly("lost");
    assertThat(log)
        .containsExactly(
            "suspect 'app/lost' is open and was dropped, so nobody can close it before its owner closes; "
                + "2 others from the same place were closed.");
  }

  @Test
  void child_heldByItsUserAlone_isNotToldOf() {
    session("closed").close();
    Scope held = session("held");
    collectGarbage();

    assertThat(app.check()).isEmpty();
    held.close();
  }

  @Test
  void child_droppedThoughItsTimersRun_isFound() {
    ManagedScheduler timers = ManagedScheduler.in(app, "timers");
    session("closed").close();
    timers.ownedBy(session("lost")).every("beat", seconds(1), () -> {});
    collectGarbage();

    assertThat(names(app.check())).containsExactly("lost");
  }

  @Test
  void child_behindAFace_doesAllThatAScopeDoes() throws Exception {
    Scope child = app.child("child");
    assertThat(child.getClass().getSimpleName()).isEqualTo("ScopeFace");
    Handle<String> first = child.register("first", "first", value -> {});
    child.own("second", () -> log.add("second"));
    child.defer("third", () -> log.add("third"));
    child.open("fourth", () -> "fourth", log::add);
    child.subscribe(listener -> {}, listener -> log.add("listener"), "l");
    child.child("below").defer("deep", () -> log.add("deep"));
    child.group("group", 2).defer("grouped", () -> log.add("grouped"));
    Scope other = app.child("other");
    other.moveTo(child);
    assertThat(app.adopt(first)).isSameAs(first);

    assertThat(child.name()).isEqualTo("child");
    assertThat(child.state()).isEqualTo(Scope.State.OPEN);
    assertThat(names(child.handles())).contains("second", "third", "fourth", "deep", "other");
    assertThat(child.describe()).contains("fourth");
    assertThat(child).hasToString("Scope 'app/child', OPEN, 7 handles");
    child.close();
    assertThat(log).containsExactly("listener", "grouped", "deep", "fourth", "third", "second");
    assertThat(child.shutdown().clean()).isTrue();
  }

  @Test
  void children_closedAndForgotten_leaveNothingWatched() {
    List<Scope> kept = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      Scope child = session("child");
      kept.add(child);
      child.close();
    }
    kept.clear();
    collectGarbage();

    assertThat(app.check()).isEmpty();
    assertThat(log).isEmpty();
  }
}
