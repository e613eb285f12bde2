package io.leaksafe.map;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** In a map of two entries that several threads put three keys into, a key has the last value that was put, or none. */
class EvictionTest {

  private static final int TIMES = Integer.getInteger("lincheck.times", 1);

  /** What can be judged key by key: each operation returns the value it found. */
  @Param(name = "key", gen = IntGen.class, conf = "1:3")
  @Param(name = "value", gen = IntGen.class, conf = "1:5")
  public abstract static class Few {
    private final Map<Integer, Integer> map;

    Few(Map<Integer, Integer> map) {
      this.map = map;
    }

    @Operation
    public @Nullable Integer get(@Param(name = "key") int key) {
      return map.get(key);
    }

    @Operation
    public @Nullable Integer put(@Param(name = "key") int key, @Param(name = "value") int value) {
      return map.put(key, value);
    }

    @Operation
    public @Nullable Integer remove(@Param(name = "key") int key) {
      return map.remove(key);
    }

    @Operation
    public @Nullable Integer compute(
        @Param(name = "key") int key, @Param(name = "value") int value) {
      @Nullable Integer[] found = new @Nullable Integer[1];
      map.compute(key, (k, old) -> {
        found[0] = old;
        return value;
      });
      return found[0];
    }
  }

  public static class Oldest extends Few {
    public Oldest() {
      super(Maps.of(2, Eviction.OLDEST));
    }
  }

  public static class Coldest extends Few {
    public Coldest() {
      super(Maps.of(2, Eviction.COLDEST));
    }
  }

  public static class Told extends Few {
    public Told() {
      super(Maps.told(2, Eviction.OLDEST));
    }
  }

  /** Forgets nothing, and so must pass: what is evicted is never more than what could be. */
  public static class Unbounded extends Few {
    public Unbounded() {
      super(new ConcurrentHashMap<>());
    }
  }

  @ParameterizedTest
  @ValueSource(classes = {Oldest.class, Coldest.class, Told.class, Unbounded.class})
  void aKeyHasTheLastValuePut_orNone(Class<? extends Few> map) {
    check(map, 3 * TIMES);
  }

  private static void check(Class<? extends Few> map, int iterations) {
    new StressOptions()
        .iterations(iterations)
        .invocationsPerIteration(200)
        .threads(2)
        .actorsPerThread(4)
        .actorsBefore(2)
        .actorsAfter(3)
        .minimizeFailedScenario(false)
        .verifier(EvictionVerifier.class)
        .check(map);
  }

  /** Has what was put before come back when it is removed. */
  private static final class Haunted extends ConcurrentHashMap<Integer, Integer> {
    private static final long serialVersionUID = 1;
    private final transient Map<Integer, Integer> before = new ConcurrentHashMap<>();

    @Override
    public @Nullable Integer put(Integer key, Integer value) {
      Integer old = super.put(key, value);
      if (old != null) {
        before.put(key, old);
      }
      return old;
    }

    @Override
    public @Nullable Integer remove(Object key) {
      Integer old = super.remove(key);
      Integer ghost = before.remove(key);
      if (ghost != null) {
        super.put((Integer) key, ghost);
      }
      return old;
    }
  }

  public static class Wrong extends Few {
    public Wrong() {
      super(new Haunted());
    }
  }

  @Test
  void aMapInWhichAnOldValueComesBack_isFoundOut() {
    assertThatThrownBy(() -> check(Wrong.class, 1_000))
        .isInstanceOf(LincheckAssertionError.class)
        .hasMessageContaining("Invalid execution results");
  }
}
