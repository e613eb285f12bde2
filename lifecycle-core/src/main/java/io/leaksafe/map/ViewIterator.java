package io.leaksafe.map;

import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** An iterator over a map, of which a view makes its own elements. */
abstract class ViewIterator<K, V, E> implements Iterator<E> {

  private final OwnedMap<K, V> map;
  private final Walk walk;
  private boolean has;
  private @Nullable K lastKey;

  ViewIterator(OwnedMap<K, V> map) {
    this.map = map;
    this.walk = new Walk(map.store());
    this.has = walk.advance();
  }

  abstract E element(K key, V value);

  @Override
  public final boolean hasNext() {
    return has;
  }

  @Override
  @SuppressWarnings("unchecked") // what was put is a K and a V
  public final E next() {
    if (!has) {
      throw new NoSuchElementException("There is no further entry.");
    }
    K key = (K) walk.key();
    V value = (V) walk.value();
    lastKey = key;
    has = walk.advance();
    return element(key, value);
  }

  @Override
  public final void remove() {
    if (lastKey == null) {
      throw new IllegalStateException(
          "There is no entry to remove: call next() first, and remove() once.");
    }
    map.remove(lastKey);
    lastKey = null;
  }
}
