package io.leaksafe.internal.wheel;

import static org.assertj.core.api.Assertions.assertThat;

import io.leaksafe.internal.wheel.Wheels.Added;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Wheels and a sorted map, given the same operations in random order, agree on what is pending and what fires when. */
class WheelsModelTest extends WheelTestCase {

  private static final int STEPS = 1_000;
  private static final long LAST = 1L << 62;

  /** When it is due, and after how many others it came; the earliest first. */
  private record Key(long due, int number) {}

  private final TreeMap<Key, Item> pending =
      new TreeMap<>(Comparator.comparingLong(Key::due).thenComparingInt(Key::number));
  private final Map<Item, Key> keys = new IdentityHashMap<>();
  private final Set<Item> late = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Map<Item, Key> firedAs = new IdentityHashMap<>();
  private final Set<Item> firedAndNotBegun = Collections.newSetFromMap(new IdentityHashMap<>());
  private final List<Item> items = new ArrayList<>();
  private final List<Item> reusable = new ArrayList<>();
  private Random random = new Random();
  private boolean exact;
  private int number;

  static LongStream seeds() {
    return LongStream.concat(LongStream.range(0, 7), LongStream.of(System.nanoTime()));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void operations_inRandomOrderOnStripedWheels_agreeWithASortedMap(long seed) {
    random = new Random(seed);
    int portion = List.of(3, 20, 512).get(random.nextInt(3));
    now = origin();
    wheels = new Wheels(1 + random.nextInt(8), new Ticks(now, FINE), portion, () -> {});
    run(seed);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void operations_inRandomOrderOnAnExactWheel_agreeWithASortedMap(long seed) {
    random = new Random(seed);
    now = origin();
    exact = true;
    exact();
    run(seed);
  }

  private long origin() {
    return random.nextBoolean() ? 0 : random.nextLong();
  }

  private void run(long seed) {
    long origin = now;
    int step = 0;
    try {
      for (; step < STEPS && now - origin < LAST; step++) {
        moveTo(random.nextInt(wheels.stripes.all().length));
        step();
        if (pending.size() < 2_000 || step % 5 == 0) {
          verify();
        }
      }
      finish();
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError("seed " + seed + ", step " + step, e);
    }
  }

  private void step() {
    switch (random.nextInt(13)) {
      case 0, 1, 2 -> addOne(null);
      case 3 -> addSome();
      case 4, 5 -> cancel();
      case 6 -> disarm();
      case 7 -> addAgain();
      case 8 -> time();
      case 9 -> timeInPart();
      case 10 -> group();
      case 11 -> moveSlots();
      default -> counts();
    }
  }

  // ---- operations

  /** Gives each entry of a stripe another slot, as a stripe does in which few are left. */
  private void moveSlots() {
    Stripe stripe = wheels.stripes.get(random.nextInt(wheels.stripes.all().length));
    stripe.lock();
    if (stripe.open) {
      stripe.move();
    }
    stripe.unlock();
  }

  private void addOne(@Nullable Group group) {
    Item item = new Item("item " + number, group);
    items.add(item);
    add(item, someDue());
  }

  /** Many due at about the same time, so that a slot is moved in portions. */
  private void addSome() {
    long due = someDue();
    Group group = groups.isEmpty() ? null : groups.get(random.nextInt(groups.size()));
    int count = random.nextInt(10) == 0 ? 1_200 : random.nextInt(40);
    long apart = random.nextInt(3) * random.nextInt(1 << random.nextInt(20));
    for (int i = 0; i < count; i++) {
      Item item = new Item("item " + number, group);
      items.add(item);
      add(item, due + i * apart);
    }
  }

  private void add(Item item, long due) {
    assertThat(wheels.add(item, due)).isNotEqualTo(Added.REFUSED);
    // by the time since the clock's start, so that they compare plainly
    Key key = new Key(due - now + elapsed(), number++);
    keys.put(item, key);
    pending.put(key, item);
    firedAndNotBegun.remove(item);
    if (due - now < 0) {
      late.add(item);
    } else {
      late.remove(item);
    }
  }

  private long elapsed() {
    return now - wheels.stripes.get(0).ticks.origin();
  }

  private long someDue() {
    long delay = random.nextLong() >>> 2 + random.nextInt(60);
    return now + (random.nextInt(8) == 0 ? -Math.min(delay, SECOND) : delay);
  }

  private @Nullable Item someItem() {
    return items.isEmpty() ? null : items.get(random.nextInt(items.size()));
  }

  private void cancel() {
    for (int i = random.nextInt(60); i >= 0; i--) {
      Item item = someItem();
      if (item != null) {
        assertThat(wheels.cancel(item)).as("cancel %s", item).isEqualTo(forget(item));
        items.remove(item);
      }
    }
  }

  private boolean forget(Item item) {
    Key key = keys.remove(item);
    return key != null && pending.remove(key) == item;
  }

  private void disarm() {
    Item item = someItem();
    if (item != null) {
      boolean was = forget(item);
      boolean had = firedAndNotBegun.remove(item);
      assertThat(wheels.disarm(item)).as("disarm %s", item).isEqualTo(was || had);
      if (was) {
        reusable.add(item);
      }
    }
  }

  /** Adds one again that was disarmed, has fired or has run. */
  private void addAgain() {
    if (!reusable.isEmpty()) {
      Item item = reusable.remove(random.nextInt(reusable.size()));
      if (random.nextBoolean()) {
        assertThat(item.begin()).as("begin %s", item).isEqualTo(firedAndNotBegun.remove(item));
      }
      if (keys.get(item) == null && (item.group() == null || groups.contains(item.group()))) {
        add(item, someDue());
      }
    }
  }

  /** Lets some time pass, or exactly so much that something is due. */
  private void time() {
    pass();
    List<Entry> fired = new ArrayList<>();
    int most = exact ? 8_192 : 1 + random.nextInt(600);
    boolean more;
    do {
      more = takeDue(most, fired);
    } while (more);
    fired(fired);
    if (exact) {
      assertThat(fired).isSortedAccordingTo(this::order);
    }
    assertThat(pending.values())
        .as("due and not fired at %d", elapsed())
        .noneMatch(item -> tickOf(item) <= wheels.stripes.get(0).ticks.in(now));
    long wake = wheels.wake();
    assertThat(pending.values()).noneMatch(item -> tickOf(item) < wake);
    keys.keySet().retainAll(pending.values());
  }

  private void pass() {
    long passes = random.nextLong() >>> 3 + random.nextInt(60);
    if (random.nextBoolean() && !pending.isEmpty()) {
      passes = Math.max(0, pending.firstKey().due() - elapsed() - random.nextInt(2));
    }
    now += passes;
  }

  private int order(Entry a, Entry b) {
    Item first = (Item) a;
    Item second = (Item) b;
    return late.contains(first) || late.contains(second)
        ? 0
        : Comparator.comparingLong(Key::due)
            .thenComparingInt(Key::number)
            .compare(firedAs.get(first), firedAs.get(second));
  }

  private long tickOf(Item item) {
    return wheels.stripes.get(0).ticks.of(item.due());
  }

  /** Lets some time pass and stops in the middle of the work. */
  private void timeInPart() {
    pass();
    List<Entry> fired = new ArrayList<>();
    for (int i = random.nextInt(3); i >= 0; i--) {
      takeDue(1 + random.nextInt(20), fired);
    }
    fired(fired);
  }

  private void fired(List<Entry> fired) {
    for (Entry entry : fired) {
      Item item = (Item) entry;
      Key key = keys.get(item);
      assertThat(forget(item)).as("%s fired and was pending", item).isTrue();
      firedAs.put(item, key);
      assertThat(item.due() - now).as("%s is early by", item).isNotPositive();
      firedAndNotBegun.add(item);
      reusable.add(item);
    }
  }

  private void group() {
    if (groups.size() < 4) {
      addOne(newGroup());
      return;
    }
    Group group = groups.get(random.nextInt(groups.size()));
    boolean seals = random.nextBoolean();
    if (seals) {
      wheels.seal(group);
      assertThat(wheels.add(new Item("late", group), now)).isEqualTo(Added.REFUSED);
    }
    List<Entry> taken = new ArrayList<>();
    wheels.takeOut(group, taken::add);
    List<Item> expected = membersOf(group);
    assertThat(taken).containsExactlyInAnyOrderElementsOf(expected);
    expected.forEach(this::forget);
    items.removeAll(expected);
    if (seals) {
      wheels.forget(group);
      groups.remove(group);
    }
  }

  private List<Item> membersOf(Group group) {
    return new ArrayList<>(
        pending.values().stream().filter(item -> item.group() == group).toList());
  }

  private void counts() {
    assertThat(wheels.count()).isEqualTo(pending.size());
    assertThat(WheelCheck.standing(wheels)).isEqualTo(pending.size());
    for (Group group : groups) {
      List<Item> members = membersOf(group);
      assertThat(wheels.count(group)).isEqualTo(members.size());
      assertThat(wheels.pending(group, 100_000)).hasSameElementsAs(members);
    }
    if (items.size() > 5_000) {
      items.subList(0, 2_500).clear();
    }
  }

  /** Everything that is left fires. */
  private void finish() {
    counts();
    if (!pending.isEmpty()) {
      now += pending.lastKey().due() - elapsed() + TICK;
      time();
    }
    assertThat(pending).isEmpty();
    counts();
    wakesForNothing();
    assertThat(wheels.wake()).isEqualTo(Stripe.NEVER);
  }

  /** What was cancelled may still cost a stripe one look at nothing, and no more. */
  private void wakesForNothing() {
    for (int stripe = wheels.stripes.all().length; stripe > 0; stripe--) {
      long wake = wheels.wake();
      if (wake != Stripe.NEVER) {
        now += Math.max(0, wheels.nanosUntil(wake, now));
        time();
      }
    }
  }
}
