package io.leaksafe.map;

import io.leaksafe.handle.Kind;
import io.leaksafe.handle.Priority;
import io.leaksafe.internal.check.Check;
import io.leaksafe.internal.tree.OwnerNode;
import java.time.Duration;
import java.util.AbstractMap;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The contract of a concurrent map over a store. */
final class OwnedMap<K, V> extends AbstractMap<K, V> implements BoundedMap<K, V> {

  private final Store store;
  private final @Nullable Weigher<? super K, ? super V> weigher;
  private final @Nullable Counters counters;

  OwnedMap(Store store, @Nullable Weigher<? super K, ? super V> weigher) {
    this.store = store;
    this.weigher = weigher;
    this.counters = store.counters;
  }

  static <K, V> OwnedMap<K, V> open(MapBuilder<K, V> settings) {
    OwnerNode owner = settings.owner();
    Supplier<String> path = new Path(owner, settings.name());
    Store store = settings.store(owner, path, settings.listener(), null);
    owner.attach(settings.name(), Kind.MAP, Priority.NORMAL, store, Store::close);
    return new OwnedMap<>(store, settings.weigher());
  }

  /** Where a map stands, though its owner may move. */
  private record Path(OwnerNode owner, String name) implements Supplier<String> {
    @Override
    public String get() {
      return owner.path() + "/" + name;
    }
  }

  Store store() {
    return store;
  }

  // ---- reading

  @Override
  @SuppressWarnings("unchecked") // what was put is a V
  public @Nullable V get(@Nullable Object key) {
    Object value = store.read(Check.notNull(key, "key"));
    if (counters != null) {
      counters.read(value != null);
    }
    return (V) value;
  }

  @Override
  public V getOrDefault(@Nullable Object key, V other) {
    V value = get(key);
    return value == null ? other : value;
  }

  /** As {@link #get}, but does not count as a read. */
  @SuppressWarnings("unchecked") // what was put is a V
  @Nullable
  V look(Object key) {
    return (V) store.look(key);
  }

  @Override
  public boolean containsKey(@Nullable Object key) {
    return store.look(Check.notNull(key, "key")) != null;
  }

  @Override
  public boolean containsValue(@Nullable Object value) {
    Object wanted = Check.notNull(value, "value");
    Walk walk = new Walk(store);
    while (walk.advance()) {
      if (wanted.equals(walk.value())) {
        return true;
      }
    }
    return false;
  }

  @Override
  public int size() {
    return store.size();
  }

  @Override
  public boolean isEmpty() {
    return store.size() == 0;
  }

  @Override
  public MapStats stats() {
    if (counters == null) {
      throw new UnsupportedOperationException("Map '" + store.path.get()
          + "' counts nothing, so that it costs nothing. Build it with recordStats().");
    }
    return counters.copy();
  }

  // ---- putting

  @Override
  public @Nullable V put(K key, V value) {
    return put(key, value, false, null);
  }

  @Override
  public @Nullable V putIfAbsent(K key, V value) {
    return put(key, value, true, null);
  }

  @Override
  public @Nullable V put(K key, V value, Duration timeToStay) {
    Check.positiveNanos(timeToStay, "timeToStay");
    if (store.expiry == null) {
      throw new UnsupportedOperationException(
          "Map '" + store.path.get()
              + "' was built without expiry, so that its entries have no room for a time; key '"
              + key
              + "' was not put. Build it with expireAfterWrite of the longest time, or with expiry(rule).");
    }
    return put(key, value, false, timeToStay);
  }

  @SuppressWarnings("unchecked") // what was put is a V
  private @Nullable V put(K key, V value, boolean onlyIfAbsent, @Nullable Duration own) {
    Check.notNull(key, "key");
    Check.notNull(value, "value");
    return (V) store.put(key, value, onlyIfAbsent, own, weigh(key, value));
  }

  private int weigh(K key, V value) {
    if (weigher == null) {
      return 1;
    }
    int weight = weigher.weigh(key, value);
    if (weight < 1) {
      throw new IllegalArgumentException("The weigher of map '" + store.path.get()
          + "' must return 1 or more, returned " + weight + " for key '" + key + "'.");
    }
    return weight;
  }

