package io.leaksafe.timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leaksafe.cleanup.Scope;
import io.leaksafe.handle.ClosedScopeException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** One stage that many wait for. */
class SharedTest extends TimeoutTestCase {

  private final CompletableFuture<String> source = new CompletableFuture<>();
  private final SharedStage<String> shared = Timeouts.shared(source);
  private final Scope session = app.child("session");

  @Test
  void shared_anyNumberOfCallers_attachesOnce() {
    for (int i = 0; i < 10; i++) {
      assertThat(shared.within(session, SECOND)).isNotDone();
    }
    assertThat(source.getNumberOfDependents()).isEqualTo(1);
    assertThat(shared.waiting()).isEqualTo(10);
    source.complete("value");
  }

  @Test
  void within_sourceCompletes_allHaveItsValueInOrderOfArrival() {
    for (int i = 0; i < 5; i++) {
      String name = "caller-" + i;
      shared.within(session, name, SECOND).thenAccept(value -> log(name + " " + value));
    }
    source.complete("value");
    assertThat(log)
        .containsExactly(
            "0 caller-0 value",
            "0 caller-1 value",
            "0 caller-2 value",
            "0 caller-3 value",
            "0 caller-4 value");
    assertThat(shared.waiting()).isZero();
    assertThat(pending()).isZero();
    assertThat(shared).hasToString("Shared stage, ended");
  }

  @Test
  void within_sourceFails_allHaveTheSameFailure() {
    CompletableFuture<String> before = shared.within(session, SECOND);
    IOException failure = new IOException("reset");
    source.completeExceptionally(failure);
    assertThat(failureOf(before)).isSameAs(failure);
    assertThat(failureOf(shared.within(session, SECOND))).isSameAs(failure);
    assertThat(pending()).isZero();
  }

  @Test
  void within_sourceHasEnded_costsNoTimer() {
    source.complete(null);
    assertThat(shared.within(session, SECOND)).isCompletedWithValue(null);
    assertThat(shared.within(session, Duration.ZERO)).isCompletedWithValue(null);
    assertThat(pending()).isZero();
  }

  @Test
  void within_limitPasses_oneGivesUpAndTheOthersWaitOn() {
    CompletableFuture<String> patient = shared.within(session, seconds(5));
    CompletableFuture<String> hasty = shared.within(session, "hasty", SECOND);
    CompletableFuture<String> endless = shared.within(session);
    time.advance(SECOND);
    assertThat(failureOf(hasty))
        .isInstanceOf(TimeoutException.class)
        .hasMessageStartingWith("'app/session/hasty' was not done after 1 s; it was cancelled.");
    assertThat(source).isNotDone();
    assertThat(shared.waiting()).isEqualTo(2);
    assertThat(shared).hasToString("Shared stage, 2 waiting");
    source.complete("value");
    assertThat(patient).isCompletedWithValue("value");
    assertThat(endless).isCompletedWithValue("value");
  }

  @Test
  void within_noTimeLeft_timesOutAtOnce() {
    assertThat(failureOf(shared.within(session, Duration.ZERO)))
        .isInstanceOf(TimeoutException.class);
    assertThat(shared.waiting()).isZero();
  }

  @Test
  void cancel_resultOrDerivedStage_leavesAtOnceAndNotTheSource() {
    CompletableFuture<String> one = shared.within(session, SECOND);
    CompletableFuture<String> two = shared.within(session, SECOND);
    one.cancel(true);
    two.thenApply(String::length).cancel(true);
    assertThat(two).isCancelled();
    assertThat(shared.waiting()).isZero();
    assertThat(pending()).isZero();
    assertThat(source).isNotDone();
  }

  @Test
  void within_ownerCloses_itsCallersGiveUpAndThoseOfOthersDoNot() throws Exception {
    CompletableFuture<String> here = shared.within(session);
    CompletableFuture<String> there = shared.within(app);
    time.run(session::close);
    time.settle();
    assertThat(failureOf(here)).isInstanceOf(ClosedScopeException.class);
    assertThat(there).isNotDone();
    assertThat(shared.waiting()).isEqualTo(1);
    assertThat(failureOf(shared.within(session, SECOND))).isInstanceOf(ClosedScopeException.class);
    assertThat(shared.waiting()).isEqualTo(1);
    there.cancel(true);
  }

  @Test
  void within_callerCompletedByADependentOfAnother_isNotCompletedTwice() {
    List<CompletableFuture<String>> all = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      all.add(shared.within(session, SECOND));
    }
    all.get(0).thenRun(() -> {
      all.get(1).cancel(true);
      all.get(5).complete("mine");
      log("new " + shared.within(session, SECOND).join());
    });
    source.complete("value");
    assertThat(all.get(1)).isCancelled();
    assertThat(all.subList(2, 5)).allMatch(each -> each.join().equals("value"));
    assertThat(all.get(5)).isCompletedWithValue("mine");
    assertThat(log).containsExactly("0 new value");
    assertThat(shared.waiting()).isZero();
  }

  @Test
  void within_leftInAnyOrder_theOthersStay() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    List<CompletableFuture<String>> model = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      if (model.isEmpty() || random.nextInt(5) < 3) {
        model.add(shared.within(session, SECOND));
      } else {
        model.remove(random.nextInt(model.size())).cancel(true);
      }
      assertThat(shared.waiting()).as("seed %d", seed).isEqualTo(model.size());
    }
    List<CompletableFuture<String>> order = Collections.synchronizedList(new ArrayList<>());
    model.forEach(each -> each.thenRun(() -> order.add(each)));
    source.complete("value");
    assertThat(order).as("seed %d", seed).isEqualTo(model);
    assertThat(pending()).isZero();
  }

  @Test
  void within_manyThreadsComeAndGoWhileTheSourceCompletes_everyResultEnds() throws Exception {
    for (int round = 0; round < 30; round++) {
      CompletableFuture<String> each = new CompletableFuture<>();
      SharedStage<String> many = Timeouts.shared(each);
      AtomicInteger values = new AtomicInteger();
      List<Thread> threads = new ArrayList<>();
      for (int t = 0; t < 4; t++) {
        Thread thread = new Thread(() -> {
          for (int i = 0; i < 200; i++) {
            CompletableFuture<String> result = many.within(session, SECOND);
            if (i % 2 == 0) {
              result.cancel(true);
            }
            result.thenRun(values::incrementAndGet);
          }
        });
        thread.start();
        threads.add(thread);
      }
      each.complete("value");
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(many.waiting()).isZero();
      assertThat(values.get()).isGreaterThanOrEqualTo(400);
      assertThat(timeouts()).isEmpty();
    }
  }

  @Test
  void shared_badArguments_throwsAndSaysWhich() {
    assertThatThrownBy(() -> Timeouts.shared(null)).hasMessage("source must not be null.");
    assertThatThrownBy(() -> shared.within(null)).hasMessage("owner must not be null.");
    assertThatThrownBy(() -> shared.within(app, null)).hasMessage("limit must not be null.");
    assertThatThrownBy(() -> shared.within(app, "", SECOND))
        .hasMessageStartingWith("name must not be blank");
  }
}
