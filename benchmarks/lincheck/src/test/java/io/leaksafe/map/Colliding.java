package io.leaksafe.map;

import java.util.AbstractMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** A map of numbers over one whose keys are all equal in hash, and in which so many others are already. */
final class Colliding extends AbstractMap<Integer, Integer> {

  private static final int FIRST_OTHER_KEY = 1_000;

  /** Compared by nothing but {@code equals}. */
  record Same(int number) {
    @Override
    public int hashCode() {
      return 42;
    }
  }

  /** Stands beside the table once there are many of its hash code. */
  record SameInOrder(int number) implements Comparable<SameInOrder> {
    @Override
    public int hashCode() {
      return 42;
    }

    @Override
    public int compareTo(SameInOrder other) {
      return Integer.compare(number, other.number);
    }
  }

  private final Map<Object, Integer> map;
  private final IntFunction<Object> keys;

  Colliding(Map<Object, Integer> map, IntFunction<Object> keys, int others) {
    this.map = map;
    this.keys = keys;
    for (int i = 0; i < others; i++) {
      map.put(keys.apply(FIRST_OTHER_KEY + i), i);
    }
  }

  private Object key(Object number) {
    return keys.apply((Integer) number);
  }

  @Override
  public @Nullable Integer get(Object number) {
    return map.get(key(number));
  }

  @Override
  public @Nullable Integer put(Integer number, Integer value) {
    return map.put(key(number), value);
  }

  @Override
  public @Nullable Integer putIfAbsent(Integer number, Integer value) {
    return map.putIfAbsent(key(number), value);
  }

  @Override
  public @Nullable Integer remove(Object number) {
    return map.remove(key(number));
  }

  @Override
  public boolean remove(Object number, Object value) {
    return map.remove(key(number), value);
  }

  @Override
  public @Nullable Integer replace(Integer number, Integer value) {
    return map.replace(key(number), value);
  }

  @Override
  public boolean replace(Integer number, Integer expected, Integer value) {
    return map.replace(key(number), expected, value);
  }

  @Override
  public @Nullable Integer compute(
      Integer number,
      BiFunction<? super Integer, ? super @Nullable Integer, ? extends @Nullable Integer>
          function) {
    return map.compute(key(number), (key, old) -> function.apply(number, old));
  }

  @Override
  public @Nullable Integer computeIfPresent(
      Integer number,
      BiFunction<? super Integer, ? super Integer, ? extends @Nullable Integer> function) {
    return map.computeIfPresent(key(number), (key, old) -> function.apply(number, old));
  }

  @Override
  public @Nullable Integer merge(
      Integer number,
      Integer value,
      BiFunction<? super Integer, ? super Integer, ? extends @Nullable Integer> function) {
    return map.merge(key(number), value, function);
  }

  @Override
  public Set<Map.Entry<Integer, Integer>> entrySet() {
    throw new UnsupportedOperationException("no operation of these tests");
  }
}
