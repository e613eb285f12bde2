package io.leaksafe.internal.wheel;

import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;

/**
 * What is due next, among very many entries that many threads add and cancel: a few timing wheels side by side, of which each
 * thread uses one.
 *
 * <p>Thread safety: every method may be called from any thread, but {@link #takeDue} by one at a time.
 */
public final class Wheels {
  /*
   * Idea. Which stripe an entry goes to, and how it is cancelled from another one, is said in Stripes and below it; here is what
   * all stripes do together.
   *
   * Cancelling. An entry of the thread's own stripe, or of one that nobody uses, is cancelled under that lock. One that stands elsewhere is settled by a CAS
   * on its state, and its slot is freed by mail. Cancelling and firing need no memory.
   *
   * Wake-up. Whoever adds an entry that is due before everything else in its stripe lowers the stripe's wake under its lock and
   * then looks until when the timer thread sleeps; the timer thread says until when it means to sleep and then looks at every
   * wake once more. Between each pair there is a full fence, so one of the two sees the other. That half of the protocol is
   * here and the other in the engine that owns the thread. Proof: jcstress WheelWakeUp, whose twin has no fence and sleeps
   * over an entry.
   *
   * Publication. A handle may be passed on by a race; whoever cancels through it must see its place. So there is a fence between
   * writing it and returning. Proof: jcstress HandleRaces.
   */
  private static final int PORTION = 512;

  /** A tick of a real clock: 8.2 µs. A longer one would make everything later, and a shorter one costs nothing idle. */
  private static final int SHIFT = 13;

  private final Ticks ticks;
  final Stripes stripes;
  private final Runnable settleLater;
  private int first;

  /** For tests, too. */
  Wheels(int count, Ticks ticks, int portion, Runnable settleLater) {
    this.ticks = ticks;
    this.stripes = new Stripes(count, ticks, portion);
    this.settleLater = settleLater;
  }

  /**
   * Wheels for a real clock, and for as many threads as there are cores.
   *
   * @param now         what the clock reads
   * @param settleLater arranges for a call of {@link #settle} before long; called under no lock
   */
  public static Wheels striped(long now, Runnable settleLater) {
    int cores = Runtime.getRuntime().availableProcessors();
    return new Wheels(Math.min(64, 4 * cores), new Ticks(now, SHIFT), PORTION, settleLater);
  }

  /**
   * One wheel for a clock that stands still, which reads {@code now}: exact to the nanosecond; first in, first out, as long as
   * all that is pending fits into one stripe; and what is cancelled is gone at once.
   */
  public static Wheels exact(long now) {
    return new Wheels(1, new Ticks(now, 0), Integer.MAX_VALUE, () -> {});
  }

  // ---- adding

  /** What became of an entry that was to be added. */
  public enum Added {
    /** It stands, and is due no earlier than another one. */
    LATER,
    /** It stands; the timer thread may have to be woken, see {@link #wake}. */
    EARLIER,
    /** It does not: its group is sealed, or everything closed. */
    REFUSED
  }

  /**
   * Adds an entry that stands nowhere.
   *
   * @param due when it is due, in nanoseconds; at once, if that has passed
   * @throws IllegalStateException if it stands already, or there is no room
   */
  public Added add(Entry entry, long due) {
    if (entry.isStanding()) {
      throw new IllegalStateException("The timer is pending already.");
    }
    Group group = entry.group();
    entry.due(due);
    Stripe stripe = stripes.lockHome();
    int added;
    try {
      added = stripe.add(entry, group);
    } finally {
      stripe.unlock();
    }
    if (added == Stripe.FULL) {
      added = stripes.addWhereThereIsRoom(entry, group);
    }
    VarHandle.storeStoreFence();
    return added < 0 ? Added.REFUSED : added == 0 ? Added.LATER : Added.EARLIER;
  }

  // ---- cancelling

  /**
   * Keeps an entry from firing, for good: it must not be added again. What it refers to is for the caller to drop.
   *
   * @return whether it was pending; two that cancel at the same time may both be told so
   */
  public boolean cancel(Entry entry) {
    if (!entry.isStanding()) {
      return false;
    }
    int there = entry.place() >>> Slab.SLOT_BITS;
    if (ticks.areExact()) {
      Stripe at = stripes.get(there);
      at.lock();
      return cancelLocked(at, entry) || cancelFromElsewhere(entry);
    }
    if (there == stripes.home() || stripes.isLeft(there)) {
      Stripe at = stripes.get(there);
      if (at.tryLock() && cancelLocked(at, entry)) {
        return true;
      }
    }
    return cancelFromElsewhere(entry);
  }

  /** Under the lock of a stripe, which this frees: cancels an entry if it is pending and stands there. */
  private static boolean cancelLocked(Stripe at, Entry entry) {
    try {
      int place = entry.place(); // it may have been fired and added again since, or moved
      boolean there = place >>> Slab.SLOT_BITS == at.index() && entry.isPending();
      if (there) {
        entry.state(Entry.CANCELLED);
        at.remove(place & Slab.SLOT_MASK, entry);
      }
      return there;
    } finally {
      at.unlock();
    }
  }

