package io.leaksafe.map;

import java.util.AbstractSet;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** The keys of a map. */
final class KeyView<K, V> extends AbstractSet<K> {

  private final OwnedMap<K, V> map;

  KeyView(OwnedMap<K, V> map) {
    this.map = map;
  }

  @Override
  public Iterator<K> iterator() {
    return new ViewIterator<>(map) {
      @Override
      K element(K key, V value) {
        return key;
      }
    };
  }

  @Override
  public int size() {
    return map.size();
  }

  @Override
  public boolean contains(@Nullable Object key) {
    return map.containsKey(key);
  }

  @Override
  public boolean remove(@Nullable Object key) {
    return map.remove(key) != null;
  }

  @Override
  public void clear() {
    map.clear();
  }
}
