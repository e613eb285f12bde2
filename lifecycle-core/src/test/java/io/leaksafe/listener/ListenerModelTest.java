package io.leaksafe.listener;

import static org.assertj.core.api.Assertions.assertThat;

import io.leaksafe.cleanup.Scope;
import io.leaksafe.handle.Handle;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** Random operations against a plain list, also from within listeners; and several threads at once. */
class ListenerModelTest extends ListenerTestCase {

  private record Added(String name, Handle<Heard> handle, Scope scope) {}

  private final List<Added> model = new ArrayList<>();
  private final List<String> expected = new ArrayList<>();
  private Scope session = app.child("session");
  private int names;

  @RepeatedTest(20)
  void randomOperations_callTheSameAsAPlainList() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    events.warnAbove(Integer.MAX_VALUE);
    for (int i = 0; i < 2_000; i++) {
      operate(random, i);
      assertThat(events.size()).as("seed %d, step %d", seed, i).isEqualTo(model.size());
      if (i % 50 == 0) {
        ListenerCheck.verify(events);
      }
    }
    assertThat(heard).as("seed %d", seed).isEqualTo(expected);
  }

  private void operate(Random random, int step) {
    int kind = random.nextInt(100);
    if (kind < 40) {
      add(app);
    } else if (kind < 50) {
      add(session);
    } else if (kind < 80 && !model.isEmpty()) {
      model.remove(random.nextInt(model.size())).handle().close();
    } else if (kind < 98) {
      model.forEach(each -> expected.add(each.name() + " " + step));
      fire("" + step);
    } else {
      closeSession();
    }
  }

  private void add(Scope scope) {
    String name = "l" + names++;
    Heard listener = hears(name);
    Handle<Heard> handle = scope == app ? events.add(listener) : events.add(scope, listener);
    model.add(new Added(name, handle, scope));
  }

  private void closeSession() {
    session.close();
    for (Iterator<Added> all = model.iterator(); all.hasNext(); ) {
      if (all.next().scope() == session) {
        all.remove();
      }
    }
    session = app.child("session");
  }

  @Test
  void threads_thatAddCloseAndFire_neitherLoseNorCallWhatIsGone() throws Exception {
    events.warnAbove(Integer.MAX_VALUE);
    int rounds = 20_000;
    AtomicReference<Throwable> failure = new AtomicReference<>();
    AtomicInteger calls = new AtomicInteger();
    events.add(event -> calls.incrementAndGet());
    CountDownLatch ready = new CountDownLatch(3);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      threads.add(start(ready, failure, () -> {
        for (int j = 0; j < rounds; j++) {
          AtomicInteger mine = new AtomicInteger();
          Handle<Heard> first = events.add(event -> mine.incrementAndGet());
          Handle<Heard> second = events.add(event -> mine.addAndGet(0));
          first.close();
          int after = mine.get();
          fire("mine");
          assertThat(mine.get() - after).as("calls after the close").isLessThanOrEqualTo(1);
          second.close();
        }
      }));
    }
    threads.add(start(ready, failure, () -> {
      for (int j = 0; j < rounds; j++) {
        fire("other");
      }
    }));
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(failure.get()).isNull();
    assertThat(calls.get()).as("calls of the one that stays").isEqualTo(3 * rounds);
    assertThat(events.size()).isEqualTo(1);
  }

  private static Thread start(
      CountDownLatch ready, AtomicReference<Throwable> failure, Runnable body) {
    Thread thread = new Thread(() -> {
      try {
        ready.countDown();
        ready.await();
        body.run();
      } catch (Throwable thrown) {
        failure.compareAndSet(null, thrown);
      }
    });
    thread.start();
    return thread;
  }
}
