package io.leaksafe.internal.virtual;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.leaksafe.internal.virtual.Actor.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;

/** A virtual time for each test, which looks after the test whether every thread has ended and the books agree. */
abstract class VirtualTestCase {

  static final long FOREVER = Long.MAX_VALUE;

  final VirtualScheduler time = new VirtualScheduler();

  /** What happened, in order, from all threads. */
  final List<String> log = Collections.synchronizedList(new ArrayList<>());

  @AfterEach
  void everyThreadHasEndedAndTheBooksAgree() {
    time.settle();
    checkBooks();
    assertThat(time.describe().lines().skip(1)).as("threads left behind").isEmpty();
  }

  final void checkBooks() {
    synchronized (time.baton) {
      List<Actor> busy = time.baton.busy();
      List<Actor> waiting = time.baton.waiting();
      assertThat(Stream.concat(busy.stream(), waiting.stream())).doesNotHaveDuplicates();
      assertThat(waiting).allMatch(actor -> actor.state == State.WAITING);
      assertThat(busy)
          .noneMatch(actor -> actor.state == State.WAITING || actor.state == State.FREE);
      assertThat(busy.stream().filter(actor -> actor.state == State.RUNNING).collect(toSet()))
          .hasSizeLessThanOrEqualTo(1);
    }
  }

  /** Adds a line that begins with the present moment in milliseconds. */
  final void log(String what) {
    log.add(time.elapsed().toMillis() + " " + what);
  }

  /** Runs what should throw and logs the message. */
  final void logFailure(ThrowingCallable action) {
    Throwable thrown = catchThrowable(action);
    log(thrown == null ? "nothing thrown" : String.valueOf(thrown.getMessage()));
  }

  final Thread start(String name, Runnable body) {
    return time.startThread(name, body);
  }

  final void park(long millis) {
    time.park(this, Duration.ofMillis(millis).toNanos());
  }

  /** Returns once the thread waits in virtual time. */
  final void awaitWaiting(Thread thread) {
    while (!waits(thread)) {
      Thread.onSpinWait();
    }
  }

  final boolean waits(Thread thread) {
    synchronized (time.baton) {
      return time.baton.waiting().stream().anyMatch(actor -> thread.equals(actor.thread));
    }
  }

  /** Starts a thread that virtual time knows nothing of. */
  static Thread startOutside(String name, Runnable body) {
    Thread thread = new Thread(body, name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }
}
