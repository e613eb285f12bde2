package io.leaksafe.schedule;

import static java.time.Duration.ofNanos;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leaksafe.cleanup.Scope;
import io.leaksafe.handle.Action;
import io.leaksafe.handle.ClosedScopeException;
import io.leaksafe.handle.Handle;
import io.leaksafe.handle.Priority;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class ArgumentsTest extends SchedulerTestCase {

  private static final Duration SECOND = ofSeconds(1);
  private static final ZoneId UTC = ZoneId.of("UTC");

  private final Action task = logs("task");

  private void refusesNull(String what, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOf(NullPointerException.class)
        .hasMessage(what + " must not be null.");
    assertThat(timers.size()).isZero();
  }

  private void refuses(String message, ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
    assertThat(timers.size()).isZero();
  }

  @Test
  void in_badArguments_areNamed() {
    refusesNull("owner", () -> ManagedScheduler.in(null, "timers"));
    refusesNull("name", () -> ManagedScheduler.in(app, null));
    refuses(
        "name must not be blank, was \" \". It is how reports and logs call this.",
        () -> ManagedScheduler.in(app, " "));
  }

  @Test
  void every_badArguments_areNamed() {
    refusesNull("key", () -> timers.every(null, SECOND, task));
    refusesNull("period", () -> timers.every("key", null, task));
    refusesNull("task", () -> timers.every("key", SECOND, null));
    refuses(
        "key must not be blank, was \"\". It is how reports and logs call this.",
        () -> timers.every("", SECOND, task));
    refuses(
        "period must be longer than zero, was 0 ns.",
        () -> timers.every("key", Duration.ZERO, task));
    refuses(
        "period must be longer than zero, was -1 ns.",
        () -> timers.every("key", ofNanos(-1), task));
  }

  @Test
  void everyAtFixedRate_badArguments_areNamed() {
    refusesNull("key", () -> timers.everyAtFixedRate(null, SECOND, task));
    refusesNull("period", () -> timers.everyAtFixedRate("key", null, task));
    refusesNull("task", () -> timers.everyAtFixedRate("key", SECOND, null));
    refuses(
        "period must be longer than zero, was 0 ns.",
        () -> timers.everyAtFixedRate("key", Duration.ZERO, task));
    refuses(
        "period must be longer than zero, was -1 s.",
        () -> timers.everyAtFixedRate("key", ofSeconds(-1), task));
  }

  @Test
  void after_badArguments_areNamed() {
    refusesNull("key", () -> timers.after(null, SECOND, task));
    refusesNull("delay", () -> timers.after("key", null, task));
    refusesNull("task", () -> timers.after("key", SECOND, null));
    refusesNull("delay", () -> timers.after(null, task));
    refusesNull("task", () -> timers.after(SECOND, null));
    refuses(
        "key must not be blank, was \"\t\". It is how reports and logs call this.",
        () -> timers.after("\t", SECOND, task));
  }

  @Test
  void at_badArguments_areNamed() {
    refusesNull("key", () -> timers.at(null, Instant.EPOCH, task));
    refusesNull("when", () -> timers.at("key", null, task));
    refusesNull("task", () -> timers.at("key", Instant.EPOCH, null));
  }

  @Test
  void daily_badArguments_areNamed() {
    refusesNull("key", () -> timers.daily(null, LocalTime.NOON, UTC, task));
    refusesNull("at", () -> timers.daily("key", null, UTC, task));
    refusesNull("zone", () -> timers.daily("key", LocalTime.NOON, null, task));
    refusesNull("task", () -> timers.daily("key", LocalTime.NOON, UTC, null));
  }

  @Test
  void ownedBy_null_isNamed() {
    refusesNull("scope", () -> timers.ownedBy(null));
  }

  @Test
  void every_badArguments_leaveThePresentTaskOfThatKey() {
    timers.every("key", SECOND, task);
    assertThatThrownBy(() -> timers.every("key", Duration.ZERO, logs("other")))
        .isInstanceOf(IllegalArgumentException.class);
    time.advance(SECOND);
    assertThat(log).containsExactly("1000 task");
  }

  // ---- closed owners

  @Test
  void in_closedScope_isRefused() {
    Scope part = app.child("part");
    part.shutdown();
    assertThatThrownBy(() -> ManagedScheduler.in(part, "timers"))
        .isInstanceOf(ClosedScopeException.class)
        .hasMessageStartingWith("'ArgumentsTest/part' is closed; 'timers' was ");
  }

  @Test
  void every_closedScheduler_isRefusedAndLeavesNothing() {
    Scope part = app.child("part");
    TaskScheduler own = (TaskScheduler) ManagedScheduler.in(part, "timers");
    part.shutdown();
    int pending = pending();
    for (ThrowingCallable call : new ThrowingCallable[] {
      () -> own.every("key", SECOND, task),
      () -> own.everyAtFixedRate("key", SECOND, task),
      () -> own.after("key", SECOND, task),
      () -> own.at("key", Instant.EPOCH, task),
      () -> own.daily("key", LocalTime.NOON, UTC, task)
    }) {
      assertThatThrownBy(call)
          .isInstanceOf(ClosedScopeException.class)
          .hasMessageStartingWith("'ArgumentsTest/part/timers' is closed; 'key' was ");
    }
    assertThatThrownBy(() -> own.after(SECOND, task)).isInstanceOf(ClosedScopeException.class);
    assertThatThrownBy(own::asScheduledExecutorService).isInstanceOf(ClosedScopeException.class);
    time.advance(SECOND);
    assertThat(log).isEmpty();
    assertThat(own.size()).isZero();
    assertThat(keysOf(own)).isEmpty();
    assertThat(pending()).isEqualTo(pending);
  }

  @Test
  void every_whileItsScopeCloses_isRefusedAndLeavesNothing() throws Exception {
    Scope part = app.child("part");
    TaskScheduler own = (TaskScheduler) ManagedScheduler.in(part, "timers");
    own.every("slow", SECOND, takes("slow", ofSeconds(2)));
    time.advance(ofSeconds(2));
    Thread closer = time.startThread("closer", part::shutdown);
    time.settle();
    assertThatThrownBy(() -> own.every("key", SECOND, task))
        .isInstanceOf(ClosedScopeException.class)
        .hasMessageStartingWith("'ArgumentsTest/part/timers' is closing; 'key' was ");
    time.advance(ofSeconds(5));
    assertThat(time.join(closer, Long.MAX_VALUE)).isTrue();
    assertThat(log).containsExactly("1000 slow begins", "3000 slow ends");
    assertThat(own.size()).isZero();
    assertThat(keysOf(own)).isEmpty();
  }

  // ---- what a timer's handle cannot do

  @Test
  void priority_ofATimer_isRefused() {
    Handle<Action> sweep = timers.every("sweep", SECOND, task);
    assertThatThrownBy(() -> sweep.priority(Priority.LAST))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessage(
            "Timer 'ArgumentsTest/timers/sweep' cannot change its priority; it closes with its scheduler.");
  }

  @Test
  void release_ofATimer_isRefused() {
    Handle<Action> sweep = timers.every("sweep", SECOND, task);
    assertThatThrownBy(sweep::release)
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessage("Timer 'ArgumentsTest/timers/sweep' cannot be released; without its scheduler "
            + "nothing would run it. Close it.");
    time.advance(SECOND);
    assertThat(log).containsExactly("1000 task");
  }

  @Test
  void adopt_ofATimer_isRefused() {
    Handle<Action> sweep = timers.every("sweep", SECOND, task);
    assertThatThrownBy(() -> app.child("session").adopt(sweep))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessage("Timer 'ArgumentsTest/timers/sweep' stays with its scheduler. Schedule it in a "
            + "view: ownedBy(scope).");
  }
}
