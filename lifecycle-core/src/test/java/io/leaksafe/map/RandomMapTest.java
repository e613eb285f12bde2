package io.leaksafe.map;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Random operations, one at a time, against a naive model: a list in insertion order with deadlines. After each the map must
 * be sound; what the listener hears, and what is there, must be what the model says. The seed is in the failure. With the seed
 * changes how the hash codes of the keys collide.
 *
 * <p>More of it: {@code -Drandom.map.seeds=200}.
 */
class RandomMapTest extends MapTestCase {

  private static final int KEYS = 40;
  private static final int SEEDS = Integer.getInteger("random.map.seeds", 4);

  /** The unit of the map's wheels, in which nothing is rounded. */
  private static final long TICK = 1L << 20;

  /** A key that stands for a number. */
  private interface Numbered {
    int number();
  }

  private record Same(int number) implements Numbered {
    @Override
    public int hashCode() {
      return 42;
    }
  }

  private record SameInOrder(int number) implements Numbered, Comparable<SameInOrder> {
    @Override
    public int hashCode() {
      return 42;
    }

    @Override
    public int compareTo(SameInOrder other) {
      return Integer.compare(number, other.number);
    }
  }

  /** Of four hash codes, and two of which compare as equal. */
  private record Mixed(int number) implements Numbered, Comparable<Mixed> {
    @Override
    public int hashCode() {
      return number & 3;
    }

    @Override
    public int compareTo(Mixed other) {
      return Integer.compare(number / 2, other.number / 2);
    }
  }

  private record Apart(int number) implements Numbered {}

  /** How hash codes collide: by seed, and so each of them in any four. */
  private static final List<IntFunction<Numbered>> KINDS =
      List.of(Apart::new, Same::new, SameInOrder::new, Mixed::new);

  /** An entry of the model. */
  private static final class Known {
    String value;
    long writeDeadline;
    long accessDeadline;
    int weight;

    Known(String value) {
      this.value = value;
    }

    long deadline() {
      return Math.min(writeDeadline, accessDeadline);
    }
  }

  private final Map<Integer, Known> model = new LinkedHashMap<>();
  private final List<String> told = new ArrayList<>();
  private int maximum;
  private boolean coldest;
  private boolean weighted;
  private long writeNanos;
  private long accessNanos;
  private Random random;
  private IntFunction<Numbered> keys;
  private BoundedMap<Numbered, String> map;

  @ParameterizedTest
  @CsvSource({
    "OLDEST, 10, false, 0, 0",
    "OLDEST, 25, true, 0, 0",
    "OLDEST, 1, false, 0, 0",
    "OLDEST, 100, false, 50, 0",
    "OLDEST, 10, false, 50, 20",
    "OLDEST, 25, true, 50, 20",
    "COLDEST, 10, false, 0, 0",
    "COLDEST, 25, true, 0, 0",
    "COLDEST, 1, false, 0, 0",
    "COLDEST, 100, false, 50, 0",
    "COLDEST, 10, false, 50, 20",
    "COLDEST, 25, true, 50, 20"
  })
  void operations_atRandom_agreeWithTheModel(
      Eviction eviction, int most, boolean byWeight, long writeTicks, long accessTicks)
      throws Exception {
    for (long seed = 1; seed <= SEEDS; seed++) {
      model.clear();
      told.clear();
      coldest = eviction == Eviction.COLDEST;
      maximum = most;
      weighted = byWeight;
      writeNanos = writeTicks * TICK;
      accessNanos = accessTicks * TICK;
      random = new Random(seed);
      keys = KINDS.get((int) (seed % KINDS.size()));
      map = build(eviction, "map" + seed);
      for (int step = 0; step < 1_200; step++) {
        String what = "?";
        try {
          what = operate();
          time.settle();
          StoreCheck.verify(map);
          compare();
        } catch (Throwable failure) {
          throw new AssertionError(
              "seed " + seed + ", " + keys.apply(1) + ", step " + step + ", " + what + ", model "
                  + model.keySet(),
              failure);
        }
      }
    }
  }

  private BoundedMap<Numbered, String> build(Eviction eviction, String name) {
    MapBuilder<Numbered, String> builder = BoundedMap.<Numbered, String>in(app, name)
        .evict(eviction)
        .onRemoval((key, value, cause) -> told.add(key.number() + "=" + value + " " + cause));
    if (weighted) {
      builder.maximumWeight(maximum).weigher((key, value) -> weight(value));
    } else {
      builder.maximumSize(maximum);
    }
    if (writeNanos != 0) {
      builder.expireAfterWrite(Duration.ofNanos(writeNanos));
    }
    if (accessNanos != 0) {
      builder.expireAfterAccess(Duration.ofNanos(accessNanos)).strict();
    }
    return builder.build();
  }

  private int weight(String value) {
    return weighted ? 1 + Math.floorMod(value.hashCode(), 7) : 1;
  }

  private long now() {
    return time.elapsed().toNanos();
  }

  // ---- one step