  private boolean cancelFromElsewhere(Entry entry) {
    if (!entry.go(Entry.PENDING, Entry.CANCELLED)) {
      return false;
    }
    int place = entry.place(); // only now it is where it stays: see Stripe.move
    Stripe own = stripes.lockHome();
    Mail full = null;
    boolean first = false;
    try {
      if (own.index() == place >>> Slab.SLOT_BITS) {
        own.remove(place & Slab.SLOT_MASK, entry);
      } else {
        first = own.outbox.isEmpty();
        full = own.outbox.write(place, entry);
      }
    } finally {
      own.unlock();
    }
    if (full != null) {
      stripes.send(full);
    } else if (first) {
      settleLater.run();
    }
    return true;
  }

  /**
   * Takes an entry out that may be added again, or keeps it from running if it was due and has not begun. Whoever may add it
   * must not do so at the same time.
   *
   * @return whether that was so
   */
  public boolean disarm(Entry entry) {
    Stripe at = stripes.get(entry.place() >>> Slab.SLOT_BITS);
    at.lock();
    try {
      boolean stood = at.remove(entry.place() & Slab.SLOT_MASK, entry);
      if (stood || at.isClosed()) { // where it may have been forgotten, and is pending no more
        stood &= entry.go(Entry.PENDING, Entry.DISARMED);
      }
      return stood || entry.go(Entry.FIRED, Entry.DISARMED);
    } finally {
      at.unlock();
    }
  }

  // ---- time

  /**
   * Takes out what is due.
   *
   * @param now  what the clock reads
   * @param into takes at most as many as it has room for; sorted by whoever fires them
   * @return whether there is more to do now
   */
  public boolean takeDue(long now, Due into) {
    long tick = ticks.in(now);
    Stripe[] all = stripes.all();
    boolean more = false;
    first++; // else a stripe with a backlog would keep those behind it waiting
    for (int i = 0; i < all.length; i++) {
      Stripe stripe = all[Math.floorMod(first + i, all.length)];
      if (stripe.wake() <= tick || !stripe.outbox.isEmpty() || stripes.hasMail(stripe.index())) {
        more |= takeDue(stripe, tick, into);
      }
    }
    return more;
  }

  private boolean takeDue(Stripe stripe, long tick, Due into) {
    boolean more;
    Mail out;
    stripe.lock();
    try {
      stripes.readMail(stripe);
      more = stripe.takeDue(tick, into);
      out = stripe.outbox.take();
    } finally {
      stripe.unlock();
    }
    if (out != null) {
      stripes.send(out);
    }
    return more;
  }

  /** The tick before which there is nothing to do; {@link Long#MAX_VALUE} for never. */
  public long wake() {
    long wake = Stripe.NEVER;
    for (Stripe stripe : stripes.all()) {
      wake = Math.min(wake, stripe.wake());
    }
    return wake;
  }

  /** How long it is from now until a tick of {@link #wake}, in nanoseconds. */
  public long nanosUntil(long tick, long now) {
    return tick == Stripe.NEVER ? Long.MAX_VALUE : ticks.until(tick, now);
  }

  // ---- groups

  /** How many entries of a group are pending. */
  public int count(Group group) {
    return sum(stripe -> stripe.count(group));
  }

  /** How many entries are pending. */
  public int count() {
    return sum(Stripe::count);
  }

  /** As {@link #count()}, but without a lock: as of a moment ago, and with those whose cancel is still on its way. */
  public int roughly() {
    int sum = 0;
    for (Stripe stripe : stripes.all()) {
      sum += stripe.count();
    }
    return sum;
  }

  private int sum(ToIntFunction<Stripe> counted) {
    stripes.settle();
    int sum = 0;
    for (Stripe stripe : stripes.all()) {
      stripe.lock();
      sum += counted.applyAsInt(stripe);
      stripe.unlock();
    }
    return sum;
  }

  /** Has every slot freed whose entry has been cancelled. */
  public void settle() {
    stripes.settle();
  }

  /** Returns at most so many of the entries of a group that are pending. */
  public List<Entry> pending(Group group, int most) {
    List<Entry> found = new ArrayList<>();
    for (Stripe stripe : stripes.all()) {
      stripe.lock();
      try {
        stripe.collect(group, most, found);
      } finally {
        stripe.unlock();
      }
    }
    return found;
  }

  /**
   * Takes out the entries of a group.
   *
   * @param each given those that were pending, one by one and under no lock
   */
  public void takeOut(Group group, Consumer<? super Entry> each) {
    List<Entry> taken = new ArrayList<>();
    for (Stripe stripe : stripes.all()) {
      boolean more = true;
      while (more) {
        stripe.lock();
        try {
          more = stripe.takeOut(group, PORTION, taken);
        } finally {
          stripe.unlock();
        }
        taken.forEach(each);
        taken.clear();
      }
    }
  }

  /** Refuses the entries of a group from now on; those there are stay. */
  public void seal(Group group) {
    group.seal();
  }

  /** Forgets a sealed group of which nothing is left. */
  public void forget(Group group) {
    for (Stripe stripe : stripes.all()) {
      stripe.lock();
      stripe.forget(group);
      stripe.unlock();
    }
  }

  /** Refuses everything from now on, and forgets what is pending. */
  public void close() {
    stripes.close();
  }
}
