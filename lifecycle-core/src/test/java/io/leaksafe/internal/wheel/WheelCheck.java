package io.leaksafe.internal.wheel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Looks over everything that the headers of the wheels promise. For use while nobody changes them. */
final class WheelCheck {
  /*
   * Plain comparisons, and words only where one fails: this runs after every step of tests with thousands of steps.
   */
  private WheelCheck() {}

  /** Fails if anything is not as promised; {@code groups} are all that were ever used and are not forgotten. */
  static void verify(Wheels wheels, Collection<Group> groups) {
    for (Stripe stripe : wheels.stripes.all()) {
      verify(stripe, groups);
      verify(wheels.stripes.box(stripe.index()));
    }
    for (short home : wheels.stripes.homes) {
      check(home >= 0 && home < wheels.stripes.all().length, "a home is stripe %s", home);
    }
  }

  /** How many slots are in use by entries, cancelled ones among them. */
  static int standing(Wheels wheels) {
    int standing = 0;
    for (Stripe stripe : wheels.stripes.all()) {
      standing += stripe.count();
    }
    return standing;
  }

  /** How many bytes the arrays of all slabs take, with references of four bytes. */
  static long bytes(Wheels wheels) {
    long bytes = 0;
    for (Stripe stripe : wheels.stripes.all()) {
      Slab slab = stripe.slab;
      bytes += slab.capacity() * 20L;
    }
    return bytes;
  }

  static void verify(Stripe stripe, Collection<Group> groups) {
    check(stripe.tryLock(), "stripe %s is locked by nobody who would unlock it", stripe.index());
    try {
      if (stripe.closed) {
        check(stripe.count() == 0 && stripe.wake() == Stripe.NEVER, "a closed stripe has entries");
        check(stripe.outbox.isEmpty(), "a closed stripe keeps mail");
        return;
      }
      if (!stripe.open) {
        check(stripe.count() == 0 && stripe.slab.capacity() == 0, "an unused stripe has memory");
        check(stripe.wake() == Stripe.NEVER, "an unused stripe wakes at %s", stripe.wake());
        return;
      }
      BitSet used = new BitSet();
      used.set(0, stripe.levels * Stripe.SLOTS);
      int entries = verifySlots(stripe, used);
      check(
          entries == stripe.count(), "%s entries in slots but %s counted", entries, stripe.count());
      verifyGroups(stripe, groups, used, entries);
      verify(stripe.slab, used);
    } finally {
      stripe.unlock();
    }
  }

  // ---- I1 to I5 of Stripe

  private static int verifySlots(Stripe stripe, BitSet used) {
    int entries = 0;
    for (int level = 0; level < stripe.levels; level++) {
      for (int digit = 0; digit < Stripe.SLOTS; digit++) {
        int sentinel = level << Stripe.SLOT_BITS | digit;
        int found = verifySlot(stripe, level, digit, used);
        boolean bit = (stripe.bits[Stripe.APART + level] & 1L << digit) != 0;
        check(bit == found > 0, "bit %s of level %s with %s entries", digit, level, found);
        check(sentinel != stripe.part || found > 0, "part is slot %s, which is empty", sentinel);
        entries += found;
      }
    }
    return entries;
  }

  private static int verifySlot(Stripe stripe, int level, int digit, BitSet used) {
    Slab slab = stripe.slab;
    int sentinel = level << Stripe.SLOT_BITS | digit;
    check(slab.entry(sentinel) == null, "sentinel %s has an entry", sentinel);
    int found = 0;
    int before = sentinel;
    int slot = slab.get(sentinel, Slab.NEXT);
    for (; slot != sentinel; slot = slab.get(slot, Slab.NEXT)) {
      check(slab.get(slot, Slab.PREV) == before, "slot %s does not follow %s", slot, before);
      check(!used.get(slot), "slot %s is in two lists", slot);
      used.set(slot);
      Entry entry = slab.standing(slot);
      check(
          entry.place() == (stripe.index() << Slab.SLOT_BITS | slot),
          "%s is in slot %s and believes to be elsewhere",
          entry,
          slot);
      verifyPlace(stripe, level, digit, entry);
      before = slot;
      found++;
    }
    check(slab.get(sentinel, Slab.PREV) == before, "the end of slot %s is not linked", sentinel);
    return found;
  }