  private String operate() throws Exception {
    int key = random.nextInt(KEYS);
    Numbered numbered = keys.apply(key);
    String value = "v" + random.nextInt(1_000);
    switch (random.nextInt(14)) {
      case 0, 1, 2, 3 -> {
        String before = map.put(numbered, value);
        assertThat(before).isEqualTo(valueOf(key));
        modelPut(key, value, Long.MAX_VALUE);
        return "put " + key;
      }
      case 4 -> {
        String before = map.putIfAbsent(numbered, value);
        assertThat(before).isEqualTo(valueOf(key));
        if (before == null) {
          modelPut(key, value, Long.MAX_VALUE);
        } else {
          modelRead(key);
        }
        return "putIfAbsent " + key;
      }
      case 5, 6 -> {
        assertThat(map.get(numbered)).isEqualTo(valueOf(key));
        modelRead(key);
        return "get " + key;
      }
      case 7 -> {
        assertThat(map.remove(numbered)).isEqualTo(valueOf(key));
        modelRemove(key);
        return "remove " + key;
      }
      case 8 -> {
        String known = valueOf(key);
        String expected = random.nextBoolean() || known == null ? value : known;
        assertThat(map.replace(numbered, expected, value)).isEqualTo(expected.equals(known));
        if (expected.equals(known)) {
          modelPut(key, value, Long.MAX_VALUE);
        }
        return "replace " + key;
      }
      case 9 -> {
        String known = valueOf(key);
        assertThat(map.computeIfAbsent(numbered, k -> value))
            .isEqualTo(known == null ? value : known);
        if (known == null) {
          modelPut(key, value, Long.MAX_VALUE);
        } else {
          modelRead(key);
        }
        return "computeIfAbsent " + key;
      }
      case 10 -> {
        String known = valueOf(key);
        boolean removes = random.nextInt(3) == 0;
        String result = map.compute(numbered, (k, old) -> {
          assertThat(old).isEqualTo(known);
          return removes ? null : value;
        });
        assertThat(result).isEqualTo(removes ? null : value);
        if (removes) {
          modelRemove(key);
        } else {
          modelPut(key, value, Long.MAX_VALUE);
        }
        return "compute " + key;
      }
      case 11 -> {
        long nanos = TICK * random.nextInt(30);
        time.advance(Duration.ofNanos(nanos));
        return "advance ";
      }
      case 12 -> {
        if (writeNanos == 0 && accessNanos == 0) {
          return "nothing";
        }
        long nanos = TICK * (1 + random.nextInt(80));
        assertThat(map.put(numbered, value, Duration.ofNanos(nanos))).isEqualTo(valueOf(key));
        modelPut(key, value, nanos);
        return "put for a time " + key;
      }
      default -> {
        return iterate();
      }
    }
  }

  private String iterate() {
    if (random.nextInt(40) == 0) {
      map.clear();
      model.keySet().stream().toList().forEach(this::modelRemove);
      return "clear";
    }
    Map<Integer, String> seen = new LinkedHashMap<>();
    for (Iterator<Map.Entry<Numbered, String>> each = map.entrySet().iterator(); each.hasNext(); ) {
      Map.Entry<Numbered, String> entry = each.next();
      int number = entry.getKey().number();
      assertThat(seen.put(number, entry.getValue())).as("shown once").isNull();
      if (random.nextInt(10) == 0) {
        each.remove();
        modelRemove(number);
        seen.remove(number);
      }
    }
    expireModel();
    assertThat(seen).isEqualTo(contents());
    return "iterate";
  }

  // ---- the model

  private @Nullable String valueOf(int key) {
    expireModel();
    Known known = model.get(key);
    return known == null ? null : known.value;
  }

  private void expireModel() {
    long now = now();
    model.values().removeIf(known -> known.deadline() <= now);
  }

  private void modelPut(int key, String value, long ownNanos) {
    long now = now();
    Known known = model.get(key);
    if (known != null && known.weight != weight(value)) {
      model.remove(key); // it has a new place
      known = null;
    }
    if (known == null) {
      known = new Known(value);
      model.put(key, known);
    }
    known.value = value;
    known.weight = weight(value);
    long own = ownNanos == Long.MAX_VALUE ? Long.MAX_VALUE : now + ownNanos;
    known.writeDeadline = Math.min(own, writeNanos == 0 ? Long.MAX_VALUE : now + writeNanos);
    known.accessDeadline = accessNanos == 0 ? Long.MAX_VALUE : now + accessNanos;
  }

  private void modelRead(int key) {
    Known known = model.get(key);
    if (known != null && accessNanos != 0) {
      known.accessDeadline = now() + accessNanos;
    }
  }

  private void modelRemove(int key) {
    model.remove(key);
  }

  /** Removes from the model what the map says it has evicted, which must be the oldest, and only when it was full. */
  private void compare() {
    expireModel();
    Map<Integer, String> there = new LinkedHashMap<>();
    map.forEach((key, value) -> there.put(key.number(), value));
    for (Integer key : model.keySet().stream().toList()) {
      if (!there.containsKey(key)) {
        assertThat(told)
            .as("evicted " + key)
            .contains(key + "=" + Objects.requireNonNull(model.get(key)).value + " EVICTED");
        model.remove(key);
        if (!coldest && !weighted) {
          assertThat(there).as("full").hasSize(maximum);
        }
      } else if (!coldest && !weighted) {
        break; // nothing younger may have gone
      }
    }
    assertThat(there).isEqualTo(contents());
    assertThat(map).hasSize(there.size());
    told.removeIf(line -> told.size() > 200);
  }

  private Map<Integer, String> contents() {
    Map<Integer, String> contents = new LinkedHashMap<>();
    model.forEach((key, known) -> contents.put(key, known.value));
    return contents;
  }
}
