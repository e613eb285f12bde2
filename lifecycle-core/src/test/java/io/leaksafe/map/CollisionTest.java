package io.leaksafe.map;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CollisionTest extends MapTestCase {

  private static final int KEYS = 10_000;

  /** All equal in hash. */
  private record Same(int number) {
    @Override
    public int hashCode() {
      return 42;
    }
  }

  /** The same, and comparable. */
  private record SameInOrder(int number) implements Comparable<SameInOrder> {
    @Override
    public int hashCode() {
      return 42;
    }

    @Override
    public int compareTo(SameInOrder other) {
      return Integer.compare(number, other.number);
    }
  }

  @ParameterizedTest
  @EnumSource(Eviction.class)
  void tenThousandKeysOfOneHashCode_areUsable(Eviction eviction) {
    use(eviction, Same::new);
    use(eviction, SameInOrder::new);
  }

  /** Of a map that evicts the coldest, all keys of one hash code belong to one shard; the others keep 4 entries each. */
  private static final int OTHERS = 4 * 64;

  private <K> void use(Eviction eviction, IntFunction<K> key) {
    BoundedMap<K, Integer> map =
        BoundedMap.<K, Integer>in(app, "map").maximumSize(KEYS).evict(eviction).build();
    for (int i = 0; i < KEYS; i++) {
      map.put(key.apply(i), i);
    }
    int found = 0;
    for (int i = 0; i < KEYS; i++) {
      Integer value = map.get(key.apply(i));
      assertThat(value).isIn(i, null);
      found += value == null ? 0 : 1;
    }
    assertThat(found).isGreaterThan(KEYS - OTHERS).isEqualTo(map.size());
    for (int i = 0; i < KEYS; i += 2) {
      map.remove(key.apply(i));
      assertThat(map.containsKey(key.apply(i))).isFalse();
    }
    for (int i = KEYS; i < 2 * KEYS; i++) {
      map.put(key.apply(i), i);
    }
    assertThat(map).hasSizeBetween(KEYS - OTHERS, KEYS);
    StoreCheck.verify(map);
  }

  @Test
  void keysInAPattern_areSpreadOverTheTable() {
    BoundedMap<Integer, String> map = map().maximumSize(100_000).build();
    for (int i = 0; i < 50_000; i++) {
      map.put(i << 12, "v");
    }
    @Nullable Cell[] cells = ((OwnedMap<Integer, String>) map).store().cells;
    int longest = 0;
    for (Cell first : cells) {
      int length = 0;
      for (Cell cell = first; cell != null; cell = cell.next) {
        length++;
      }
      longest = Math.max(longest, length);
    }
    assertThat(longest).isLessThan(20);
  }
}
