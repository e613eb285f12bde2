package io.leaksafe.internal.wheel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SlabTest {

  private static final int SENTINELS = 8;
  private static final Item ENTRY = new Item("entry", null);

  private final Slab slab = new Slab.Apart(SENTINELS);
  private final BitSet used = new BitSet();

  @BeforeEach
  void open() {
    slab.open();
    used.set(0, SENTINELS);
  }

  @AfterEach
  void slotsAreWhole() {
    if (slab.capacity() > 0) {
      WheelCheck.verify(slab, used);
    }
  }

  private int take() {
    return used(slab.take(ENTRY));
  }

  private int takeSentinel() {
    return used(slab.takeSentinel());
  }

  private int used(int slot) {
    assertThat(used.get(slot)).as("slot %d was in use", slot).isFalse();
    used.set(slot);
    return slot;
  }

  private void take(int count) {
    for (int i = 0; i < count; i++) {
      take();
    }
  }

  private void give(int slot) {
    slab.give(slot);
    used.clear(slot);
  }

  /** Gives the slots of a range back. */
  private void give(int from, int to) {
    for (int slot = from; slot < to; slot++) {
      give(slot);
    }
  }

  private int[] takeIntoRing(int sentinel, int count) {
    int[] slots = new int[count];
    for (int i = 0; i < count; i++) {
      slots[i] = take();
      slab.append(sentinel, slots[i], Slab.NEXT);
      slab.append(takeSentinel(), slots[i], Slab.GROUP_NEXT);
    }
    return slots;
  }

  @Test
  void note_ofAnyNumberWithAnyRoom_isTheFirstOfThemInTheirOrder() {
    int[] slots = takeIntoRing(1, 9);
    for (int count = 9; count >= 0; count--) {
      for (int most = 1; most <= 11; most++) {
        int[] noted = new int[most + 4];
        Arrays.fill(noted, -1);
        int found = slab.note(1, noted, 2, most);
        assertThat(found)
            .as("noted of %d with room for %d", count, most)
            .isEqualTo(Math.min(count, most));
        assertThat(Arrays.copyOfRange(noted, 2, 2 + found)).isEqualTo(Arrays.copyOf(slots, found));
        assertThat(new int[] {noted[0], noted[1], noted[most + 2], noted[most + 3]})
            .containsOnly(-1);
      }
      if (count > 0) {
        slab.remove(slots[count - 1], Slab.NEXT);
      }
    }
  }

  @Test
  void cutBefore_oneOfTheMiddle_leavesThatAndThoseBehindIt() {
    int[] slots = takeIntoRing(1, 5);
    slab.cutBefore(slots[2], 1, Slab.NEXT);
    int[] left = new int[5];
    assertThat(slab.note(1, left, 0, 5)).isEqualTo(3);
    assertThat(left).startsWith(slots[2], slots[3], slots[4]);
    slab.cutBefore(1, 1, Slab.NEXT);
    assertThat(slab.isEmpty(1, Slab.NEXT)).isTrue();
  }

  @Test
  void slab_beforeItIsOpened_hasNoMemory() {
    Slab unused = new Slab.Apart(SENTINELS);
    assertThat(unused.capacity()).isZero();
    assertThat(unused.entry(0)).isNull();
    assertThat(unused.standing()).isZero();
  }

  @Test
  void open_ofASlab_putsEachSentinelInARingOfItsOwn() {
    for (int slot = 0; slot < SENTINELS; slot++) {
      assertThat(slab.isEmpty(slot, Slab.NEXT)).isTrue();
    }
    assertThat(slab.capacity()).isEqualTo(Slab.FEWEST);
  }

  @Test
  void take_ofTheFirst_isInOrderBehindTheSentinels() {
    assertThat(List.of(take(), take(), take()))
        .containsExactly(SENTINELS, SENTINELS + 1, SENTINELS + 2);
  }

  @Test
  void take_afterGive_isTheLastGiven() {
    take(10);
    give(13);
    give(15);
    assertThat(List.of(take(), take(), take())).containsExactly(15, 13, 18);
  }

  @Test
  void take_withAnEntry_keepsItUntilGiven() {
    int slot = take();
    assertThat(slab.entry(slot)).isSameAs(ENTRY);
    assertThat(slab.standing(slot)).isSameAs(ENTRY);
    give(slot);
    assertThat(slab.entry(slot)).isNull();
    assertThatThrownBy(() -> slab.standing(slot))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Slot 8 has no entry.");
  }

  @Test
  void take_ofMoreThanThereIsMemoryFor_doublesIt() {
    take(Slab.FEWEST - SENTINELS);
    assertThat(slab.capacity()).isEqualTo(Slab.FEWEST);
    take();
    assertThat(slab.capacity()).isEqualTo(2 * Slab.FEWEST);
    take(Slab.FEWEST);
    assertThat(slab.capacity()).isEqualTo(4 * Slab.FEWEST);
  }

  @Test
  void take_ofMoreThanThereMayBe_throwsAndLeavesItWhole() {
    take(Slab.MOST - SENTINELS);
    assertThat(slab.isFull()).isTrue();
    assertThatThrownBy(() -> slab.take(ENTRY))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("There is no free slot.");
    give(100);
    assertThat(slab.isFull()).isFalse();
    assertThat(take()).isEqualTo(100);
  }

  @Test
  void give_ofNearlyAllEntriesOfALargeSlab_leavesItAWaste() {
    int few = Slab.FEWEST / 8;
    take(5 * Slab.FEWEST);
    give(SENTINELS, SENTINELS + 5 * Slab.FEWEST - few - 1);
    assertThat(slab.isWaste()).isFalse();
    give(SENTINELS + 5 * Slab.FEWEST - few - 1);
    assertThat(slab.isWaste()).isTrue();
  }

  @Test
  void give_ofTheLastEntryOfASmallSlab_leavesItNoWaste() {
    take(Slab.FEWEST);
    give(SENTINELS, SENTINELS + Slab.FEWEST);
    assertThat(slab.capacity()).isEqualTo(2 * Slab.FEWEST);
    assertThat(slab.isWaste()).isFalse();
  }

  @Test
  void open_ofAClearedSlab_isAsNew() {
    take(5 * Slab.FEWEST);
    clear();
    open();
    assertThat(slab.capacity()).isEqualTo(Slab.FEWEST);
    assertThat(take()).isEqualTo(SENTINELS);
  }

  private void clear() {
    slab.clear();
    used.clear();
  }

  @Test
  void giveSentinel_ofAnEmptyRing_freesItsSlot() {
    int sentinel = takeSentinel();
    slab.giveSentinel(sentinel);
    used.clear(sentinel);
    assertThat(slab.standing()).isZero();
    assertThat(take()).isEqualTo(sentinel);
  }

  @Test
  void entry_ofASlotThatIsNoMore_isNull() {
    take(5 * Slab.FEWEST);
    clear();
    assertThat(slab.entry(3 * Slab.FEWEST)).isNull();
    assertThat(slab.entry(Slab.MOST - 1)).isNull();
  }

  @Test
  void clear_ofALargeSlab_forgetsAllEntries() {
    take(2 * Slab.FEWEST);
    clear();
    assertThat(slab.standing()).isZero();
    assertThat(slab.capacity()).isZero();
    for (int slot = 0; slot < 2 * Slab.FEWEST; slot++) {
      assertThat(slab.entry(slot)).isNull();
    }
  }

  @Test
  void append_ofSeveral_linksThemInOrder() {
    int sentinel = takeSentinel();
    int a = take();
    int b = take();
    slab.append(sentinel, a, Slab.GROUP_NEXT);
    slab.append(sentinel, b, Slab.GROUP_NEXT);
    assertThat(ring(sentinel, Slab.GROUP_NEXT)).containsExactly(a, b);
    assertThat(ring(sentinel, Slab.GROUP_PREV)).containsExactly(b, a);
  }

  @Test
  void remove_ofTheFirstTheLastAndTheOnlyOne_linksTheRest() {
    int a = take();
    int b = take();
    int c = take();
    slab.append(3, a, Slab.NEXT);
    slab.append(3, b, Slab.NEXT);
    slab.append(3, c, Slab.NEXT);
    assertThat(slab.remove(a, Slab.NEXT)).isNegative();
    assertThat(slab.remove(c, Slab.NEXT)).isNegative();
    assertThat(ring(3, Slab.NEXT)).containsExactly(b);
    assertThat(slab.remove(b, Slab.NEXT)).isEqualTo(3);
    assertThat(ring(3, Slab.NEXT)).isEmpty();
    assertThat(ring(3, Slab.PREV)).isEmpty();
  }

  private List<Integer> ring(int sentinel, int link) {
    List<Integer> slots = new ArrayList<>();
    for (int slot = slab.get(sentinel, link); slot != sentinel; slot = slab.get(slot, link)) {
      slots.add(slot);
    }
    return slots;
  }

  static LongStream seeds() {
    return LongStream.concat(LongStream.range(0, 20), LongStream.of(System.nanoTime()));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void takeAndGive_inRandomOrder_loseNoSlot(long seed) {
    Random random = new Random(seed);
    List<Integer> sentinels = new ArrayList<>();
    try {
      for (int phase = 0; phase < 60; phase++) {
        switch (random.nextInt(6)) {
          case 0, 1 -> take(random.nextInt(3 * Slab.FEWEST));
          case 2 -> giveAll(sentinels);
          case 3 -> {
            if (slab.capacity() == Slab.FEWEST && !slab.isFull()) {
              sentinels.add(takeSentinel());
            }
          }
          default -> giveSome(random);
        }
        WheelCheck.verify(slab, used);
      }
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError("seed " + seed, e);
    }
  }

  private void giveAll(List<Integer> sentinels) {
    for (int slot : sentinels) {
      slab.giveSentinel(slot);
      used.clear(slot);
    }
    sentinels.clear();
    giveEach(SENTINELS, Integer.MAX_VALUE, 1);
    if (slab.isWaste()) {
      clear();
      open();
    }
  }

  /** Gives a run of slots back, or slots here and there. */
  private void giveSome(Random random) {
    int from = random.nextInt(Math.max(1, used.length()));
    giveEach(from, from + 3 * Slab.FEWEST, 1 + random.nextInt(3));
  }

  private void giveEach(int from, int to, int step) {
    int end = Math.min(to, used.length());
    for (int slot = from; slot < end; slot += step) {
      if (used.get(slot) && slab.entry(slot) != null) {
        give(slot);
      }
    }
  }
}
