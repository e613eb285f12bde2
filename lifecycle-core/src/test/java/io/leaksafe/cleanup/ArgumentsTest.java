package io.leaksafe.cleanup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leaksafe.handle.Handle;
import io.leaksafe.handle.HandleInfo;
import io.leaksafe.handle.Priority;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a scope and a handle refuse, in which words, and that nothing has happened then. */
class ArgumentsTest extends CleanupTestCase {

  private final CleanupManager app = manager();
  private final Handle<String> handle = open(app, "handle");

  private static void nothing(Object ignored) {}

  record Refused(String what, ThrowingCallable call, String message) {
    @Override
    public String toString() {
      return what;
    }
  }

  private void refusesWith(Class<? extends Exception> type, String message, ThrowingCallable call) {
    assertThatThrownBy(call).isExactlyInstanceOf(type).hasMessage(message);
    assertThat(names(app.handles())).containsExactly("handle");
  }

  private void refusesNull(String what, ThrowingCallable call) {
    refusesWith(NullPointerException.class, what + " must not be null.", call);
  }

  /** Each way to open something, with a name given. */
  private Stream<Refused> openings(String name) {
    return Stream.of(
        new Refused("own", () -> app.own(name, () -> log.add("closed")), ""),
        new Refused("register", () -> app.register(name, "a", ArgumentsTest::nothing), ""),
        new Refused(
            "registerAsync",
            () -> app.registerAsync(name, "a", a -> CompletableFuture.completedStage(a)),
            ""),
        new Refused(
            "open", () -> app.open(name, () -> log.add("opened"), ArgumentsTest::nothing), ""),
        new Refused("defer", () -> app.defer(name, () -> log.add("run")), ""),
        new Refused("child", () -> app.child(name), ""),
        new Refused("group", () -> app.group(name, 1), ""));
  }

  @Test
  void everyOpening_withoutAName_opensNothing() {
    openings(null).forEach(opening -> refusesNull("name", opening.call()));
    assertThat(log).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\t"})
  void everyOpening_withABlankName_opensNothing(String blank) {
    openings(blank)
        .forEach(opening -> refusesWith(
            IllegalArgumentException.class,
            "name must not be blank, was \"" + blank + "\". It is how reports and logs call this.",
            opening.call()));
    assertThat(log).isEmpty();
  }

  @Test
  void own_withoutAResource_ownsNothing() {
    refusesNull("resource", () -> app.own("a", null));
  }

  @Test
  void register_withoutResourceOrCloser_registersNothing() {
    refusesNull("resource", () -> app.register("a", null, ArgumentsTest::nothing));
    refusesNull("closer", () -> app.register("a", "a", null));
  }

  @Test
  void registerAsync_withoutResourceOrCloser_registersNothing() {
    refusesNull(
        "resource",
        () -> app.registerAsync("a", null, a -> CompletableFuture.completedStage(null)));
    refusesNull("closer", () -> app.registerAsync("a", "a", null));
  }

  @Test
  void open_withoutOpenerOrCloser_opensNothing() {
    refusesNull("opener", () -> app.open("a", null, ArgumentsTest::nothing));
    refusesNull("closer", () -> app.open("a", () -> log.add("opened"), null));
    assertThat(log).isEmpty();
  }

  @Test
  void open_whoseOpenerReturnsNull_registersNothing() {
    refusesNull(
        "what the opener of 'a' returned", () -> app.open("a", () -> null, ArgumentsTest::nothing));
  }

  @Test
  void defer_withoutAnAction_registersNothing() {
    refusesNull("action", () -> app.defer("a", null));
  }

  @Test
  void subscribe_withoutOneOfItsParts_addsNoListener() {
    Consumer<Object> add = listener -> log.add("added");
    refusesNull("add", () -> app.subscribe(null, ArgumentsTest::nothing, "listener"));
    refusesNull("remove", () -> app.subscribe(add, null, "listener"));
    refusesNull("listener", () -> app.subscribe(add, ArgumentsTest::nothing, null));
    assertThat(log).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
  void group_narrowerThanOne_opensNothing(int width) {
    refusesWith(
        IllegalArgumentException.class,
        "width must be 1 or more, was " + width + ".",
        () -> app.group("g", width));
  }

  @Test
  void adopt_ofNull_saysSo() {
    refusesNull("handle", () -> app.adopt(null));
  }

  @Test
  void adopt_ofAHandleMadeBySomebodyElse_namesItsClass() {
    refusesWith(
        IllegalArgumentException.class,
        "handle must be made by this library, was a " + Foreign.class.getName() + ".",
        () -> app.adopt(new Foreign()));
  }

  @Test
  void moveTo_ofNull_saysSo() throws Exception {
    Scope child = app.child("child");
    assertThatThrownBy(() -> child.moveTo(null))
        .isExactlyInstanceOf(NullPointerException.class)
        .hasMessage("owner must not be null.");
    assertThat(names(app.handles())).containsExactly("child", "handle");
  }

  @Test
  void priority_ofNull_keepsThePriority() {
    refusesNull("priority", () -> handle.priority(null));
    assertThat(handle.info().priority()).isEqualTo(Priority.NORMAL);
  }

  @Test
  void timeout_ofNull_saysSo() {
    refusesNull("timeout", () -> handle.timeout(null));
  }

  @Test
  void warnAfter_ofNull_saysSo() {
    refusesNull("warnAfter", () -> handle.warnAfter(null));
  }

  @ParameterizedTest
  @CsvSource({"PT0S, 0 ns", "PT-0.000000001S, -1 ns", "PT-1H, -1 h"})
  void timeoutAndWarnAfter_ofZeroOrLess_quoteIt(Duration duration, String shown) {
    refusesWith(
        IllegalArgumentException.class,
        "timeout must be longer than zero, was " + shown + ".",
        () -> handle.timeout(duration));
    refusesWith(
        IllegalArgumentException.class,
        "warnAfter must be longer than zero, was " + shown + ".",
        () -> handle.warnAfter(duration));
  }

  static Stream<Refused> managers() {
    return Stream.of(
        new Refused("create", () -> CleanupManager.create(null), "name must not be null."),
        new Refused("builder", () -> CleanupManager.builder(null), "name must not be null."),
        new Refused(
            "create",
            () -> CleanupManager.create(" "),
            "name must not be blank, was \" \". It is how reports and logs call this."),
        new Refused(
            "builder",
            () -> CleanupManager.builder(""),
            "name must not be blank, was \"\". It is how reports and logs call this."));
  }

  @ParameterizedTest
  @MethodSource("managers")
  void manager_withoutAName_isNotMade(Refused refused) {
    assertThatThrownBy(refused.call()).hasMessage(refused.message());
  }

  /** A handle that no scope made. */
  private static final class Foreign implements Handle<String> {
    @Override
    public String get() {
      throw new UnsupportedOperationException();
    }

    @Override
    public Handle<String> priority(Priority priority) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Handle<String> timeout(Duration own) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Handle<String> warnAfter(Duration age) {
      throw new UnsupportedOperationException();
    }

    @Override
    public String release() {
      throw new UnsupportedOperationException();
    }

    @Override
    public HandleInfo info() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
      throw new UnsupportedOperationException();
    }
  }
}