  @Override
  @SuppressWarnings("unchecked") // what was put is a V
  public @Nullable V replace(K key, V value) {
    Check.notNull(key, "key");
    Check.notNull(value, "value");
    return (V) store.replace(key, null, value, weigh(key, value));
  }

  @Override
  public boolean replace(K key, V expected, V value) {
    Check.notNull(key, "key");
    Check.notNull(expected, "oldValue");
    Check.notNull(value, "newValue");
    return store.replace(key, expected, value, weigh(key, value)) != null;
  }

  @Override
  public void replaceAll(BiFunction<? super K, ? super V, ? extends V> function) {
    Check.notNull(function, "function");
    Walk walk = new Walk(store);
    while (walk.advance()) {
      replaceOne(walk, function);
    }
  }

  @SuppressWarnings("unchecked") // what was put is a K and a V
  private void replaceOne(Walk walk, BiFunction<? super K, ? super V, ? extends V> function) {
    K key = (K) walk.key();
    V old = (V) walk.value();
    while (!replace(
        key, old, Check.notNull(function.apply(key, old), "what the function returned"))) {
      V now = (V) store.look(key);
      if (now == null) {
        return;
      }
      old = now;
    }
  }

  // ---- removing

  @Override
  @SuppressWarnings("unchecked") // what was put is a V
  public @Nullable V remove(@Nullable Object key) {
    return (V) store.remove(Check.notNull(key, "key"));
  }

  @Override
  public boolean remove(@Nullable Object key, @Nullable Object value) {
    Object present = Check.notNull(key, "key");
    return value != null && store.remove(present, value);
  }

  @Override
  public void clear() {
    store.clear();
  }

  // ---- computing

  @Override
  @SuppressWarnings("unchecked") // what was put is a V
  public @Nullable V computeIfAbsent(K key, Function<? super K, ? extends V> function) {
    Check.notNull(function, "function");
    Object present = store.read(Check.notNull(key, "key"));
    if (counters != null) {
      counters.read(present != null);
    }
    return (V) (present != null ? present : new Computing<>(this).ifAbsent(key, function));
  }

  @Override
  public @Nullable V computeIfPresent(
      K key, BiFunction<? super K, ? super V, ? extends @Nullable V> function) {
    Check.notNull(key, "key");
    Check.notNull(function, "function");
    return new Computing<>(this)
        .remap(key, (k, old) -> old == null ? null : function.apply(k, old));
  }

  @Override
  public @Nullable V compute(
      K key, BiFunction<? super K, ? super @Nullable V, ? extends @Nullable V> function) {
    Check.notNull(key, "key");
    return new Computing<>(this).remap(key, Check.notNull(function, "function"));
  }

  @Override
  public @Nullable V merge(
      K key, V value, BiFunction<? super V, ? super V, ? extends @Nullable V> function) {
    Check.notNull(key, "key");
    Check.notNull(value, "value");
    Check.notNull(function, "function");
    return new Computing<>(this)
        .remap(key, (k, old) -> old == null ? value : function.apply(old, value));
  }

  /** Weighs what was computed. */
  int weighComputed(K key, @Nullable V value) {
    return value == null ? 1 : weigh(key, value);
  }

  @Nullable
  Counters counting() {
    return counters;
  }

  // ---- views

  @Override
  @SuppressWarnings("unchecked") // what was put is a K and a V
  public void forEach(BiConsumer<? super K, ? super V> action) {
    Check.notNull(action, "action");
    Walk walk = new Walk(store);
    while (walk.advance()) {
      action.accept((K) walk.key(), (V) walk.value());
    }
  }

  @Override
  public Set<K> keySet() {
    return new KeyView<>(this);
  }

  @Override
  public Collection<V> values() {
    return new ValueView<>(this);
  }

  @Override
  public Set<Map.Entry<K, V>> entrySet() {
    return new EntryView<>(this);
  }

  @Override
  public String toString() {
    return store.isClosed() ? "Map '" + store.path.get() + "', closed" : super.toString();
  }
}
