package io.leaksafe.map;

import io.leaksafe.map.Computations.Begun;
import io.leaksafe.map.Computations.Ended;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One call that computes a value: waits for its turn, runs the user's function under no lock, and puts the result. */
final class Computing<K, V> {

  private final OwnedMap<K, V> map;
  private final Store store;
  private final Computations computations;

  Computing(OwnedMap<K, V> map) {
    this.map = map;
    this.store = map.store();
    this.computations = new Computations(store);
  }

  /** Returns the value of a key that seemed to have none, or what the function returns, which is put then. */
  @SuppressWarnings("unchecked") // what was put is a V
  @Nullable
  V ifAbsent(K key, Function<? super K, ? extends V> function) {
    for (; ; ) {
      Begun begun = computations.begin(key, true);
      if (begun.mine() != null) {
        return load(begun.mine(), key, function);
      }
      Object value = begun.other() == null ? begun.value() : begun.other().await(store.time, key);
      if (value != null) {
        return (V) value;
      }
    }
  }

  @SuppressWarnings("unchecked") // what was put is a V
  private @Nullable V load(Computation mine, K key, Function<? super K, ? extends V> function) {
    V value = run(mine, key, null, (k, old) -> function.apply(k));
    if (finish(mine, key, null, value) == Ended.PUT || value == null) {
      return value;
    }
    store.discard(key, value, RemovalCause.REMOVED);
    V put = (V) store.look(key);
    return put == null ? value : put;
  }

  /** Puts what the function returns for the present value, or removes the key if that is null. */
  @SuppressWarnings("unchecked") // what was put is a V
  @Nullable
  V remap(K key, BiFunction<? super K, ? super @Nullable V, ? extends @Nullable V> function) {
    for (; ; ) {
      Begun begun = computations.begin(key, false);
      if (begun.other() != null) {
        begun.other().await(store.time, key);
      } else if (begun.mine() != null) {
        V old = (V) begun.value();
        V value = run(begun.mine(), key, old, function);
        if (finish(begun.mine(), key, old, value) == Ended.PUT) {
          return value;
        }
        if (value != null && value != old) {
          store.discard(key, value, RemovalCause.REMOVED);
        }
      }
    }
  }

  private @Nullable V run(
      Computation mine,
      K key,
      @Nullable V old,
      BiFunction<? super K, ? super @Nullable V, ? extends @Nullable V> function) {
    Counters counters = map.counting();
    long began = counters == null ? 0 : store.time.nanoTime();
    boolean returned = false;
    try {
      V value = function.apply(key, old);
      returned = value != null;
      return value;
    } catch (Throwable failure) {
      computations.abandon(mine);
      throw failure;
    } finally {
      if (counters != null) {
        counters.computed(returned, store.time.nanoTime() - began);
      }
    }
  }

  private Ended finish(Computation mine, K key, @Nullable V old, @Nullable V value) {
    int weight;
    try {
      weight = map.weighComputed(key, value);
    } catch (Throwable failure) {
      computations.abandon(mine);
      throw failure;
    }
    Ended ended = computations.end(mine, key, old, value, weight);
    if (ended == Ended.CLOSED) {
      if (value != null && value != old) {
        store.discard(key, value, RemovalCause.CLOSED);
      }
      throw store.closedException();
    }
    return ended;
  }
}
