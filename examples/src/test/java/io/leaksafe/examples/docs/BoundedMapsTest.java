package io.leaksafe.examples.docs;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.leaksafe.cleanup.CleanupManager;
import io.leaksafe.cleanup.Scope;
import io.leaksafe.handle.Handle;
import io.leaksafe.map.BoundedMap;
import io.leaksafe.map.Eviction;
import io.leaksafe.map.LeasedMap;
import io.leaksafe.map.RemovalCause;
import io.leaksafe.testkit.VirtualTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How to bound state, how to cache, and how to lease resources. */
class BoundedMapsTest {

  private final VirtualTime time = VirtualTime.create();
  private final CleanupManager app =
      CleanupManager.builder("app").timeSource(time).build();
  private final List<String> log = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    time.run(app::close);
  }

  private record Call(String id) {}

  private record Price(String article) {}

  /** A connection that notes its end. */
  private final class Connection {
    private final String host;

    Connection(String host) {
      this.host = host;
    }

    void send(String what) {
      log.add(host + " " + what);
    }

    void disconnect() {
      log.add(host + " disconnected");
    }
  }

  private Price loadPrice(String article) {
    log.add("load " + article);
    return new Price(article);
  }

  private void freeLine(String line) {
    log.add("free " + line);
  }

  @Test
  void state_isBoundedBySizeAndTime() {
    Docs.onThreadNamed("main", this::fillCalls);
  }

  private void fillCalls() {
    // region state
    BoundedMap<String, Call> calls = BoundedMap.<String, Call>in(app, "calls")
        .maximumSize(10_000)
        .expireAfterWrite(ofMinutes(180))
        .build();
    // endregion
    for (int i = 0; i < 10_001; i++) {
      calls.put("c" + i, new Call("c" + i));
    }
    assertThat(calls).hasSize(10_000).doesNotContainKey("c0");
    String map = app.describe().lines().skip(1).findFirst().orElseThrow();
    Docs.assertShown("BoundedMapsTest", "listed", map);
    time.advance(ofMinutes(181));
    assertThat(calls).isEmpty();
  }

  @Test
  void fraction_dropsManyAtOnce() {
    // region fraction
    BoundedMap<Long, String> journal = BoundedMap.<Long, String>in(app, "journal")
        .maximumSize(10_000)
        .evictFraction(0.10) // full: the 1,000 oldest go at once
        .build();
    // endregion
    for (long i = 0; i <= 10_000; i++) {
      journal.put(i, "line");
    }
    assertThat(journal).hasSize(9_001);
  }

  @Test
  void transfers_freeTheirLineInTime() {
    // region each
    BoundedMap<String, String> transfers = BoundedMap.<String, String>in(app, "transfers")
        .maximumSize(1_000)
        .expireAfterWrite(ofHours(2)) // at most
        .onRemoval((call, line, cause) -> {
          if (cause == RemovalCause.EXPIRED) {
            freeLine(line);
          }
        })
        .build();
    transfers.put("c-7", "+1212", ofMinutes(30)); // this one
    // endregion
    time.advance(ofMinutes(30).plus(ofMillis(5)));
    assertThat(log).containsExactly("free +1212");
  }

  @Test
  void cache_keepsWhatIsAskedForAgain() {
    // region cache
    BoundedMap<String, Price> prices = BoundedMap.<String, Price>in(app, "prices")
        .maximumSize(50_000)
        .evict(Eviction.COLDEST)
        .expireAfterWrite(ofMinutes(10))
        .recordStats()
        .build();
    Price price = prices.computeIfAbsent("A-7", this::loadPrice);
    // endregion
    assertThat(price).isEqualTo(prices.get("A-7"));
    assertThat(log).containsExactly("load A-7");
    // region stats
    double ratio = prices.stats().hitRatio();
    // endregion
    assertThat(ratio).isEqualTo(0.5);
  }

  @Test
  void weight_countsWhatAnEntryTakes() {
    // region weight
    BoundedMap<String, byte[]> images = BoundedMap.<String, byte[]>in(app, "images")
        .maximumWeight(64_000_000) // bytes
        .weigher((name, image) -> image.length)
        .evict(Eviction.COLDEST)
        .build();
    // endregion
    images.put("a", new byte[1_000]);
    assertThat(images).hasSize(1);
  }

  @Test
  void circle_isAnError() {
    BoundedMap<String, Price> prices =
        BoundedMap.<String, Price>in(app, "prices").maximumSize(10).build();
    Throwable refused = catchThrowable(() -> Docs.onThreadNamed(
        "main",
        () ->
            prices.computeIfAbsent("A-7", key -> prices.computeIfAbsent("A-7", this::loadPrice))));
    Docs.assertShown("BoundedMapsTest", "circle", String.valueOf(refused.getMessage()));
  }

  @Test
  void leases_keepAValueOpen() throws Exception {
    Scope session = app.child("session");
    // region leased
    LeasedMap<String, Connection> connections = BoundedMap.<String, Connection>in(
            app, "connections")
        .maximumSize(100)
        .expireAfterAccess(ofMinutes(5))
        .buildLeased(Connection::disconnect);
    // endregion
    // region lease
    try (Handle<Connection> lease = connections.leaseOrLoad("eu-1", () -> new Connection("eu-1"))) {
      lease.get().send("hello");
    }
    // endregion
    // region adopt
    Handle<Connection> kept = session.adopt(connections.lease("eu-1").orElseThrow());
    // endregion
    connections.invalidate("eu-1");
    kept.get().send("still open");
    session.close();
    assertThat(log).containsExactly("eu-1 hello", "eu-1 still open", "eu-1 disconnected");
    time.advance(ofSeconds(1));
  }

  @Test
  void pinned_refusesWhenAllAreInUse() {
    // region pinned
    LeasedMap<String, Connection> connections = BoundedMap.<String, Connection>in(
            app, "connections")
        .maximumSize(1)
        .pinned()
        .buildLeased(Connection::disconnect);
    // endregion
    connections.put("eu-1", new Connection("eu-1"));
    assertThat(connections.lease("eu-1")).isPresent();
    Throwable refused = catchThrowable(() -> connections.put("eu-2", new Connection("eu-2")));
    Docs.assertShown("BoundedMapsTest", "in-use", String.valueOf(refused.getMessage()));
  }

  @Test
  void get_afterClose_saysSo() throws Exception {
    Scope session = app.child("session");
    BoundedMap<String, Price> prices =
        BoundedMap.<String, Price>in(session, "prices").maximumSize(10).build();
    session.close();
    Throwable refused = catchThrowable(() -> prices.get("A-7"));
    Docs.assertShown("BoundedMapsTest", "closed", String.valueOf(refused.getMessage()));
  }
}
