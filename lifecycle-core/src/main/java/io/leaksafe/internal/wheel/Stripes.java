package io.leaksafe.internal.wheel;

import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The stripes side by side: which of them a thread uses, how they become more, and the mail between them.
 *
 * <p>Thread safety: every method may be called from any thread.
 */
final class Stripes {
  /*
   * Homes. A thread has a home stripe, found by its id; if another thread is at that one's lock, it takes the next that is free,
   * and now and then moves there for good. So threads that schedule and cancel their own entries never meet. A stripe has room
   * for 65,536 entries; when so many are full that threads would have to share the rest, there are more.
   *
   * Mail. To cancel an entry that stands in another stripe by taking that stripe's lock would drag half a dozen cache lines over
   * here and back again. Instead the canceller notes it in the outbox of its own stripe; a full outbox goes to the mailboxes of
   * the stripes concerned, whose next visitor frees the slots. The canceller touches no cache line of the foreign stripe but
   * that of the mailbox, and that one only for each full outbox. With the stripes that there are at first, at most OUTBOXES
   * entries are noted in all outboxes together, and as a mailbox that gets deep is emptied by the thread that filled it, there
   * are never many more than three times as many cancelled entries about, whatever happens; with more stripes in proportion.
   * They are shells: whoever cancels drops what the entry refers to. What is noted in an outbox that is not full waits there for
   * a while at most: whoever notes the first has the engine settle all outboxes and mailboxes a moment later. What cannot be
   * sent for want of memory is delivered by hand, or leaves its slot when it is due. A stripe that was full and which all have
   * left since is nobody's: what stands there is cancelled under its lock, by whoever gets it at once.
   */
  static final int HOMES = 256;
  private static final int OUTBOXES = 256;
  private static final int SMALLEST_OUTBOX = 4;
  private static final int DEEPEST_MAILBOX = 2;
  private static final int MOVE_ONE_IN = 16;
  private static final int MOST = 1 << 14;

  /** The stripes, with their mailboxes beside them: who puts mail into one touches nothing else of its stripe. */
  private static final class All {
    final Stripe[] stripes;
    final Mailbox[] boxes;

    /** Hints, written by anybody: whoever was at home there went elsewhere, since there was no room. */
    final boolean[] left;

    All(Stripe[] stripes, Mailbox[] boxes, boolean[] left) {
      this.stripes = stripes;
      this.boxes = boxes;
      this.left = left;
    }
  }

  private final Ticks ticks;
  private final int portion;
  private final int letters;
  private final int atFirst;
  final short[] homes = new short[HOMES];
  private final ReentrantLock growing = new ReentrantLock();
  private volatile All all = new All(new Stripe[0], new Mailbox[0], new boolean[0]);
  private boolean closed;

  Stripes(int count, Ticks ticks, int portion) {
    this.ticks = ticks;
    this.portion = portion;
    this.atFirst = count;
    this.letters = Math.max(SMALLEST_OUTBOX, OUTBOXES / count);
    grow(0);
    for (int i = 0; i < HOMES; i++) {
      homes[i] = (short) (i % count);
    }
  }

  /** All there are now; not to be changed. */
  Stripe[] all() {
    return all.stripes;
  }

  Stripe get(int index) {
    return all.stripes[index];
  }

  Mailbox box(int index) {
    return all.boxes[index];
  }

