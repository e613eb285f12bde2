package io.leaksafe.share;

import static org.assertj.core.api.Assertions.assertThat;

import io.leaksafe.cleanup.CleanupManager;
import io.leaksafe.cleanup.Scope;
import io.leaksafe.internal.tree.TreeCheck;
import io.leaksafe.internal.virtual.VirtualScheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;

/** A manager in virtual time, and clients that count how many of them were opened and closed; none is open after the test. */
abstract class ShareTestCase {

  /** What is shared. */
  static final class Client {
    private final int number;
    private boolean open = true;

    Client(int number) {
      this.number = number;
    }

    boolean isOpen() {
      return open;
    }

    @Override
    public String toString() {
      return "client " + number;
    }
  }

  final VirtualScheduler time = new VirtualScheduler();
  final CleanupManager app = CleanupManager.builder("app").timeSource(time).build();
  final AtomicInteger opened = new AtomicInteger();
  final AtomicInteger closed = new AtomicInteger();

  /** What happened, in order, from all threads. */
  final List<String> log = Collections.synchronizedList(new ArrayList<>());

  @AfterEach
  final void nothingIsLeftBehind() throws Exception {
    Thread.interrupted();
    TreeCheck.verify(app);
    time.run(app::shutdown);
    time.advance(Duration.ofDays(1));
    assertThat(app.handles()).isEmpty();
    assertThat(closed).hasValue(opened.get());
    assertThat(time.describe().lines().skip(1)).as("threads left behind").isEmpty();
  }

  final Client open() {
    return new Client(opened.incrementAndGet());
  }

  final void close(Client client) {
    assertThat(client.open).as("%s is open", client).isTrue();
    client.open = false;
    closed.incrementAndGet();
    log("closed " + client);
  }

  final void log(String what) {
    log.add(time.elapsed().toMillis() + " " + what);
  }

  final SharedResource<Client> share() {
    return SharedResource.in(app, "client", this::open, this::close);
  }

  /** A shared client that takes a second to open and a second to close. */
  final SharedResource<Client> slowShare(Scope owner) {
    return SharedResource.in(
        owner,
        "client",
        () -> {
          time.sleep(seconds(1));
          return open();
        },
        client -> {
          time.sleepUninterruptibly(seconds(1));
          close(client);
        });
  }

  final Thread start(String name, VirtualScheduler.Body body) {
    return time.startThread(name, () -> {
      try {
        body.run();
      } catch (Throwable e) {
        log(name + ": " + e);
      }
    });
  }

  static Duration seconds(long seconds) {
    return Duration.ofSeconds(seconds);
  }
}
