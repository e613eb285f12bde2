package io.leaksafe.map;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnderWayTest {

  private final UnderWay notes = new UnderWay();
  private final Removals removals =
      new Removals((key, value, cause) -> {}, () -> "map", t -> false, 100);

  private Removal note(int hash, Object key) {
    return new Removal(removals, hash, key, "v", RemovalCause.REMOVED);
  }

  private List<Removal> all() {
    List<Removal> all = new ArrayList<>();
    notes.addAllTo(all);
    return all;
  }

  @Test
  void find_ofAKeyThatIsNotUnderWay_isNull() {
    notes.add(note(7, "a"));

    assertThat(notes.find(7, "b")).isNull();
    assertThat(notes.find(8, "a")).isNull();
  }

  @Test
  void find_ofAnEqualKey_isItsNote() {
    Removal a = note(7, "a");
    Removal b = note(7, "b");
    notes.add(a);
    notes.add(b);

    assertThat(notes.find(7, String.valueOf("a".toCharArray()))).isSameAs(a);
    assertThat(notes.find(7, "b")).isSameAs(b);
  }

  @Test
  void remove_fromTheMiddleOfAChain_leavesTheOthers() {
    List<Removal> added = List.of(note(4, 1), note(4, 2), note(4, 3));
    added.forEach(notes::add);

    notes.remove(added.get(1));

    assertThat(all()).containsExactlyInAnyOrder(added.get(0), added.get(2));
    assertThat(added.get(1).underWay).isNull();
  }

  @Test
  void remove_ofOneThatIsNotIn_changesNothing() {
    Removal in = note(4, 1);
    notes.add(in);

    notes.remove(note(4, 1));

    assertThat(all()).containsExactly(in);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void operations_atRandom_agreeWithAPlainMap_fromNoneToManyAndBack(long seed) {
    Random random = new Random(seed);
    Map<Integer, Removal> model = new HashMap<>();
    for (int step = 0; step < 20_000; step++) {
      int key = random.nextInt(2_000);
      int hash = key % 97 * 31; // some of them equal
      Removal known = model.get(key);
      assertThat(notes.find(hash, key)).as("seed %d, step %d", seed, step).isSameAs(known);
      boolean adds = random.nextInt(10) < (step / 5_000 % 2 == 0 ? 8 : 2);
      if (known == null && adds) {
        Removal fresh = note(hash, key);
        notes.add(fresh);
        model.put(key, fresh);
      } else if (known != null && !adds) {
        notes.remove(known);
        model.remove(key);
      }
    }
    assertThat(all()).as("seed %d", seed).containsExactlyInAnyOrderElementsOf(model.values());
    model.values().forEach(notes::remove);
    assertThat(all()).isEmpty();
    assertThat(notes.find(0, 0)).isNull();
  }
}
