package io.leaksafe.internal.wheel;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One hierarchical timing wheel. Adding and taking out touch a slot and its neighbours, however many entries there are. After
 * Varghese and Lauck, "Hashed and Hierarchical Timing Wheels", 1997.
 */
class Stripe extends SpinLock {
  /*
   * Idea. Time is counted in ticks. Read a tick as a number of base 64: a level has a slot for each value of one digit. An
   * entry stands on the level of the highest digit in which its tick differs from the cursor's, in the slot of its own digit;
   * with ticks of 2^13 ns:
   *
   *     level     0       1       2        3       4        5      6         7         8
   *     slot      8.2 µs  524 µs  33.6 ms  2.15 s  2.3 min  2.4 h  6.5 days  1.1 years 73 years
   *
   * A bit per slot says where there is something, so nobody goes from tick to tick: the next event is the lowest bit of the
   * lowest level that has one. On level 0 that is due; on a higher one the cursor moves to the start of the slot and its
   * entries are placed again, further down ("cascade"). An entry moves at most once per level, and one that is cancelled
   * early, as most are, never.
   *
   * Invariants, true whenever the lock is free.
   *   I1  An entry in slot i of level l agrees with the cursor in all digits above l, and i is more than the cursor's digit
   *       at l (level 0: not less). So everything on a lower level is due before everything on a higher one.
   *   I2  A bit is set exactly when the list of that slot is not empty.
   *   I3  At most one slot breaks I1: the one in part, onto whose start the cursor has moved and which is not yet empty. While
   *       there is one, the cursor does not move, nothing expires, and the next step is to go on with that slot. What is
   *       scheduled meanwhile goes below it, since its digit is the cursor's.
   *   I4  wake is not later than the tick of any entry.
   *   I5  A slot belongs to an entry exactly while slab.entry(slot) is that entry; only a holder of the lock changes that,
   *       and frees a slot only if it finds it so. So mail that is late or comes twice does no harm. Where an entry stands
   *       can change until it is cancelled, within its stripe.
   *   I6  No thread waits for this lock while it holds another one.
   *
   * Memory ordering. The CAS that takes the lock is an acquire, the store that frees it a release; all is plain within, but
   * for wake, which is read without the lock (Wheels says how). Proof: jcstress WheelMutualExclusion, RemoteCancelAgainstReuse.
   */
  static final int SLOT_BITS = 6;
  static final int SLOTS = 1 << SLOT_BITS;
  static final long NEVER = Long.MAX_VALUE;

  private static final int GROWTH = 64;
  private static final int ROOMY = Slab.MOST / 4 * 3;
  private static final int NONE = -1;

  /** {@link #add}: this is closed, or the group sealed. */
  static final int REFUSED = -1;

  /** {@link #add}: there is no room. */
  static final int FULL = -2;

  /** The bits leave two cache lines unused at both ends: their neighbours in memory may be another stripe's. */
  static final int APART = 16;

  /** As far as a list is looked through for the first that is due; if it is longer, the start of its slot is early enough. */
  private static final int LOOK = 32;

  private static final VarHandle WAKE;

