package io.leaksafe.map;

import io.leaksafe.internal.check.Check;
import io.leaksafe.internal.check.Text;
import io.leaksafe.internal.timer.Timer;
import io.leaksafe.internal.timer.TimerEngine;
import io.leaksafe.time.TimeSource;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** When the entries of a map expire, what time it is for that map, and the one timer that looks. */
final class Expiry {
  /*
   * Time. Nanoseconds since the map was made, so that they compare plainly. Reading the clock costs as much as several
   * lookups; so a read compares with coarse, which every writer and the timer advance. The timer takes out what is due, so
   * between two looks coarse need not advance: nothing becomes due in between. It is late if the timer is late.
   *
   * Nothing due. As long as coarse is before nothingBefore, no entry is over, and a read need not look at the entry's deadline,
   * which may lie in another cache line than its key. That is a tick before the timer fires, and unknown while it looks. Whoever
   * schedules the timer earlier sets it, so that a read in between may miss the deadline of an entry that has just come. A read
   * takes coarse first: a look forgets nothingBefore before it advances coarse.
   *
   * Access. A read moves the deadline to coarse + 1/64 + the idle time. While the map is not empty the timer advances coarse at
   * least every 1/64 of the idle time, so that never is too early, and 1/64 late at most. These parts of the idle time are
   * numbered, 1 to 255 and again: an entry whose deadline a read has moved on keeps the number, and further reads in the
   * same part need neither look at its deadline nor write. By the time a number comes again, four idle times later, an
   * entry that was not read is gone; if the timer is that late, coarse is not before nothingBefore, and the deadline is looked at.
   * A part ends when the timer says so, not when coarse is advanced: so every read in it happens within 1/64 of any coarse
   * time in it. The reader takes the number first and coarse then, the timer sets them the other way round; so a number
   * never goes with the coarse time of an earlier part.
   * An overwriting put clears the number after it has set the deadline, since that may be nearer by up to 1/64. A reader
   * sets the number, and then the deadline by a CAS, which fails if there was a put in between: whoever of the two comes
   * second sets things right. Proof: jcstress ReadAgainstOverwrite, whose twin sets the deadline first.
   *
   * The timer. One for the map; scheduledFor says when it fires next. Whoever places a cell that has to be looked at earlier
   * schedules it anew, under a lock, and so does the timer itself when it has looked.
   */
  private static final long NEVER = Wheel.NEVER;
  private static final int SLACK_SHIFT = 6;
  private static final long AGAIN_NANOS = 10_000_000;
  private static final long UNKNOWN = Long.MIN_VALUE;
  private static final VarHandle COARSE;
  private static final VarHandle DEADLINE;
  private static final VarHandle SEEN;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      COARSE = lookup.findVarHandle(Expiry.class, "coarse", long.class);
      DEADLINE = lookup.findVarHandle(TimedCell.class, "deadline", long.class);
      SEEN = lookup.findVarHandle(Cell.class, "seen", byte.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final TimeSource time;
  private final TimerEngine engine;
  private final long origin;
  private final long writeNanos;
  private final long accessNanos;
  private final long slack;
  private final @Nullable ExpiryRule<Object, Object> rule;
  private final boolean strict;
  private final ReentrantLock lock = new ReentrantLock();
  private final Tick tick = new Tick();
  private @Nullable Look look;
  private volatile long scheduledFor = NEVER;
  private volatile long nothingBefore = UNKNOWN;

  /** The number of the present part of the idle time; zero if access does not count. */
  private volatile byte part;

  /** When that began; written by the timer alone. */
  private long partBegan;

  private boolean closed;

  /** Whether what is due, or what reads have to do, is more than scheduledFor says. */
  private boolean unclear;

  @SuppressWarnings("unused") // through COARSE
  private long coarse;

  /** Takes out what is due. */
  interface Look {
    /** Looks at the given time; returns when to look again, at the latest. */
    long look(long now);
  }

  /** The settings: zero nanoseconds, or no rule, for what is not set. */
  record Settings(
      long writeNanos,
      long accessNanos,
      @Nullable ExpiryRule<Object, Object> rule,
      boolean strict) {

    boolean any() {
      return writeNanos != 0 || accessNanos != 0 || rule != null;
    }
  }

  Expiry(TimeSource time, TimerEngine engine, Settings settings) {
    this.time = time;
    this.engine = engine;
    this.origin = time.nanoTime();
    this.writeNanos = settings.writeNanos;
    this.accessNanos = settings.accessNanos;
    this.slack = accessNanos == 0 ? 0 : Math.max(accessNanos >> SLACK_SHIFT, Wheel.TICK);
    this.part = (byte) (accessNanos == 0 ? 0 : 1);
    this.rule = settings.rule;
    this.strict = settings.strict;
    this.unclear = strict;
  }

  void looksBy(Look taker) {
    look = taker;
  }

  /** What time it is; for writers. */
  long now() {
    long now = time.nanoTime() - origin;
    if (now > (long) COARSE.getOpaque(this)) {
      COARSE.setRelease(this, now); // of two that race the later may lose; it is a coarse time
    }
    return now;
  }

  // ---- reading

  /** Whether a cell that a reader found is over; if not, and access counts, its deadline moves on. */
  boolean isOverForReader(Cell cell) {
    byte partNow = part;
    long coarseNow = (long) COARSE.getAcquire(this);
    return (coarseNow >= nothingBefore || cell.seen != partNow)
        && isOver((TimedCell) cell, coarseNow, partNow);
  }

  private boolean isOver(TimedCell timed, long coarseNow, byte partNow) {
    long now = strict ? time.nanoTime() - origin : coarseNow;
    if (timed.deadline <= now) {
      return true;
    }
    if (accessNanos != 0) {
      moveOn(timed, now, partNow);
    }
    return false;
  }

  private void moveOn(TimedCell timed, long now, byte partNow) {
    SEEN.setOpaque(timed, partNow);
    long idle = sum(now, strict ? accessNanos : sum(accessNanos, slack));
    long deadline;
    long moved;
    do {
      deadline = timed.deadline;
      moved = timed instanceof FullCell full ? Math.min(idle, full.limit) : idle;
    } while (moved > deadline && !DEADLINE.compareAndSet(timed, deadline, moved));
  }

  /** Whether a cell is over, as of the coarse time; for who looks and does not read. */
  boolean isOverForLooker(Cell cell) {
    long now = strict ? time.nanoTime() - origin : (long) COARSE.getOpaque(this);
    return ((TimedCell) cell).deadline <= now;
  }

  // ---- writing

  /** When a value that is put now has to go, however often it is read. */
  long limit(Object key, Object value, long now, @Nullable Duration own, boolean created) {
    long limit = writeNanos == 0 ? NEVER : sum(now, writeNanos);
    if (own != null) {
      limit = Math.min(limit, sum(now, Check.saturatedNanos(own)));
    }
    if (rule != null) {
      Duration ruled =
          rule.expiry(key, value, created ? ExpiryRule.Event.CREATED : ExpiryRule.Event.UPDATED);
      if (ruled != null) {
        limit = Math.min(limit, sum(now, ruledNanos(key, ruled)));
      }
    }
    return limit;
  }

  private static long ruledNanos(Object key, Duration ruled) {
    if (ruled.isZero() || ruled.isNegative()) {
      throw new IllegalArgumentException(
          "The expiry rule must return a time longer than zero, or null for no limit; for key '"
              + key + "' it returned " + Text.duration(ruled) + ".");
    }
    return Check.saturatedNanos(ruled);
  }

  /** When a value that is put now, and never read, has to go. */
  long deadline(long now, long limit) {
    return accessNanos == 0 ? limit : Math.min(limit, sum(now, accessNanos));
  }

  /** Whether an entry with this limit has to remember it beside its deadline. */
  boolean hasTwoTimes(long limit) {
    return accessNanos != 0 && limit != NEVER;
  }

  /** Whether the times of a new cell can be written to another one without a lock: there is one, and it does not come nearer. */
  static boolean isMovedOn(Cell cell, Cell fresh) {
    return cell.getClass() == TimedCell.class
        && ((TimedCell) fresh).deadline >= ((TimedCell) cell).deadline;
  }

  /** Writes the times of a new cell to another one, before the value they are for: who then finds the value has them, too. */
  static void write(Cell cell, Cell fresh) {
    if (cell instanceof FullCell full) {
      full.limit = fresh instanceof FullCell other ? other.limit : NEVER;
    }
    DEADLINE.setRelease((TimedCell) cell, ((TimedCell) fresh).deadline);
    SEEN.setRelease(cell, (byte) 0);
  }

  private static long sum(long a, long b) {
    long sum = a + b;
    return sum < 0 ? NEVER : sum;
  }

  // ---- the timer

  /** Has the timer look at the given time, if it would not do so earlier; under no lock. */
  void lookAt(long when) {
    if (when < scheduledFor || slack != 0 && scheduledFor == NEVER) {
      schedule(slack == 0 ? when : Math.min(when, sum(now(), slack)));
    }
  }

  private void schedule(long when) {
    lock.lock();
    try {
      if (!closed && when < scheduledFor) {
        engine.cancel(tick);
        scheduledFor = when;
        engine.schedule(tick, origin + when);
      }
      if (!unclear) {
        nothingBefore = scheduledFor - Wheel.TICK;
      }
    } finally {
      lock.unlock();
    }
  }

  void close() {
    lock.lock();
    try {
      closed = true;
      engine.cancel(tick);
      look = null;
    } finally {
      lock.unlock();
    }
  }

  private void fired() {
    Look taker = beginLook();
    if (taker != null) {
      long next = sum(now(), AGAIN_NANOS); // if it fails, which the engine logs
      boolean looked = false;
      try {
        long now = now();
        beginPart(now);
        next = taker.look(now);
        looked = true;
      } finally {
        endLook(next, looked);
      }
    }
  }

  /** Goes on to the next part of the idle time, if the present one is over. */
  private void beginPart(long now) {
    if (slack != 0 && now - partBegan >= slack) {
      partBegan = now;
      part = (byte) (part == (byte) 255 ? 1 : part + 1);
    }
  }

  private @Nullable Look beginLook() {
    lock.lock();
    try {
      scheduledFor = NEVER;
      nothingBefore = UNKNOWN;
      unclear = true;
      return look;
    } finally {
      lock.unlock();
    }
  }

  private void endLook(long next, boolean looked) {
    lock.lock();
    try {
      unclear = !looked || strict;
      schedule(next);
    } finally {
      lock.unlock();
    }
  }

  /** The longest that the timer may sleep while there are entries. */
  long nextLook(long now, long next, boolean empty) {
    return slack == 0 || empty ? next : Math.min(next, Math.max(sum(partBegan, slack), now));
  }

  /** Fires when the map has to look. */
  private final class Tick extends Timer {
    @Override
    protected void fire() {
      fired();
    }
  }
}
