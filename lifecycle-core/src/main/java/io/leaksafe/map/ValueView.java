package io.leaksafe.map;

import io.leaksafe.internal.check.Check;
import java.util.AbstractCollection;
import java.util.Iterator;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The values of a map. */
final class ValueView<K, V> extends AbstractCollection<V> {

  private final OwnedMap<K, V> map;

  ValueView(OwnedMap<K, V> map) {
    this.map = map;
  }

  @Override
  public Iterator<V> iterator() {
    return new ViewIterator<>(map) {
      @Override
      V element(K key, V value) {
        return value;
      }
    };
  }

  @Override
  public int size() {
    return map.size();
  }

  @Override
  public boolean contains(@Nullable Object value) {
    return map.containsValue(value);
  }

  /** Removes an entry only with the value that was looked at. */
  @Override
  @SuppressWarnings("unchecked") // what was put is a V
  public boolean removeIf(Predicate<? super V> filter) {
    Check.notNull(filter, "filter");
    boolean removed = false;
    Walk walk = new Walk(map.store());
    while (walk.advance()) {
      removed |= filter.test((V) walk.value()) && map.remove(walk.key(), walk.value());
    }
    return removed;
  }

  @Override
  public void clear() {
    map.clear();
  }
}
