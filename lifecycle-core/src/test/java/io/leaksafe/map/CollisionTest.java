package io.leaksafe.map;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
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

  /** Equal in hash, and all the same to compareTo; or not comparable with their like at all. */
  private record Indistinct(int number) implements Comparable<Indistinct> {
    @Override
    public int hashCode() {
      return 42;
    }

    @Override
    public int compareTo(Indistinct other) {
      return 0;
    }
  }

  @SuppressWarnings("ComparableType") // it is what this test is about
  private record ComparedWithText(int number) implements Comparable<String> {
    @Override
    public int hashCode() {
      return 42;
    }

    @Override
    public int compareTo(String other) {
      return 0;
    }
  }

  @ParameterizedTest
  @EnumSource(Eviction.class)
  void comparableKeysOfOneHashCode_areFoundAmongThemselvesInFewComparisons(Eviction eviction) {
    AtomicInteger asked = new AtomicInteger();
    record Counted(int number, AtomicInteger asked) implements Comparable<Counted> {
      @Override
      public int hashCode() {
        return 42;
      }

      @Override
      public boolean equals(Object other) {
        asked.incrementAndGet();
        return other instanceof Counted counted && counted.number == number;
      }

      @Override
      public int compareTo(Counted other) {
        asked.incrementAndGet();
        return Integer.compare(number, other.number);
      }
    }
    BoundedMap<Counted, Integer> map = BoundedMap.<Counted, Integer>in(app, "map")
        .maximumSize(KEYS)
        .evict(eviction)
        .build();
    List<IntConsumer> each = List.of(
        i -> map.put(new Counted(i, asked), i),
        i -> map.get(new Counted(i, asked)),
        i -> map.put(new Counted(i, asked), -i),
        i -> map.compute(new Counted(i, asked), (key, old) -> i),
        i -> map.remove(new Counted(i, asked)),
        i -> map.put(new Counted(KEYS + i, asked), i));
    for (IntConsumer operation : each) {
      asked.set(0);
      for (int i = 0; i < KEYS; i++) {
        operation.accept(i);
      }
      assertThat(asked.get() / KEYS).as("comparisons for one operation").isLessThan(150);
    }
    StoreCheck.verify(map);
  }

  @Test
  void keysThatCompareAsEqual_orNotAtAll_andOthersBesides_areKeptApart() {
    BoundedMap<Object, Integer> map =
        BoundedMap.<Object, Integer>in(app, "map").maximumSize(1_000).build();
    List<IntFunction<Object>> kinds = List.of(
        SameInOrder::new, Indistinct::new, Same::new, ComparedWithText::new, i -> i * 1_000);
    for (IntFunction<Object> kind : kinds) {
      for (int i = 0; i < 50; i++) {
        assertThat(map.put(kind.apply(i), i)).isNull();
      }
    }
    assertThat(map).hasSize(5 * 50);
    for (IntFunction<Object> kind : kinds) {
      for (int i = 0; i < 50; i++) {
        assertThat(map.get(kind.apply(i))).isEqualTo(i);
        assertThat(map.remove(kind.apply(i))).isEqualTo(i);
        assertThat(map.get(kind.apply(i))).isNull();
      }
    }
    assertThat(map).isEmpty();
    StoreCheck.verify(map);
  }

  /** Equal in hash; its compareTo may break. */
  record Broken(int number, AtomicBoolean broken) implements Comparable<Broken> {
    @Override
    public int hashCode() {
      return 42;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Broken key && key.number == number;
    }

    @Override
    public int compareTo(Broken other) {
      if (broken.get()) {
        throw new IllegalStateException("no order");
      }
      return Integer.compare(number, other.number);
    }
  }

  /** Whether keys can be compared shows once a chain has many of one hash code: then there is no way back for what is put. */
  @ParameterizedTest
  @EnumSource(Eviction.class)
  void keysWhoseCompareToThrows_stayInTheirChain(Eviction eviction) {
    AtomicBoolean broken = new AtomicBoolean(true);
    BoundedMap<Broken, Integer> map = BoundedMap.<Broken, Integer>in(app, "map")
        .maximumSize(100)
        .evict(eviction)
        .build();
    for (int i = 0; i < 40; i++) {
      assertThat(map.put(new Broken(i, broken), i)).isNull();
    }
    assertThat(map).hasSize(40);
    for (int i = 0; i < 20; i++) {
      assertThat(map.remove(new Broken(i, broken))).isEqualTo(i);
    }
    broken.set(false); // what verifies the map compares keys, too
    StoreCheck.verify(map);
    assertThat(map).hasSize(20);
  }

  @ParameterizedTest
  @EnumSource(Eviction.class)
  void keysWhoseCompareToBeginsToThrow_leaveAllTheSame(Eviction eviction) {
    AtomicBoolean broken = new AtomicBoolean();
    BoundedMap<Broken, Integer> map = BoundedMap.<Broken, Integer>in(app, "map")
        .maximumSize(100)
        .evict(eviction)
        .build();
    for (int i = 0; i < 40; i++) {
      map.put(new Broken(i, broken), i);
    }

    broken.set(true);
    map.clear();
    broken.set(false);

    assertThat(map).isEmpty();
    for (int i = 0; i < 40; i++) {
      assertThat(map.get(new Broken(i, broken))).isNull();
      assertThat(map.put(new Broken(i, broken), -i)).isNull();
    }
    for (int i = 0; i < 40; i++) {
      assertThat(map.remove(new Broken(i, broken))).isEqualTo(-i);
    }
    assertThat(map).isEmpty();
  }

  @Test
  void comparableKeysOfOneHashCode_areSeenByViews_clearedAndToldOfAtTheClose() throws Exception {
    List<Object> told = new ArrayList<>();
    BoundedMap<SameInOrder, Integer> map = BoundedMap.<SameInOrder, Integer>in(app, "map")
        .maximumSize(1_000)
        .onRemoval((key, value, cause) -> told.add(cause))
        .build();
    for (int i = 0; i < 100; i++) {
      map.put(new SameInOrder(i), i);
    }
    assertThat(map.keySet()).hasSize(100);
    assertThat(map.values()).hasSize(100);
    map.entrySet().removeIf(entry -> entry.getValue() >= 50);
    assertThat(map).hasSize(50);
    map.clear();
    assertThat(map).isEmpty();
    assertThat(told).hasSize(100).containsOnly(RemovalCause.REMOVED);
    for (int i = 0; i < 100; i++) {
      map.put(new SameInOrder(i), i);
    }
    time.run(app::shutdown);
    assertThat(told).hasSize(200).containsOnly(RemovalCause.REMOVED, RemovalCause.CLOSED);
  }

  /** Rewriting an entry with another weight links a new cell behind the old one, and cuts that. */
  @ParameterizedTest
  @EnumSource(Eviction.class)
  void comparableKeysOfOneHashCode_thatChangeTheirWeight_areReplacedInPlace(Eviction eviction) {
    BoundedMap<SameInOrder, Integer> map = BoundedMap.<SameInOrder, Integer>in(app, "map")
        .maximumWeight(10_000)
        .weigher((key, value) -> value)
        .evict(eviction)
        .build();
    for (int weight = 1; weight <= 20; weight++) {
      for (int i = 0; i < 100; i++) {
        map.put(new SameInOrder(i), weight);
        assertThat(map.get(new SameInOrder(i))).isEqualTo(weight);
      }
      StoreCheck.verify(map);
    }
    assertThat(map).hasSize(100);
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
