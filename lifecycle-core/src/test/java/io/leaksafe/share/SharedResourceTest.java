package io.leaksafe.share;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.leaksafe.cleanup.CleanupException;
import io.leaksafe.cleanup.CloseReport;
import io.leaksafe.cleanup.CloseReport.Outcome;
import io.leaksafe.cleanup.Scope;
import io.leaksafe.handle.ClosedScopeException;
import io.leaksafe.handle.Handle;
import io.leaksafe.handle.HandleInfo;
import io.leaksafe.handle.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Who opens, who waits, who closes. */
class SharedResourceTest extends ShareTestCase {

  // ---- leases

  @Test
  void acquire_first_opensAndTheLastCloses() throws Exception {
    SharedResource<Client> share = share();
    assertThat(share.isOpen()).isFalse();
    Handle<Client> a = share.acquire(app);
    Handle<Client> b = share.acquire(app);
    assertThat(a.get()).isSameAs(b.get());
    assertThat(share.leases()).isEqualTo(2);
    a.close();
    a.close();
    assertThat(b.get().isOpen()).isTrue();
    assertThat(share.leases()).isEqualTo(1);
    b.close();
    assertThat(share.isOpen()).isFalse();
    assertThat(opened).hasValue(1);
    assertThat(closed).hasValue(1);
  }

  @Test
  void acquire_afterTheLastLease_opensAnew() throws Exception {
    SharedResource<Client> share = share();
    share.acquire(app).close();
    Handle<Client> again = share.acquire(app);
    assertThat(again.get()).hasToString("client 2");
    again.close();
    assertThat(closed).hasValue(2);
  }

  @Test
  void close_theHolder_givesItsLeaseBack() throws Exception {
    SharedResource<Client> share = share();
    Scope session = app.child("session");
    Handle<Client> lease = share.acquire(session);
    assertThat(lease.info().kind()).isEqualTo(Kind.LEASE);
    assertThat(lease.info().path()).isEqualTo("app/session/client");
    session.close();
    assertThat(share.leases()).isZero();
    assertThat(closed).hasValue(1);
    assertThatThrownBy(lease::get).isInstanceOf(ClosedScopeException.class);
  }

  @Test
  void acquire_forAClosedHolder_leavesNoLease() {
    SharedResource<Client> share = share();
    Scope session = app.child("session");
    session.close();
    assertThatThrownBy(() -> share.acquire(session)).isInstanceOf(ClosedScopeException.class);
    assertThat(share.leases()).isZero();
    assertThat(closed).hasValue(1);
  }

  @Test
  void handles_ofAShare_sayHowItIs() throws Exception {
    SharedResource<Client> share = share().linger(seconds(30));
    assertThat(details()).containsExactly("is=not open", "leases=0");
    Handle<Client> lease = share.acquire(app);
    assertThat(details()).containsExactly("is=open", "leases=1");
    lease.close();
    time.advance(seconds(10));
    assertThat(details()).containsExactly("is=open", "leases=0", "closes in=20 s");
    assertThat(share).hasToString("Shared 'app/client', {is=open, leases=0, closes in=20 s}");
  }

  private List<String> details() {
    HandleInfo info = app.handles().stream()
        .filter(handle -> handle.kind() == Kind.RESOURCE)
        .findFirst()
        .orElseThrow();
    return info.details().entrySet().stream().map(Object::toString).toList();
  }

  // ---- lingering

  @Test
  void linger_noNewLease_closesAfterThatTime() throws Exception {
    SharedResource<Client> share = share().linger(seconds(30));
    share.acquire(app).close();
    time.advance(seconds(29));
    assertThat(share.isOpen()).isTrue();
    time.advance(seconds(1));
    assertThat(share.isOpen()).isFalse();
    assertThat(log).containsExactly("30000 closed client 1");
  }

  @Test
  void linger_aNewLeaseMeanwhile_keepsItAndCountsAnew() throws Exception {
    SharedResource<Client> share = share().linger(seconds(30));
    share.acquire(app).close();
    time.advance(seconds(20));
    Handle<Client> lease = share.acquire(app);
    time.advance(seconds(100));
    assertThat(lease.get().isOpen()).isTrue();
    lease.close();
    time.advance(seconds(29));
    assertThat(opened).hasValue(1);
    assertThat(closed).hasValue(0);
    time.advance(seconds(1));
    assertThat(closed).hasValue(1);
  }

  @Test
  void close_theOwnerWhileItLingers_closesItAtOnce() throws Exception {
    Scope owner = app.child("owner");
    SharedResource<Client> share =
        SharedResource.in(owner, "client", this::open, this::close).linger(seconds(30));
    share.acquire(app).close();
    owner.close();
    assertThat(closed).hasValue(1);
    time.advance(seconds(60));
    assertThat(closed).hasValue(1);
  }

  @Test
  void linger_closerFails_isLoggedAndForgotten() throws Exception {
    SharedResource<Client> share = SharedResource.in(app, "client", this::open, client -> {
          close(client);
          throw new IOException("reset");
        })
        .linger(seconds(30));
    share.acquire(app).close();
    time.advance(seconds(30));
    share.acquire(app).close();
    assertThat(opened).hasValue(2);
  }