  static {
    try {
      WAKE = MethodHandles.lookup().findVarHandle(Stripe.class, "wake", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final int index;
  final Ticks ticks;
  final int levels;
  private final int portion;
  final Slab slab;
  final long[] bits;

  int part = NONE;
  private int most;
  int ungrouped;
  boolean open;

  /** How often the slab was another one; what groups have noted of an earlier one means nothing. */
  private int opening;

  /** Whether this slab is small because what stood in a large one has moved. */
  private boolean hasMoved;

  boolean closed;
  long cursor;
  private long wake = NEVER;

  /** What this stripe's threads cancelled of other stripes' entries. */
  final Outbox outbox;

  /**
   * Makes one that is empty.
   *
   * @param portion how many entries are moved at most while the lock is held
   * @param letters how many cancelled entries go to another stripe together
   */
  Stripe(int index, Ticks ticks, int portion, int letters) {
    this.index = index;
    this.ticks = ticks;
    this.levels = ticks.digits(SLOT_BITS);
    this.portion = portion;
    this.bits = new long[2 * APART + levels];
    this.outbox = new Outbox(letters);
    this.slab = new Slab.Apart(levels * SLOTS);
  }

  final int index() {
    return index;
  }

  // ---- adding and taking out; all under the lock

  /**
   * Adds an entry that stands nowhere.
   *
   * @return less than zero if it was not added; zero if it is not due before {@link #wake} says; else more
   */
  final int add(Entry entry, @Nullable Group group) {
    if (!open && !opened() || group != null && group.isSealed()) {
      return REFUSED;
    }
    int sentinel = group == null ? ungrouped : sentinelFor(group);
    if (sentinel == NONE || slab.isFull()) {
      return FULL;
    }
    long tick = enter(entry, sentinel);
    entry.state(Entry.PENDING);
    if (slab.standing() > most) {
      grew(group);
    }
    if (tick >= wake) {
      return 0;
    }
    WAKE.setOpaque(this, tick);
    return 1;
  }

  /** Links an entry in, behind what is due with it and behind a group's sentinel; returns its tick. */
  private long enter(Entry entry, int sentinel) {
    int slot = slab.take(entry);
    entry.place(index << Slab.SLOT_BITS | slot);
    long tick = ticks.of(entry.due());
    place(slot, tick);
    slab.append(sentinel, slot, Slab.GROUP_NEXT);
    return tick;
  }

  /** Whether {@link #add} finds room, for a while; without the lock, whether it would have a moment ago. */
  final boolean hasRoom() {
    return slab.standing() < ROOMY;
  }

  private boolean opened() {
    if (!closed) {
      slab.open();
      ungrouped = slab.takeSentinel();
      open = true;
    }
    return open;
  }

  /** The sentinel that a group has here, or {@link #NONE}; one of an earlier opening is gone. */
  final int sentinelOf(Group group) {
    long noted = group.sentinel(index);
    return open && (int) (noted >>> Integer.SIZE) == opening ? (int) noted : NONE;
  }

  private int sentinelFor(Group group) {
    int sentinel = sentinelOf(group);
    if (sentinel == NONE && !slab.isFull()) {
      sentinel = slab.takeSentinel();
      try {
        group.sentinel(index, (long) opening << Integer.SIZE | sentinel);
      } catch (OutOfMemoryError noMemory) {
        slab.giveSentinel(sentinel);
        throw noMemory;
      }
    }
    return sentinel;
  }

  /** There are more entries here than ever before: now and then, whoever adds one is told so. */
  private void grew(@Nullable Group group) {
    most = slab.standing();
    if (group != null && (most & GROWTH - 1) == 0) {
      group.grew();
    }
  }

  private void place(int slot, long tick) {
    long at = Math.max(tick, cursor);
    long differs = at ^ cursor;
    int level = (63 - Long.numberOfLeadingZeros(differs | 1)) / SLOT_BITS;
    int digit = (int) (at >>> level * SLOT_BITS) & SLOTS - 1;
    bits[APART + level] |= 1L << digit;
    slab.append(level << SLOT_BITS | digit, slot, Slab.NEXT);
  }

  /** Takes an entry out if it stands in the given slot. */
  final boolean remove(int slot, Entry entry) {
    if (slab.entry(slot) != entry) {
      return false;
    }
    takeOut(slot);
    tidy();
    return true;
  }

  private void unlink(int slot) {
    int emptied = slab.remove(slot, Slab.NEXT);
    if (emptied >= 0) {
      bits[APART + (emptied >>> SLOT_BITS)] &= ~(1L << emptied);
      if (emptied == part) {
        part = NONE;
      }
    }
  }

  private void takeOut(int slot) {
    unlink(slot);
    slab.remove(slot, Slab.GROUP_NEXT);
    slab.give(slot);
  }

  /** Gives memory back, if there is much of it for little that stands here. Every slot is another one then. */
  private void tidy() {
    if (slab.standing() == 0 && (hasMoved || slab.isWaste())) {
      slab.clear();
      open = false;
      hasMoved = false;
      opening++;
      WAKE.setOpaque(
          this, NEVER); // or the timer thread would look here, for nothing, time and again
    } else if (slab.isWaste()) {
      move();
    }
  }

  /**
   * Has what stands here move to a small slab. Whoever cancels from elsewhere first writes the state and then reads the place,
   * here the place is written and then the state is read, and between each pair is a full fence: so either the mail says the
   * new place, or what was cancelled is seen here. Proof: jcstress RemoteCancelAgainstMove, whose twin reads the place first
   * and leaves its entry standing.
   */
  final void move() {
    Entry[] all;
    try {
      all = slab.inOrder();
      slab.open();
    } catch (OutOfMemoryError noMemory) { // another time
      return;
    }
    opening++;
    hasMoved = true;
    part = NONE;
    Arrays.fill(bits, 0);
    ungrouped = slab.takeSentinel();
    for (Entry entry : all) {
      Group group = entry.group();
      enter(entry, group == null ? ungrouped : sentinelFor(group));
    }
    VarHandle.fullFence();
    for (Entry entry : all) {
      if (!entry.isPending()) {
        takeOut(entry.place() & Slab.SLOT_MASK);
      }
    }
  }

  // ---- time; all under the lock

  /**
   * Takes out what is due, as far as there is room and in one portion of work.
   *
   * @return whether there is more to do now
   */
  final boolean takeDue(long now, Due into) {
    boolean more = open && takePortion(now, into);
    tidy();
    return more;
  }

  private boolean takePortion(long now, Due into) {
    for (int left = portion; left > 0 && !into.isFull(); ) {
      if (part != NONE) {
        left = cascade(left);
        continue;
      }
      int level = lowestLevel();
      long start = level == levels ? NEVER : startOf(level);
      if (start > now) {
        cursor = Math.max(cursor, now);
        WAKE.setOpaque(this, level == levels ? NEVER : first(level, start));
        return false;
      }
      cursor = start;
      int slot = lowestSlot(level);
      if (level == 0) {
        left = expire(slot, into, left);
      } else {
        part = slot;
      }
    }
    return true;
  }

  private int lowestLevel() {
    int level = 0;
    while (level < levels && bits[APART + level] == 0) {
      level++;
    }
    return level;
  }

  private int lowestDigit(int level) {
    return Long.numberOfTrailingZeros(bits[APART + level]);
  }

  private int lowestSlot(int level) {
    return level << SLOT_BITS | lowestDigit(level);
  }

  /** The tick at which the first slot of a level that is not empty begins. */
  private long startOf(int level) {
    int shift = level * SLOT_BITS;
    int above = shift + SLOT_BITS;
    long turn = above < Long.SIZE ? cursor >>> above << above : 0;
    return turn | (long) lowestDigit(level) << shift;
  }

  /** The tick of the first entry on the lowest level that is not empty, or an earlier one. */
  private long first(int level, long start) {
    if (level == 0) {
      return start;
    }
    int sentinel = lowestSlot(level);
    int looks = portion == Integer.MAX_VALUE ? portion : LOOK;
    long first = NEVER;
    int slot = slab.get(sentinel, Slab.NEXT);
    for (; slot != sentinel && looks-- > 0; slot = slab.get(slot, Slab.NEXT)) {
      first = Math.min(first, ticks.of(slab.standing(slot).due()));
    }
    return slot == sentinel ? first : start;
  }

  private int cascade(int budget) {
    int sentinel = part;
    int left = budget;
    while (part != NONE && left-- > 0) {
      int slot = slab.get(sentinel, Slab.NEXT);
      unlink(slot);
      place(slot, ticks.of(slab.standing(slot).due()));
    }
    return left;
  }

  /** On level 0; in steps, of which {@link Due} tells why: all are noted, looked at, taken, and then let go. */
  private int expire(int sentinel, Due into, int budget) {
    int first = into.size();
    int most = Math.min(budget, into.most() - first);
    int index = first + slab.note(sentinel, into.slots(), first, most);
    int slot = slab.get(into.slot(index - 1), Slab.NEXT);
    for (int i = first; i < index; i++) {
      into.look(i, slab.standing(into.slot(i)).due());
    }
    for (int i = first; i < index; i++) {
      Entry entry = slab.standing(into.slot(i));
      if (entry.go(Entry.PENDING, Entry.FIRED)) {
        into.add(entry, i);
      }
    }
    slab.cutBefore(slot, sentinel, Slab.NEXT);
    if (slot == sentinel) {
      bits[APART] &= ~(1L << sentinel);
    }
    for (int i = first; i < index; i++) {
      slab.remove(into.slot(i), Slab.GROUP_NEXT);
      slab.give(into.slot(i));
    }
    return budget - (index - first);
  }

  /** The tick before which there is nothing to do here; may be read without the lock. */
  final long wake() {
    return (long) WAKE.getOpaque(this);
  }

  // ---- mail; all under the lock

  /** Frees the slots of what others cancelled. */
  final void read(Mailbox box) {
    for (Mail mail = box.takeAll(); mail != null; mail = mail.next) {
      for (int i = 0; i < mail.count; i++) {
        remove(mail.slots[i], mail.entry(i));
      }
    }
  }

  // ---- groups; all under the lock

  /** How many entries stand here. */
  final int count() {
    return slab.standing();
  }

  /** How many entries of a group stand here. */
  final int count(Group group) {
    int sentinel = sentinelOf(group);
    int count = 0;
    if (sentinel != NONE) {
      int slot = slab.get(sentinel, Slab.GROUP_NEXT);
      for (; slot != sentinel; slot = slab.get(slot, Slab.GROUP_NEXT)) {
        count++;
      }
    }
    return count;
  }

  /** Collects entries of a group that are pending, until there are so many. */
  final void collect(Group group, int upTo, List<? super Entry> into) {
    int sentinel = sentinelOf(group);
    if (sentinel != NONE) {
      int slot = slab.get(sentinel, Slab.GROUP_NEXT);
      for (; slot != sentinel && into.size() < upTo; slot = slab.get(slot, Slab.GROUP_NEXT)) {
        Entry entry = slab.standing(slot);
        if (entry.isPending()) {
          into.add(entry);
        }
      }
    }
  }

  /**
   * Takes entries of a group out, one portion of them, and adds those that were pending.
   *
   * @return whether there may be more
   */
  final boolean takeOut(Group group, int upTo, List<? super Entry> into) {
    int sentinel = sentinelOf(group);
    if (sentinel == NONE) {
      return false;
    }
    boolean more = !slab.isEmpty(sentinel, Slab.GROUP_NEXT);
    for (int left = upTo; more && left > 0; left--) {
      int slot = slab.get(sentinel, Slab.GROUP_NEXT);
      more = slab.get(slot, Slab.GROUP_NEXT) != sentinel; // or that is given back
      Entry entry = slab.standing(slot);
      into.add(entry); // before anything is changed: there may be no memory
      takeOut(slot);
      if (!entry.go(Entry.PENDING, Entry.CANCELLED)) {
        into.remove(into.size() - 1);
      }
    }
    tidy();
    return more;
  }

  /** Gives the sentinel of a sealed group back, of which nothing is left. */
  final void forget(Group group) {
    int sentinel = sentinelOf(group);
    if (sentinel != NONE && slab.isEmpty(sentinel, Slab.GROUP_NEXT)) {
      slab.giveSentinel(sentinel);
      group.sentinel(index, Group.NONE);
    }
  }

  final boolean isClosed() {
    return closed;
  }

  /** Refuses everything from now on, and forgets what stands here. */
  final void close() {
    closed = true;
    open = false;
    hasMoved = false;
    part = NONE;
    WAKE.setOpaque(this, NEVER);
    outbox.close();
    slab.clear();
  }

  /** One that shares no cache line with another. */
  static final class Apart extends Stripe {
    @SuppressWarnings("unused")
    private long p0, p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11, p12, p13, p14, p15;

    Apart(int index, Ticks ticks, int portion, int letters) {
      super(index, ticks, portion, letters);
    }
  }
}
