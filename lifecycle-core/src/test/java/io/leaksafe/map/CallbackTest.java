package io.leaksafe.map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.leaksafe.cleanup.Scope;
import io.leaksafe.handle.ClosedScopeException;
import io.leaksafe.handle.Handle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever a user's code does when a map calls it, the map stays sound, nobody waits, and of each value the listener is told once,
 * or it is closed once.
 */
class CallbackTest extends MapTestCase {

  /** What of the user's is called. */
  enum Callback {
    LISTENER,
    WEIGHER,
    RULE,
    LOADER,
    REMAPPER,
    VALUE_EQUALS
  }

  /** What of the user's is called by a map of leases. */
  enum LeasedCallback {
    LISTENER,
    OPENER,
    CLOSER
  }

  /** What it does. */
  enum Reaction {
    PUT,
    PUT_MANY,
    REMOVE,
    CLEAR,
    COMPUTE,
    COMPUTE_THE_SAME,
    CLOSE,
    THROW,
    THROW_AN_ERROR
  }

  private static final class Boom extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  private static final class FatalBoom extends Error {
    private static final long serialVersionUID = 1;
  }

  /** Equal to nothing but itself, which takes a call to find out. */
  private final class Value {
    private final int number;

    Value(int number) {
      this.number = number;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      called(Callback.VALUE_EQUALS);
      return this == other;
    }

    @Override
    public int hashCode() {
      return number;
    }

    @Override
    public String toString() {
      return "v" + number;
    }
  }

  private final Scope session = app.child("session");
  private final List<Object> told = Collections.synchronizedList(new ArrayList<>());
  private final List<Value> accepted = Collections.synchronizedList(new ArrayList<>());
  private final Throwable boom = new Boom();
  private final Error fatal = new FatalBoom();
  private @Nullable Enum<?> armed;
  private Runnable reaction = () -> {};
  private int values;

  /** The first call of the kind that is waited for does something. */
  private void called(Enum<?> callback) {
    if (armed == callback) {
      armed = null;
      reaction.run();
    }
  }

  private static void sneak(Throwable failure) {
    if (failure instanceof Error error) {
      throw error;
    }
    throw (RuntimeException) failure;
  }

  private Value value() {
    return new Value(values++);
  }

  static Stream<Arguments> all() {
    return Arrays.stream(Eviction.values())
        .flatMap(eviction -> Arrays.stream(Callback.values())
            .flatMap(callback -> Arrays.stream(Reaction.values())
                .map(reaction -> Arguments.of(eviction, callback, reaction))));
  }

  // ---- maps

  @ParameterizedTest
  @MethodSource("all")
  void callback_thatDoesAnything_leavesTheMapSound(
      Eviction eviction, Callback callback, Reaction does) throws Exception {
    BoundedMap<Integer, Value> map = map(eviction);
    for (int key = 1; key <= 3; key++) {
      put(map, key);
    }
    reaction = reaction(map, does);
    armed = callback;
    Throwable[] thrown = new Throwable[1];
    time.run(() -> thrown[0] = catchThrowable(() -> trigger(map, callback)));

    assertThat(armed).as("was called").isNull();
    check(thrown[0], callback, does);
    if (does != Reaction.CLOSE) {
      StoreCheck.verify(map);
      put(map, 7);
      assertThat(map.get(7)).isNotNull();
    }
    time.run(session::shutdown);
    time.settle();
    assertThat(told).doesNotHaveDuplicates();
    assertThat(told).containsAll(accepted);
    assertThat(time.elapsed()).as("waited").isEqualTo(Duration.ZERO);
  }

  private BoundedMap<Integer, Value> map(Eviction eviction) {
    return BoundedMap.<Integer, Value>in(session, "map")
        .maximumWeight(8)
        .weigher((key, value) -> {
          called(Callback.WEIGHER);
          return 1 + value.number % 2;
        })
        .evict(eviction)
        .expiry((key, value, event) -> {
          called(Callback.RULE);
          return seconds(60);
        })
        .onRemoval((key, value, cause) -> {
          told.add(value);
          called(Callback.LISTENER);
        })
        .build();
  }

  private void put(BoundedMap<Integer, Value> map, int key) {
    Value value = value();
    map.put(key, value);
    accepted.add(value);
  }

  private Runnable reaction(BoundedMap<Integer, Value> map, Reaction does) {
    return switch (does) {
      case PUT -> () -> put(map, 1);
      case PUT_MANY ->
        () -> {
          for (int key = 1; key < 30; key++) {
            put(map, key);
          }
        };
      case REMOVE -> () -> map.remove(1);
      case CLEAR -> map::clear;
      case COMPUTE -> () -> map.computeIfAbsent(20, key -> value());
      case COMPUTE_THE_SAME -> () -> map.compute(1, (key, old) -> value());
      case CLOSE -> session::close;
      case THROW -> () -> sneak(boom);
      case THROW_AN_ERROR -> () -> sneak(fatal);
    };
  }

