package io.leaksafe.share;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leaksafe.cleanup.CleanupManager;
import io.leaksafe.cleanup.CloseReport;
import io.leaksafe.cleanup.Scope;
import io.leaksafe.handle.ClosedScopeException;
import io.leaksafe.handle.Handle;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** One shared resource for each key, as long as somebody uses it. */
class SharedByKeyTest extends ShareTestCase {

  private SharedByKey<String, Client> shares() {
    return SharedByKey.in(app, "clients", key -> open(), this::close);
  }

  @Test
  void acquire_severalKeys_opensOneEach() throws Exception {
    SharedByKey<String, Client> shares = shares();
    Handle<Client> a = shares.acquire("a", app);
    Handle<Client> again = shares.acquire("a", app);
    Handle<Client> b = shares.acquire("b", app);
    assertThat(a.get()).isSameAs(again.get()).isNotSameAs(b.get());
    assertThat(shares.size()).isEqualTo(2);
    assertThat(app.handles())
        .extracting(handle -> handle.path())
        .contains("app/clients/a", "app/clients/b");
    assertThat(shares).hasToString("Shared 'app/clients' by key, 2 keys");
  }

  @Test
  void close_theLastLeaseOfAKey_leavesNothingOfIt() throws Exception {
    SharedByKey<String, Client> shares = shares();
    for (int i = 0; i < 1_000; i++) {
      shares.acquire("key-" + i, app).close();
    }
    assertThat(shares.size()).isZero();
    assertThat(app.handles()).hasSize(1);
    assertThat(closed).hasValue(1_000);
  }

  @Test
  void linger_aKey_leavesWhenItIsOver() throws Exception {
    SharedByKey<String, Client> shares = shares().linger(seconds(10));
    shares.acquire("a", app).close();
    time.advance(seconds(9));
    shares.acquire("a", app).close();
    assertThat(opened).hasValue(1);
    time.advance(seconds(10));
    assertThat(shares.size()).isZero();
    assertThat(app.handles()).hasSize(1);
  }

  @Test
  void acquire_openingFails_leavesNothingOfTheKey() {
    SharedByKey<String, Client> shares = SharedByKey.in(
        app,
        "clients",
        key -> {
          throw new IOException("no " + key);
        },
        this::close);
    assertThatThrownBy(() -> shares.acquire("a", app))
        .isInstanceOf(IOException.class)
        .hasMessage("no a");
    assertThat(shares.size()).isZero();
    assertThat(app.handles()).hasSize(1);
  }

  @Test
  void close_theOwner_closesAllKeys() throws Exception {
    Scope owner = app.child("owner");
    SharedByKey<String, Client> shares =
        SharedByKey.in(owner, "clients", key -> open(), this::close);
    shares.linger(seconds(60));
    shares.acquire("a", app).close();
    shares.acquire("b", app).close();
    CloseReport report = time.call(owner::shutdown);
    assertThat(report.clean()).isTrue();
    assertThat(closed).hasValue(2);
    assertThat(shares.size()).isZero();
    assertThatThrownBy(() -> shares.acquire("c", app)).isInstanceOf(ClosedScopeException.class);
    assertThat(shares.size()).isZero();
  }

  @Test
  void threads_thatAcquireAndClose_neverHoldWhatIsClosed() throws Exception {
    CleanupManager real = CleanupManager.create("real");
    SharedByKey<Integer, Client> shares =
        SharedByKey.in(real, "clients", key -> open(), this::close);
    AtomicReference<Throwable> failure = new AtomicReference<>();
    CountDownLatch ready = new CountDownLatch(3);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      Thread thread = new Thread(() -> {
        Random random = new Random();
        try {
          ready.countDown();
          ready.await();
          for (int j = 0; j < 5_000; j++) {
            Handle<Client> lease = shares.acquire(random.nextInt(2), real);
            assertThat(lease.get().isOpen()).isTrue();
            lease.close();
          }
        } catch (Throwable thrown) {
          failure.compareAndSet(null, thrown);
        }
      });
      thread.start();
      threads.add(thread);
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(failure.get()).isNull();
    assertThat(shares.size()).isZero();
    assertThat(real.shutdown().clean()).isTrue();
    assertThat(closed).hasValue(opened.get());
  }
}