  private static void verifyPlace(Stripe stripe, int level, int digit, Entry entry) {
    long tick = stripe.ticks.of(entry.due());
    long cursor = stripe.cursor;
    int shift = level * Stripe.SLOT_BITS;
    int here = (int) (cursor >>> shift) & Stripe.SLOTS - 1;
    String words = "%s of tick %s at level %s, digit %s, cursor %s";
    if (level == 0) {
      long at = cursor & -Stripe.SLOTS | digit;
      check(
          digit >= here && (tick == at || tick < at && at == cursor),
          words,
          entry,
          tick,
          level,
          digit,
          cursor);
    } else {
      int above = shift + Stripe.SLOT_BITS;
      boolean sameTurn = above >= Long.SIZE || tick >>> above == cursor >>> above;
      boolean isPart = stripe.part == (level << Stripe.SLOT_BITS | digit);
      boolean ahead = isPart ? here == digit && (cursor & (1L << shift) - 1) == 0 : digit > here;
      boolean itsDigit = ((int) (tick >>> shift) & Stripe.SLOTS - 1) == digit;
      check(sameTurn && ahead && itsDigit, words, entry, tick, level, digit, cursor);
    }
    check(stripe.wake() <= tick, "%s has tick %s, wake is %s", entry, tick, stripe.wake());
  }

  // ---- groups

  private static void verifyGroups(
      Stripe stripe, Collection<Group> groups, BitSet used, int entries) {
    int grouped = verifyRing(stripe, stripe.ungrouped, null, used);
    Set<Group> each = Collections.newSetFromMap(new IdentityHashMap<>());
    each.addAll(groups);
    for (Group group : each) {
      int sentinel = stripe.sentinelOf(group);
      grouped += sentinel < 0 ? 0 : verifyRing(stripe, sentinel, group, used);
    }
    check(grouped == entries, "%s entries of groups, %s in all", grouped, entries);
  }

  private static int verifyRing(Stripe stripe, int sentinel, @Nullable Group group, BitSet used) {
    Slab slab = stripe.slab;
    check(!used.get(sentinel), "group sentinel %s is used for something else", sentinel);
    used.set(sentinel);
    int found = 0;
    int before = sentinel;
    int slot = slab.get(sentinel, Slab.GROUP_NEXT);
    for (; slot != sentinel; slot = slab.get(slot, Slab.GROUP_NEXT)) {
      check(slab.get(slot, Slab.GROUP_PREV) == before, "%s does not follow %s", slot, before);
      check(slab.standing(slot).group() == group, "slot %s is in a strange group", slot);
      before = slot;
      found++;
    }
    check(slab.get(sentinel, Slab.GROUP_PREV) == before, "the end of a group is not linked");
    return found;
  }

  // ---- I2 and I3 of Slab

  /** Fails unless exactly the given slots are in use, and all others are free. */
  static void verify(Slab slab, BitSet used) {
    BitSet free = new BitSet();
    for (int slot = slab.free; slot >= 0; slot = slab.get(slot, Slab.NEXT)) {
      check(slot < slab.fresh && !free.get(slot), "free slot %s of %s", slot, slab.fresh);
      check(slab.entry(slot) == null, "free slot %s has an entry", slot);
      check(!used.get(slot), "slot %s is free and in use", slot);
      check(slab.get(slot, Slab.GROUP_NEXT) != slot, "free slot %s looks like a sentinel", slot);
      free.set(slot);
    }
    check(slab.fresh <= slab.capacity(), "%s of %s slots", slab.fresh, slab.capacity());
    check(
        free.cardinality() + used.cardinality() == slab.fresh && used.length() <= slab.fresh,
        "slots are lost: %s free, %s in use, %s taken",
        free.cardinality(),
        used.cardinality(),
        slab.fresh);
    int standing = 0;
    for (int slot = slab.fresh; slot < slab.capacity(); slot++) {
      check(slab.entry(slot) == null, "fresh slot %s has an entry", slot);
    }
    for (int slot = used.nextSetBit(0); slot >= 0; slot = used.nextSetBit(slot + 1)) {
      standing += slab.entry(slot) == null ? 0 : 1;
    }
    check(standing == slab.standing(), "%s entries, counted %s", standing, slab.standing());
  }

  // ---- mail

  private static void verify(Mailbox box) {
    Mail newest = box.takeAll();
    for (Mail mail = newest; mail != null; mail = mail.next) {
      int below = mail.next == null ? 0 : mail.next.depth;
      check(mail.depth == below + 1, "mail of depth %s above %s", mail.depth, below);
    }
    if (newest != null) {
      Mail before = newest.next;
      box.put(newest);
      newest.next = before;
      newest.depth = before == null ? 1 : before.depth + 1;
    }
  }

  private static void check(boolean asPromised, String words, Object... values) {
    if (!asPromised) {
      assertThat(false).as(words, values).isTrue();
    }
  }
}
