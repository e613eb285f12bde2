package io.leaksafe.map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leaksafe.cleanup.CloseReport;
import io.leaksafe.cleanup.Scope;
import io.leaksafe.handle.ClosedScopeException;
import io.leaksafe.handle.Handle;
import io.leaksafe.handle.HandleInfo;
import io.leaksafe.handle.Kind;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class LeasedMapTest extends MapTestCase {

  private final Scope pool = app.child("pool");

  private MapBuilder<String, String> connections() {
    return BoundedMap.in(pool, "connections");
  }

  private LeasedMap<String, String> open(int maximum) {
    return connections().maximumSize(maximum).buildLeased(value -> log.add("closed " + value));
  }

  @Test
  void evicted_whileLeased_isClosedAfterTheLastLease() {
    LeasedMap<String, String> map = open(1);
    map.put("a", "A");
    Handle<String> first = map.lease("a").orElseThrow();
    Handle<String> second = map.lease("a").orElseThrow();

    map.put("b", "B");
    assertThat(map.lease("a")).isEmpty();
    assertThat(first.get()).isEqualTo("A");
    first.close();
    assertThat(log).isEmpty();
    second.close();

    assertThat(log).containsExactly("closed A");
    first.close();
    assertThat(log).as("a second end of a lease changes nothing").hasSize(1);
  }

  @Test
  void lease_onceClosed_isNotLiveAnyMore_andASecondCloseIsCounted() {
    LeasedMap<String, String> map = open(1);
    map.put("a", "A");
    Handle<String> lease = map.lease("a").orElseThrow();
    assertThat(pool.handles()).extracting(HandleInfo::kind).contains(Kind.LEASE);

    lease.close();
    assertThat(pool.handles()).extracting(HandleInfo::kind).doesNotContain(Kind.LEASE);
    assertThatThrownBy(lease::get).isInstanceOf(ClosedScopeException.class);
    assertThatThrownBy(lease::release).isInstanceOf(ClosedScopeException.class);
    lease.close();
    assertThat(lease.info().details()).containsEntry("closed again", "1 time");

    map.invalidate("a");
    assertThat(log).as("the second close took no lease of another").containsExactly("closed A");
  }

  /** One with a time limit of its own is closed as everything else is: looked after, and listed meanwhile. */
  @Test
  void lease_withATimeout_closesTheValueAllTheSame() throws Exception {
    LeasedMap<String, String> map = open(1);
    map.put("a", "A");
    Handle<String> lease = map.lease("a").orElseThrow().timeout(seconds(1));
    map.put("b", "B");

    time.run(lease::close);

    assertThat(log).containsExactly("closed A");
  }

  @Test
  void invalidated_withoutALease_isClosedAtOnce() {
    LeasedMap<String, String> map = open(2);
    map.put("a", "A");

    assertThat(map.invalidate("a")).isTrue();
    assertThat(map.invalidate("a")).isFalse();

    assertThat(log).containsExactly("closed A");
  }

  @Test
  void put_ofTheSameInstance_closesNothing() {
    LeasedMap<String, String> map = open(2);
    map.put("a", "A");
    map.put("a", "A");
    assertThat(log).isEmpty();
    map.put("a", "other");
    assertThat(log).containsExactly("closed A");
  }

  @Test
  void leaseOrLoad_opensOnceAndLeases() throws Exception {
    LeasedMap<String, String> map = open(2);

    try (Handle<String> lease = map.leaseOrLoad("a", () -> "A");
        Handle<String> again = map.leaseOrLoad("a", () -> "never")) {
      assertThat(again.get()).isEqualTo("A");
      map.invalidateAll();
      assertThat(lease.get()).isEqualTo("A");
      assertThat(log).isEmpty();
    }
    assertThat(log).containsExactly("closed A");
  }

  @Test
  void leaseOrLoad_thatFails_throwsWhatTheOpenerThrew() {
    LeasedMap<String, String> map = open(2);

    assertThatThrownBy(() -> map.leaseOrLoad("a", () -> {
          throw new IOException("no route");
        }))
        .isInstanceOf(IOException.class)
        .hasMessage("no route");
    assertThat(map.size()).isZero();
  }

  @Test
  void expired_whileLeased_isClosedAfterTheLease() {
    LeasedMap<String, String> map = connections()
        .maximumSize(2)
        .expireAfterWrite(seconds(5))
        .buildLeased(value -> log.add("closed " + value));
    map.put("a", "A");
    map.put("b", "B");
    Handle<String> lease = map.lease("a").orElseThrow();
    time.advance(seconds(6));

    assertThat(map.size()).isZero();
    assertThat(log).containsExactly("closed B");
    lease.close();
    assertThat(log).containsExactly("closed B", "closed A");
  }

  @Test
  void pinned_keepsWhatIsLeased_andRefusesWhenEverythingIs() {
    for (Eviction eviction : Eviction.values()) {
      LeasedMap<String, String> map = BoundedMap.<String, String>in(pool, "pinned " + eviction)
          .maximumSize(2)
          .evict(eviction)
          .pinned()
          .buildLeased(value -> log.add("closed " + value));
      map.put("a", "A");
      map.put("b", "B");
      Handle<String> lease = map.lease("a").orElseThrow();

      map.put("c", "C");
      assertThat(map.contains("a")).as("leased, under %s", eviction).isTrue();

      map.lease("c").ifPresent(each -> log.add("leased c"));
      map.lease("b").ifPresent(each -> log.add("leased b"));
      assertThatThrownBy(() -> map.put("d", "D"))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("is full, and all of its 2 entries are in use; nothing was put.");
      assertThat(log).contains("closed D");
      lease.close();
      map.put("e", "E");
      assertThat(map.size()).isEqualTo(2);
      log.clear();
    }
  }

  @Test
  void close_ofTheOwner_endsTheLeasesAndThenClosesTheValues() {
    LeasedMap<String, String> map = open(3);
    map.put("a", "A");
    map.put("b", "B");
    Handle<String> lease = map.lease("a").orElseThrow();

    CloseReport report = pool.shutdown();

    assertThat(report.clean()).isTrue();
    assertThat(log).containsExactlyInAnyOrder("closed A", "closed B");
    assertThatThrownBy(lease::get).isInstanceOf(ClosedScopeException.class);
    assertThatThrownBy(() -> map.lease("a")).isInstanceOf(ClosedScopeException.class);
    assertThatThrownBy(() -> map.put("c", "C")).isInstanceOf(ClosedScopeException.class);
    assertThat(log).contains("closed C");
  }

  @Test
  void closer_thatFails_isReportedAndThrowsToNobody() {
    LeasedMap<String, String> map = connections().maximumSize(1).buildLeased(value -> {
      log.add("closing " + value);
      throw new IOException("broken pipe");
    });
    map.put("a", "A");
    map.put("b", "B");
    assertThat(log).containsExactly("closing A");
    assertThat(map.size()).isOne();

    CloseReport report = pool.shutdown();
    assertThat(report.entries()).anySatisfy(entry -> {
      assertThat(entry.handle().name()).isEqualTo("b");
      assertThat(entry.outcome()).isEqualTo(CloseReport.Outcome.FAILED);
    });
  }

  @Test
  void leases_areListedWithTheirOpener() {
    LeasedMap<String, String> map = open(3);
    map.put("a", "A");
    Handle<String> lease = map.lease("a").orElseThrow();

    List<HandleInfo> leases =
        app.handles().stream().filter(handle -> handle.kind() == Kind.LEASE).toList();
    assertThat(leases).singleElement().satisfies(info -> {
      assertThat(info.path()).isEqualTo("app/pool/connections/a");
      assertThat(info.openedBy()).isEqualTo(Thread.currentThread().getName());
      assertThat(info.origin()).as("the stack of its opening").isNotEmpty();
    });
    assertThat(app.handles().stream().filter(handle -> handle.kind() == Kind.MAP))
        .singleElement()
        .satisfies(info -> assertThat(info.details()).containsEntry("entries", "1 of 3"));
    lease.close();
  }

  @Test
  void lease_adoptedByASession_endsWithIt() {
    LeasedMap<String, String> map = open(1);
    Scope session = app.child("session");
    map.put("a", "A");
    session.adopt(map.lease("a").orElseThrow());
    map.put("b", "B");
    assertThat(log).isEmpty();

    session.close();
    assertThat(log).containsExactly("closed A");
  }

  @Test
  void listener_hearsOfTheOpenValue_beforeItIsClosed() {
    LeasedMap<String, String> map = connections()
        .maximumSize(1)
        .onRemoval((key, value, cause) -> log.add(key + "=" + value + " " + cause))
        .buildLeased(value -> log.add("closed " + value));
    map.put("a", "A");
    map.put("b", "B");

    assertThat(log).containsExactly("a=A EVICTED", "closed A");
  }
}