  /** Adds as many stripes as there were at first, unless somebody else just has. */
  private void grow(int from) {
    growing.lock();
    try {
      All present = all;
      if (present.stripes.length != from) {
        return;
      }
      int to = from + atFirst;
      if (to > MOST) {
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
      all = new All(stripes, boxes, Arrays.copyOf(present.left, to));
    } finally {
      growing.unlock();
    }
  }

  // ---- homes

  private static int homeIndex() {
    return (int) Thread.currentThread().getId() & HOMES - 1;
  }

  /** The index of this thread's stripe. */
  int home() {
    return homes[homeIndex()];
  }

  /** Locks this thread's stripe, or another that is free, and reads its mail. */
  Stripe lockHome() {
    Stripe[] stripes = all.stripes;
    int thread = homeIndex();
    int home = homes[thread];
    Stripe stripe = stripes[home];
    if (!stripe.tryLock()) {
      stripe = lockOther(stripes, thread, home);
    }
    readMail(stripe);
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

  /** Adds to a stripe that has room, if need be a new one, and makes that this thread's home; answers as {@link Stripe#add}. */
  int addWhereThereIsRoom(Entry entry, @Nullable Group group) {
    for (; ; ) {
      Stripe[] stripes = all.stripes;
      Stripe stripe = withRoom(stripes);
      if (stripe == null) {
        grow(stripes.length);
        continue;
      }
      stripe.lock();
      try {
        int added = stripe.add(entry, group);
        if (added != Stripe.FULL) {
          moveTo(stripe.index());
          return added;
        }
      } finally {
        stripe.unlock();
      }
    }
  }

  private void moveTo(int index) {
    boolean[] left = all.left;
    left[home()] = true;
    left[index] = false;
    homes[homeIndex()] = (short) index;
  }

  /** Whether those who were at home in a stripe have left it, so that its cache lines are anybody's. */
  boolean isLeft(int index) {
    return all.left[index];
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
    return stripes[home()]; // others were quicker; whoever finds it full looks again
  }

  // ---- mail

  /** Under the lock of the stripe: frees the slots of what others cancelled there. */
  void readMail(Stripe locked) {
    Mailbox box = all.boxes[locked.index()];
    if (!box.isEmpty()) {
      locked.read(box);
    }
  }

  /** Whether there is mail for a stripe, as of a moment ago. */
  boolean hasMail(int index) {
    return !all.boxes[index].isEmpty();
  }

  /** Sends an outbox; under no lock. */
  void send(Mail outbox) {
    for (int i = 0; i < outbox.count; i++) {
      int place = outbox.slots[i];
      if (place == Mail.TAKEN) {
        continue;
      }
      try {
        post(place >>> Slab.SLOT_BITS, outbox.takeFrom(i));
      } catch (OutOfMemoryError noMemory) { // this way takes longer, and needs none
        deliver(place, outbox.entry(i));
      }
    }
  }

  private void post(int to, Mail mail) {
    if (all.boxes[to].put(mail) > DEEPEST_MAILBOX) {
      lockAndRead(to);
    }
  }

  private void deliver(int place, Entry entry) {
    Stripe at = get(place >>> Slab.SLOT_BITS);
    at.lock();
    try {
      at.remove(place & Slab.SLOT_MASK, entry);
    } finally {
      at.unlock();
    }
  }

  private void lockAndRead(int index) {
    Stripe stripe = get(index);
    stripe.lock();
    try {
      readMail(stripe);
    } finally {
      stripe.unlock();
    }
  }

  /** Has all mail arrive. */
  void settle() {
    Stripe[] stripes = all.stripes;
    for (Stripe stripe : stripes) {
      stripe.lock();
      Mail out;
      try {
        out = stripe.outbox.take();
      } finally {
        stripe.unlock();
      }
      if (out != null) {
        send(out);
      }
    }
    for (Stripe stripe : stripes) {
      if (hasMail(stripe.index())) {
        lockAndRead(stripe.index());
      }
    }
  }

  // ---- the end

  /** Refuses everything from now on, and forgets what stands here. */
  void close() {
    growing.lock();
    try {
      closed = true;
    } finally {
      growing.unlock();
    }
    All present = all;
    for (int i = 0; i < present.stripes.length; i++) {
      present.stripes[i].lock();
      try {
        present.stripes[i].close();
        present.boxes[i].takeAll();
      } finally {
        present.stripes[i].unlock();
      }
    }
  }
}