  // ---- opening

  @Test
  void acquire_byAHundredAtOnce_opensOnceAndClosesOnce() throws Exception {
    SharedResource<Client> share = slowShare(app);
    List<Client> seen = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      threads.add(start("session-" + i, () -> {
        Scope session = app.child("session");
        Client client = share.acquire(session).get();
        seen.add(client);
        time.sleep(seconds(seen.size()));
        assertThat(client.isOpen()).isTrue();
        session.close();
      }));
    }
    time.advance(seconds(200));
    assertThat(seen).hasSize(100).containsOnly(seen.get(0));
    assertThat(opened).hasValue(1);
    assertThat(closed).hasValue(1);
    assertThat(log).containsExactly("102000 closed client 1");
  }

  @Test
  void acquire_openingFails_isToldToAllWhoWaitAndNotRemembered() throws Exception {
    AtomicInteger tries = new AtomicInteger();
    SharedResource<Client> share = SharedResource.in(
        app,
        "client",
        () -> {
          time.sleep(seconds(1));
          if (tries.incrementAndGet() == 1) {
            throw new IOException("refused");
          }
          return open();
        },
        this::close);
    for (int i = 0; i < 3; i++) {
      start("session-" + i, () -> share.acquire(app));
    }
    time.advance(seconds(1));
    assertThat(log)
        .containsExactlyInAnyOrder(
            "1000 session-0: java.io.IOException: refused",
            "1000 session-1: java.io.IOException: refused",
            "1000 session-2: java.io.IOException: refused");
    assertThat(share.leases()).isZero();
    Handle<Client> lease = time.call(() -> share.acquire(app));
    assertThat(lease.get().isOpen()).isTrue();
    assertThat(tries).hasValue(2);
    lease.close();
  }

  @Test
  void acquire_openerIsInterrupted_anotherWhoWaitsOpens() throws Exception {
    SharedResource<Client> share = slowShare(app);
    Thread first = start("first", () -> share.acquire(app));
    Thread second = start("second", () -> log("got " + share.acquire(app).get()));
    time.advance(java.time.Duration.ofMillis(500));
    first.interrupt();
    time.advance(seconds(5));
    assertThat(log).hasSize(2);
    assertThat(log.get(0)).startsWith("500 first: java.lang.InterruptedException");
    assertThat(log.get(1)).isEqualTo("1500 got client 1");
    assertThat(time.join(second, 0)).isTrue();
  }

  @Test
  void acquire_waiterIsInterrupted_leavesTheOthersAlone() throws Exception {
    SharedResource<Client> share = slowShare(app);
    start("first", () -> log("got " + share.acquire(app).get()));
    time.advance(java.time.Duration.ofMillis(100));
    Thread second = start("second", () -> share.acquire(app));
    time.advance(java.time.Duration.ofMillis(400));
    second.interrupt();
    time.advance(seconds(5));
    assertThat(log)
        .containsExactly(
            "500 second: java.lang.InterruptedException: Interrupted while 'app/client' was being opened by another thread.",
            "1000 got client 1");
    assertThat(share.leases()).isEqualTo(1);
  }

  @Test
  void acquire_whileItCloses_waitsAndOpensAnew() throws Exception {
    SharedResource<Client> share = slowShare(app);
    start("first", () -> share.acquire(app).close());
    time.advance(java.time.Duration.ofMillis(1_500));
    assertThat(share.isOpen()).isFalse();
    start("second", () -> log("got " + share.acquire(app).get()));
    time.advance(seconds(5));
    assertThat(log).containsExactly("2000 closed client 1", "3000 got client 2");
  }

  @Test
  void acquire_inItsOwnOpenerOrCloser_isRefused() throws Exception {
    AtomicReference<SharedResource<Client>> itself = new AtomicReference<>();
    SharedResource<Client> opening =
        SharedResource.in(app, "opening", () -> itself.get().acquire(app).get(), this::close);
    itself.set(opening);
    assertThatThrownBy(() -> opening.acquire(app))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("'app/opening' is being opened by this very thread");
    SharedResource<Client> closing = SharedResource.in(app, "closing", this::open, client -> {
      close(client);
      itself.get().acquire(app);
    });
    itself.set(closing);
    Handle<Client> lease = closing.acquire(app);
    assertThatThrownBy(lease::close)
        .isInstanceOf(CleanupException.class)
        .hasStackTraceContaining("'app/closing' is being closed by this very thread");
    assertThat(closing.isOpen()).isFalse();
  }

  @Test
  void acquire_openerReturnsNull_isRefused() {
    SharedResource<Client> share = SharedResource.in(app, "client", () -> null, this::close);
    assertThatThrownBy(() -> share.acquire(app))
        .hasMessage("what the opener of 'client' returned must not be null.");
    assertThat(share.leases()).isZero();
  }

  // ---- the owner's close

  @Test
  void close_theOwnerWithALeaseOut_waitsForIt() throws Exception {
    Scope owner = app.child("owner");
    SharedResource<Client> share = SharedResource.in(owner, "client", this::open, this::close);
    Handle<Client> lease = share.acquire(app);
    start("holder", () -> {
      time.sleep(seconds(1));
      assertThat(catchThrowable(() -> share.acquire(app))).isInstanceOf(ClosedScopeException.class);
      lease.close();
    });
    CloseReport report = time.call(owner::shutdown);
    assertThat(report.clean()).isTrue();
    assertThat(log).containsExactly("1000 closed client 1");
  }

  @Test
  void close_theOwnerWithALeaseThatStays_closesAfterItsShareAndNamesTheHolder() throws Exception {
    Scope session = app.child("session");
    Scope owner = app.child("owner");
    SharedResource<Client> share = SharedResource.in(owner, "client", this::open, this::close);
    Handle<Client> lease = share.acquire(session);
    CloseReport report = time.call(owner::shutdown);
    assertThat(report.entries()).hasSize(1);
    assertThat(report.entries().get(0).outcome()).isEqualTo(Outcome.TIMED_OUT);
    assertThat(report.entries().get(0).error())
        .hasMessageStartingWith(
            "'app/owner/client' was closed while 1 lease was out: 'app/session/client', opened ")
        .hasMessageEndingWith(
            ". Close the holders first: give them scopes that are opened after it, or close their leases.");
    assertThat(closed).hasValue(1);
    assertThatThrownBy(lease::get).isInstanceOf(ClosedScopeException.class);
    assertThat(session.handles()).isEmpty();
    assertThat(share.leases()).isZero();
    assertThatThrownBy(() -> share.acquire(session))
        .isInstanceOf(ClosedScopeException.class)
        .hasMessage(
            "'app/owner/client' is closed or closing; no lease was given. Acquire it before close(), or share it "
                + "in a scope that lives longer.");
  }

  @Test
  void close_theRootWithHoldersOpenedLater_isClean() throws Exception {
    SharedResource<Client> share = share();
    for (int i = 0; i < 10; i++) {
      share.acquire(app.child("session"));
    }
    CloseReport report = time.call(app::shutdown);
    assertThat(report.clean()).isTrue();
    assertThat(opened).hasValue(1);
    assertThat(closed).hasValue(1);
    assertThat(time.elapsed()).isZero();
  }

  @Test
  void close_theOwnerWhileItOpens_leavesNothingOpen() throws Exception {
    Scope owner = app.child("owner");
    SharedResource<Client> share = slowShare(owner);
    start("opener", () -> share.acquire(app));
    start("waiter", () -> share.acquire(app));
    time.advance(java.time.Duration.ofMillis(500));
    CloseReport report = time.call(owner::shutdown);
    assertThat(report.clean()).isTrue();
    assertThat(opened).hasValue(1);
    assertThat(closed).hasValue(1);
    time.advance(seconds(1));
    assertThat(log).hasSize(3).anyMatch(line -> line.equals("2000 closed client 1"));
    assertThat(log).filteredOn(line -> line.contains("ClosedScopeException")).hasSize(2);
    assertThat(app.handles()).isEmpty();
  }

  @Test
  void close_theOwnerWhileItOpensForTooLong_reportsItAsLateInTheEnd() throws Exception {
    SharedResource<Client> share = SharedResource.in(
        app,
        "client",
        () -> {
          time.sleepUninterruptibly(seconds(60));
          return open();
        },
        this::close);
    start("opener", () -> share.acquire(app));
    time.advance(seconds(1));
    CloseReport report = time.call(app::shutdown);
    assertThat(report.entries().get(0).outcome()).isEqualTo(Outcome.HUNG);
    time.advance(seconds(60));
    assertThat(app.report().entries().get(0).outcome()).isEqualTo(Outcome.LATE);
    assertThat(closed).hasValue(1);
  }

  @Test
  void close_theLastLeaseAndTheCloserFails_isThatLeasesFailure() throws Exception {
    SharedResource<Client> share = SharedResource.in(app, "client", this::open, client -> {
      close(client);
      throw new IOException("reset");
    });
    Handle<Client> lease = share.acquire(app);
    assertThatThrownBy(lease::close)
        .isInstanceOf(CleanupException.class)
        .hasCauseInstanceOf(IOException.class);
    assertThat(share.isOpen()).isFalse();
  }

  @Test
  void in_wrongArguments_areRefused() {
    assertThatThrownBy(() -> SharedResource.in(app, " ", this::open, this::close))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> SharedResource.in(app, "c", null, this::close))
        .hasMessage("opener must not be null.");
    assertThatThrownBy(() -> SharedResource.in(app, "c", this::open, null))
        .hasMessage("closer must not be null.");
    assertThatThrownBy(() -> share().acquire(null)).hasMessage("holder must not be null.");
    assertThatThrownBy(() -> share().linger(seconds(-1)))
        .hasMessage("linger must be zero or longer, was -1 s.");
  }
}
