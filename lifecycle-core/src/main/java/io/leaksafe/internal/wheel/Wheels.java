package io.leaksafe.internal.wheel;

import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * What is due next, among very many entries that many threads add and cancel: a few timing wheels side by side, of which each
 * thread uses one.
 *
 * <p>Thread safety: every method may be called from any thread, but {@link #takeDue} by one at a time.
 */
public final class Wheels {
  /*
   * Idea. A thread has a home stripe, found by its id; if another thread is at that one's lock, it takes the next that is free,
   * and now and then moves there for good. So threads that schedule and cancel their own entries never meet. A stripe has room
   * for 65,536 entries; when so many are full that threads would have to share the rest, there are more.
   *
   * Cancelling an entry that stands in another stripe by taking that stripe's lock would drag half a dozen cache lines over
   * here and back again. Instead the canceller settles the entry's fate by a CAS on its state, and notes it in the outbox of its
   * own stripe; a full outbox goes to the mailboxes of the stripes concerned, whose next visitor frees the slots. The canceller
   * touches no cache line of the foreign stripe but that of the mailbox, and that one only for each full outbox. With
   * the stripes that there are at first, at most OUTBOXES entries are noted in all outboxes together, and as a mailbox that
   * gets deep is emptied by the thread that filled it, there are never many more than three times as many cancelled entries
   * about, whatever happens; with more stripes in proportion. They are shells: whoever cancels drops what the entry refers to.
   *
   * What is noted in an outbox that is not full waits there for a while at most: whoever notes the first has the engine
   * settle all outboxes and mailboxes a moment later.
   *
   * Cancelling and firing need no memory: what cannot be sent is delivered by hand, or leaves its slot when it is due.
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
  static final int HOMES = 256;
  private static final int OUTBOXES = 256;
  private static final int SMALLEST_OUTBOX = 4;
  private static final int DEEPEST_MAILBOX = 2;
  private static final int PORTION = 512;
  private static final int MOVE_ONE_IN = 16;
  private static final int MOST_STRIPES = 1 << 14;

  /** A tick of a real clock: 8.2 µs. A longer one would make everything later, and a shorter one costs nothing idle. */
  private static final int SHIFT = 13;

  /** The stripes, with their mailboxes beside them: who puts mail into one touches nothing else of its stripe. */
  static final class All {
    final Stripe[] stripes;
    final Mailbox[] boxes;

    All(Stripe[] stripes, Mailbox[] boxes) {
      this.stripes = stripes;
      this.boxes = boxes;
    }
  }

  private final Ticks ticks;
  private final int portion;
  private final int letters;
  private final int atFirst;
  final short[] homes = new short[HOMES];
  private final Runnable settleLater;
  private final ReentrantLock growing = new ReentrantLock();
  volatile All all = new All(new Stripe[0], new Mailbox[0]);
  private boolean closed;
  private int first;

  /** For tests, too. */
  Wheels(int count, Ticks ticks, int portion, Runnable settleLater) {
    this.settleLater = settleLater;
    this.ticks = ticks;
    this.portion = portion;
    this.atFirst = count;
    this.letters = Math.max(SMALLEST_OUTBOX, OUTBOXES / count);
    grow(0, count);
    for (int i = 0; i < HOMES; i++) {
      homes[i] = (short) (i % count);
    }
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

  /** Adds stripes, unless somebody else just has. */
  private void grow(int from, int to) {
    growing.lock();
    try {
      All present = all;
      if (present.stripes.length != from) {
        return;
      }
      if (to > MOST_STRIPES) {
        throw new IllegalStateException(
            "As many timers are pending as there is room for. Close those that are not needed.");
      }
      Stripe[] stripes = Arrays.copyOf(present.stripes, to);
      Mailbox[] boxes = Arrays.copyOf(present.boxes, to);
      for (int i = from; i < to; i++) {
        stripes[i] = new Stripe.Apart(i, ticks, portion, letters);
        boxes[i] = new Mailbox.Apart();
        if (closed) {
          stripes[i].close();
        }
      }
      all = new All(stripes, boxes);
    } finally {
      growing.unlock();
    }
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
    Stripe stripe = lockHome();
    int added;
    try {
      added = stripe.add(entry, group);
    } finally {
      stripe.unlock();
    }
    if (added == Stripe.FULL) {
      added = addWhereThereIsRoom(entry, group);
    }
    VarHandle.storeStoreFence();
    return added < 0 ? Added.REFUSED : added == 0 ? Added.LATER : Added.EARLIER;
  }

  /** Adds to a stripe that has room, if need be a new one, and makes that this thread's home. */
  private int addWhereThereIsRoom(Entry entry, @Nullable Group group) {
    for (; ; ) {
      Stripe[] stripes = all.stripes;
      Stripe stripe = withRoom(stripes);
      if (stripe == null) {
        grow(stripes.length, stripes.length + atFirst);
        continue;
      }
      stripe.lock();
      try {
        int added = stripe.add(entry, group);
        if (added != Stripe.FULL) {
          homes[homeIndex()] = (short) stripe.index();
          return added;
        }
      } finally {
        stripe.unlock();
      }
    }
  }

  /** One of the stripes that seem to have room, another one for each thread; null if there are too few for that. */
  private @Nullable Stripe withRoom(Stripe[] stripes) {
    int count = 0;
    for (Stripe stripe : stripes) {
      count += stripe.hasRoom() ? 1 : 0;
    }
    if (2 * count < atFirst || count == 0) {
      return null;
    }
    int left = homeIndex() % count;
    for (Stripe stripe : stripes) {
      if (stripe.hasRoom() && left-- == 0) {
        return stripe;
      }
    }
    return null;
  }

  private static int homeIndex() {
    return (int) Thread.currentThread().getId() & HOMES - 1;
  }

  /** Locks this thread's stripe, or another that is free, and reads its mail. */
  private Stripe lockHome() {
    All present = all;
    int thread = homeIndex();
    int home = homes[thread];
    Stripe stripe = present.stripes[home];
    if (!stripe.tryLock()) {
      stripe = lockOther(present.stripes, thread, home);
    }
    Mailbox box = present.boxes[stripe.index()];
    if (!box.isEmpty()) {
      stripe.read(box);
    }
    return stripe;
  }

  private Stripe lockOther(Stripe[] stripes, int thread, int home) {
    int other = home;
    for (int i = 1; i < stripes.length; i++) {
      other = other + 1 == stripes.length ? 0 : other + 1;
      if (stripes[other].tryLock()) {
        if (ThreadLocalRandom.current().nextInt(MOVE_ONE_IN) == 0) {
          homes[thread] = (short) other;
        }
        return stripes[other];
      }
    }
    stripes[home].lock();
    return stripes[home];
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
    int place = entry.place();
    if (ticks.areExact()) {
      return cancelThere(entry, place);
    }
    int home = homes[homeIndex()];
    if (place >>> Slab.SLOT_BITS == home) {
      Stripe at = all.stripes[home];
      if (at.tryLock()) {
        try {
          if (entry.place() == place) { // or it has fired and been added again since
            return cancelHere(at, place, entry);
          }
        } finally {
          at.unlock();
        }
      }
    }
    return entry.go(Entry.PENDING, Entry.CANCELLED) && cancelled(place, entry);
  }

  private boolean cancelThere(Entry entry, int place) {
    Stripe at = all.stripes[place >>> Slab.SLOT_BITS];
    at.lock();
    try {
      return entry.place() == place
          ? cancelHere(at, place, entry)
          : entry.go(Entry.PENDING, Entry.CANCELLED);
    } finally {
      at.unlock();
    }
  }

  private static boolean cancelHere(Stripe at, int place, Entry entry) {
    if (!entry.isPending()) {
      return false;
    }
    entry.state(Entry.CANCELLED);
    at.remove(place & Slab.MOST - 1, entry);
    return true;
  }

  private boolean cancelled(int place, Entry entry) {
    Stripe own = lockHome();
    Mail full = null;
    boolean first = false;
    try {
      if (own.index() == place >>> Slab.SLOT_BITS) {
        own.remove(place & Slab.MOST - 1, entry);
      } else {
        first = !own.hasMailToSend();
        full = own.write(place, entry);
      }
    } finally {
      own.unlock();
    }
    if (full != null) {
      send(full);
    } else if (first) {
      settleLater.run();
    }
    return true;
  }

  private void send(Mail outbox) {
    All present = all;
    try {
      perStripe(outbox).forEach((to, mail) -> {
        if (present.boxes[to].put(mail) > DEEPEST_MAILBOX) {
          read(present, to);
        }
      });
    } catch (OutOfMemoryError noMemory) { // this way takes longer, and needs none
      deliver(outbox);
    }
  }

  private static Map<Integer, Mail> perStripe(Mail outbox) {
    Map<Integer, Mail> perStripe = new HashMap<>();
    for (int i = 0; i < outbox.count; i++) {
      int place = outbox.slots[i];
      perStripe
          .computeIfAbsent(place >>> Slab.SLOT_BITS, to -> new Mail(outbox.count))
          .add(place & Slab.MOST - 1, outbox.entry(i));
    }
    return perStripe;
  }

  private void deliver(Mail outbox) {
    for (int i = 0; i < outbox.count; i++) {
      int place = outbox.slots[i];
      Stripe at = all.stripes[place >>> Slab.SLOT_BITS];
      at.lock();
      at.remove(place & Slab.MOST - 1, outbox.entry(i));
      at.unlock();
    }
  }

  private static void read(All present, int at) {
    Stripe stripe = present.stripes[at];
    stripe.lock();
    try {
      stripe.read(present.boxes[at]);
    } finally {
      stripe.unlock();
    }
  }

  /**
   * Takes an entry out that may be added again, or keeps it from running if it was due and has not begun. Whoever may add it
   * must not do so at the same time.
   *
   * @return whether that was so
   */
  public boolean disarm(Entry entry) {
    int place = entry.place();
    Stripe at = all.stripes[place >>> Slab.SLOT_BITS];
    at.lock();
    try {
      boolean stood = at.remove(place & Slab.MOST - 1, entry);
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
    All present = all;
    int count = present.stripes.length;
    boolean more = false;
    first = first + 1 < count
        ? first + 1
        : 0; // else a stripe with a backlog would keep those behind it waiting
    for (int i = 0; i < count; i++) {
      int at = first + i < count ? first + i : first + i - count;
      Stripe stripe = present.stripes[at];
      if (stripe.wake() <= tick || stripe.hasMailToSend() || !present.boxes[at].isEmpty()) {
        more |= takeDue(stripe, present.boxes[at], tick, into);
      }
    }
    return more;
  }

  private boolean takeDue(Stripe stripe, Mailbox box, long tick, Due into) {
    boolean more;
    Mail out;
    stripe.lock();
    try {
      stripe.read(box);
      more = stripe.takeDue(tick, into);
      out = stripe.takeOutbox();
    } finally {
      stripe.unlock();
    }
    if (out != null) {
      send(out);
    }
    return more;
  }

  /** The tick before which there is nothing to do; {@link Long#MAX_VALUE} for never. */
  public long wake() {
    long wake = Stripe.NEVER;
    for (Stripe stripe : all.stripes) {
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
    for (Stripe stripe : all.stripes) {
      sum += stripe.count();
    }
    return sum;
  }

  private int sum(ToIntFunction<Stripe> counted) {
    settle();
    int sum = 0;
    for (Stripe stripe : all.stripes) {
      stripe.lock();
      sum += counted.applyAsInt(stripe);
      stripe.unlock();
    }
    return sum;
  }

  /** Has every slot freed whose entry has been cancelled. */
  public void settle() {
    All present = all;
    for (Stripe stripe : present.stripes) {
      stripe.lock();
      Mail out = stripe.takeOutbox();
      stripe.unlock();
      if (out != null) {
        send(out);
      }
    }
    for (int i = 0; i < present.boxes.length; i++) {
      if (!present.boxes[i].isEmpty()) {
        read(present, i);
      }
    }
  }

  /** Returns at most so many of the entries of a group that are pending. */
  public List<Entry> pending(Group group, int most) {
    List<Entry> found = new ArrayList<>();
    for (Stripe stripe : all.stripes) {
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
    for (Stripe stripe : all.stripes) {
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
    for (Stripe stripe : all.stripes) {
      stripe.lock();
      stripe.forget(group);
      stripe.unlock();
    }
  }

  /** Refuses everything from now on, and forgets what is pending. */
  public void close() {
    growing.lock();
    try {
      closed = true;
    } finally {
      growing.unlock();
    }
    All present = all;
    for (int i = 0; i < present.stripes.length; i++) {
      present.stripes[i].lock();
      present.stripes[i].close();
      present.boxes[i].takeAll();
      present.stripes[i].unlock();
    }
  }
}
