package io.leaksafe.map;

import io.leaksafe.internal.check.Check;
import java.util.AbstractMap.SimpleEntry;
import java.util.AbstractMap.SimpleImmutableEntry;
import java.util.AbstractSet;
import java.util.Iterator;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The entries of a map. */
final class EntryView<K, V> extends AbstractSet<Map.Entry<K, V>> {

  private final OwnedMap<K, V> map;

  EntryView(OwnedMap<K, V> map) {
    this.map = map;
  }

  @Override
  public Iterator<Map.Entry<K, V>> iterator() {
    return new ViewIterator<>(map) {
      @Override
      Map.Entry<K, V> element(K key, V value) {
        return new WritingEntry<>(map, key, value);
      }
    };
  }

  /** An entry whose setting puts. */
  private static final class WritingEntry<K, V> extends SimpleEntry<K, V> {
    private static final long serialVersionUID = 1L;

    private final transient OwnedMap<K, V> map;

    WritingEntry(OwnedMap<K, V> map, K key, V value) {
      super(key, value);
      this.map = map;
    }

    @Override
    public V setValue(V value) {
      map.put(getKey(), value);
      return super.setValue(value);
    }
  }

  @Override
  public int size() {
    return map.size();
  }

  @Override
  public boolean contains(@Nullable Object entry) {
    if (entry instanceof Map.Entry<?, ?> asked && asked.getKey() != null) {
      Object value = map.store().look(asked.getKey());
      return value != null && value.equals(asked.getValue());
    }
    return false;
  }

  @Override
  public boolean remove(@Nullable Object entry) {
    return entry instanceof Map.Entry<?, ?> asked
        && asked.getKey() != null
        && map.remove(asked.getKey(), asked.getValue());
  }

  /** Removes an entry only with the value that was looked at. */
  @Override
  @SuppressWarnings("unchecked") // what was put is a K and a V
  public boolean removeIf(Predicate<? super Map.Entry<K, V>> filter) {
    Check.notNull(filter, "filter");
    boolean removed = false;
    Walk walk = new Walk(map.store());
    while (walk.advance()) {
      Map.Entry<K, V> entry = new SimpleImmutableEntry<>((K) walk.key(), (V) walk.value());
      removed |= filter.test(entry) && map.remove(walk.key(), walk.value());
    }
    return removed;
  }

  @Override
  public void clear() {
    map.clear();
  }
}