  private void trigger(BoundedMap<Integer, Value> map, Callback callback) {
    switch (callback) {
      case LISTENER, WEIGHER, RULE -> put(map, 1);
      case LOADER -> {
        map.remove(1);
        map.computeIfAbsent(1, key -> {
          called(callback);
          return value();
        });
      }
      case REMAPPER ->
        map.compute(1, (key, old) -> {
          called(callback);
          return value();
        });
      case VALUE_EQUALS -> map.remove(1, value());
    }
  }

  private void check(@Nullable Throwable thrown, Enum<?> callback, Reaction does) {
    boolean ofNobody = callback == Callback.LISTENER
        || callback == LeasedCallback.LISTENER
        || callback == LeasedCallback.CLOSER;
    if (thrown == null) {
      assertThat(does == Reaction.THROW || does == Reaction.THROW_AN_ERROR)
          .as("swallowed")
          .isEqualTo(ofNobody && (does == Reaction.THROW || does == Reaction.THROW_AN_ERROR));
      return;
    }
    switch (does) {
      case THROW -> assertThat(thrown).isSameAs(boom);
      case THROW_AN_ERROR -> assertThat(thrown).isSameAs(fatal);
      case CLOSE -> assertThat(thrown).isInstanceOf(ClosedScopeException.class);
      case COMPUTE_THE_SAME -> assertThat(thrown).isInstanceOf(IllegalStateException.class);
      default -> throw new AssertionError("failed", thrown);
    }
    assertThat(ofNobody).as("thrown to who has nothing to do with it").isFalse();
  }

  // ---- maps of leases

  static Stream<Arguments> allLeased() {
    return Arrays.stream(Eviction.values())
        .flatMap(eviction -> Arrays.stream(LeasedCallback.values())
            .flatMap(callback -> Arrays.stream(Reaction.values())
                .map(reaction -> Arguments.of(eviction, callback, reaction))));
  }

  @ParameterizedTest
  @MethodSource("allLeased")
  void callbackOfLeases_thatDoesAnything_leavesNothingOpen(
      Eviction eviction, LeasedCallback callback, Reaction does) throws Exception {
    List<Object> closed = Collections.synchronizedList(new ArrayList<>());
    LeasedMap<Integer, Value> map = BoundedMap.<Integer, Value>in(session, "map")
        .maximumSize(6)
        .evict(eviction)
        .onRemoval((key, value, cause) -> called(LeasedCallback.LISTENER))
        .buildLeased(value -> {
          closed.add(value);
          called(LeasedCallback.CLOSER);
        });
    for (int key = 1; key <= 3; key++) {
      put(map, key);
    }
    reaction = reaction(map, does);
    armed = callback;
    Throwable[] thrown = new Throwable[1];
    time.run(() -> thrown[0] = catchThrowable(() -> trigger(map, callback)));

    assertThat(armed).as("was called").isNull();
    check(thrown[0], callback, does);
    if (does != Reaction.CLOSE) {
      put(map, 7);
      assertThat(map.contains(7)).isTrue();
    }
    time.run(session::shutdown);
    time.settle();
    assertThat(closed).doesNotHaveDuplicates().containsAll(accepted);
    assertThat(time.elapsed()).as("waited").isEqualTo(Duration.ZERO);
  }

  private void put(LeasedMap<Integer, Value> map, int key) {
    Value value = value();
    map.put(key, value);
    accepted.add(value);
  }

  private Runnable reaction(LeasedMap<Integer, Value> map, Reaction does) {
    return switch (does) {
      case PUT -> () -> put(map, 1);
      case PUT_MANY ->
        () -> {
          for (int key = 1; key < 30; key++) {
            put(map, key);
          }
        };
      case REMOVE -> () -> map.invalidate(1);
      case CLEAR -> map::invalidateAll;
      case COMPUTE -> () -> lease(map, 20);
      case COMPUTE_THE_SAME -> () -> lease(map, 1);
      case CLOSE -> session::shutdown;
      case THROW -> () -> sneak(boom);
      case THROW_AN_ERROR -> () -> sneak(fatal);
    };
  }

  private void lease(LeasedMap<Integer, Value> map, int key) {
    try (Handle<Value> lease = map.leaseOrLoad(key, this::value)) {
      assertThat(lease.get()).isNotNull();
    } catch (RuntimeException unchecked) {
      throw unchecked;
    } catch (Exception checked) {
      throw new AssertionError("nothing checked is thrown", checked);
    }
  }

  private void trigger(LeasedMap<Integer, Value> map, LeasedCallback callback) throws Exception {
    if (callback == LeasedCallback.OPENER) {
      map.invalidate(1);
      map.leaseOrLoad(1, () -> {
            called(callback);
            Value opened = value();
            accepted.add(opened);
            return opened;
          })
          .close();
    } else {
      put(map, 1);
    }
  }
}
