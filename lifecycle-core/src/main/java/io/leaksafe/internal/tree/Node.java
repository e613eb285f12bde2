package io.leaksafe.internal.tree;

import io.leaksafe.handle.ClosedScopeException;
import io.leaksafe.handle.HandleInfo;
import io.leaksafe.handle.Kind;
import io.leaksafe.handle.Priority;
import io.leaksafe.handle.Tracking;
import io.leaksafe.internal.check.Text;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Something that is open and owned: its place in the owner's list, its phase, and where it came from. */
@SuppressWarnings("EnumOrdinal") // packed into bits and unpacked again by this class alone
public abstract class Node {
  /*
   * Phases:   LIVE ──claim()──> CLOSING ──ended()──> CLOSED
   *             ├─────────endAtOnce()─────────────> CLOSED        (ended by itself)
   *             └───────────detach()──────────────> RELEASED      (taken out without closing)
   *
   * Exactly one claim(), endAtOnce() or detach() succeeds; later ones do nothing and say so. A node stays in its owner's list, and
   * so listed as live, until ended(); an owner may be CLOSED and still listed, as long as something hangs below it.
   *
   * Phase, priority, kind and the count of surplus closes share one int, which changes under the lock of the node's lane alone
   * and is read anywhere: stores are releases, loads acquires, so whoever sees a phase sees what led to it. Size matters here:
   * with HandleNode's two fields an object is 56 bytes. All that shares the int is in this file, however long that makes it.
   *
   * Proof: jcstress CloseClaimOnce, CloseAgainstRelease, and HandlePublication (lane is written under the lock, read without).
   */
  private static final int LIVE = 0;
  private static final int CLOSING = 1;
  private static final int CLOSED = 2;
  private static final int RELEASED = 3;

  private static final int PHASE = 0b11;
  private static final int PRIORITY_SHIFT = 2;
  private static final int PRIORITY = 0b111 << PRIORITY_SHIFT;
  private static final int KIND_SHIFT = 5;
  private static final int KIND = 0b1111 << KIND_SHIFT;
  private static final int OWNED = 1 << 9;
  private static final int AGED = 1 << 10;
  private static final int AWAITED = 1 << 11;
  private static final int OUT = 1 << 12;
  private static final int SURPLUS_SHIFT = 13;

  private static final Kind[] KINDS = Kind.values();
  private static final Priority[] PRIORITIES = Priority.values();
  private static final VarHandle BITS;
  private static final VarHandle LANE;

  static {
    try {
      BITS = MethodHandles.lookup().findVarHandle(Node.class, "bits", int.class);
      LANE = MethodHandles.lookup().findVarHandle(Node.class, "lane", Lane.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** The list it stands in, or stood in last; null until it is first added. A root has one for its lock alone. */
  @Nullable
  Lane lane;

  /** Its neighbours in the lane. */
  @Nullable
  Node older;

  @Nullable
  Node newer;

  private final String name;
  private final String openedBy;
  private final long openedAt;
  private int bits;

  /** What few nodes have; null until this one does. */
  @Nullable
  Extras extras;

  Node(String name, Kind kind, Priority priority, boolean owned, Root root) {
    this.name = name;
    this.openedBy = root.tracking == Tracking.DISABLED ? "" : opener();
    this.openedAt = root.time.nanoTime();
    this.bits = (kind.ordinal() << KIND_SHIFT)
        | (priority.ordinal() << PRIORITY_SHIFT)
        | (owned ? OWNED : 0);
  }

  /** Makes a node of what was opened before, as a timer. */
  Node(OwnedTimer timer) {
    this.name = timer.name();
    this.openedBy = timer.openedBy();
    this.openedAt = timer.openedAt();
    this.bits = (Kind.TIMER.ordinal() << KIND_SHIFT) | (Priority.EARLY.ordinal() << PRIORITY_SHIFT);
  }

  /** The name and not the thread, which would keep it, its locals and its class loader alive. */
  static String opener() {
    String thread = Thread.currentThread().getName();
    return thread.isEmpty() ? "unnamed" : thread; // as virtual threads are
  }

  // ---- what it is

  /** The name given at opening. */
  public final String name() {
    return name;
  }

  /** When it was opened, by the monotonic clock. */
  public final long openedAt() {
    return openedAt;
  }

  /** When it came to its present owner, by the monotonic clock. */
  final long enteredAt() {
    Extras more = extras;
    return more != null && more.moved ? more.movedAt : openedAt;
  }

  /** Under the lock of its lane. */
  final void movedAt(long now) {
    Extras more = extras();
    more.movedAt = now;
    more.moved = true;
  }

  /** What it stands for. */
  public final Kind kind() {
    return KINDS[(bits() & KIND) >>> KIND_SHIFT];
  }

  /** Its group in the closing order. */
  public final Priority closingPriority() {
    return PRIORITIES[(bits() & PRIORITY) >>> PRIORITY_SHIFT];
  }

  /** A number that is larger for what closes later because of its priority. */
  final int rank() {
    return bits() & PRIORITY;
  }

  final boolean isOwned() {
    return (bits & OWNED) != 0;
  }

  /** Whether its close has neither begun nor become needless. */
  public final boolean isLive() {
    return (bits() & PHASE) == LIVE;
  }

  /** Whether its close has begun and not ended. */
  public final boolean isClosing() {
    return (bits() & PHASE) == CLOSING;
  }

  /** Whether its close has ended. */
  public final boolean isClosed() {
    return (bits() & PHASE) == CLOSED;
  }

  private int bits() {
    return (int) BITS.getAcquire(this);
  }

  private void setBits(int value) {
    BITS.setRelease(this, value);
  }

  /** The owner, or the last one. Null in a root. */
  public @Nullable OwnerNode owner() {
    Lane at = lane();
    return at == null ? null : at.owner;
  }

  private @Nullable Lane lane() {
    return (Lane) LANE.getOpaque(this);
  }

  /** The root's shared part. */
  public Root root() {
    OwnerNode owner = owner();
    if (owner == null) {
      throw new IllegalStateException("'" + name + "' has no owner yet.");
    }
    return owner.root();
  }

  /** The names from the root down, joined by slashes. */
  public final String path() {
    OwnerNode owner = owner();
    return owner == null ? name : owner.path() + "/" + name;
  }

  /** Whether it is the given node or stands below it. */
  public final boolean isWithin(Node other) {
    for (Node each = this; each != null; each = each.owner()) {
      if (each == other) {
        return true;
      }
    }
    return false;
  }

  /** A copy of all that is known about it now. */
  public final HandleInfo info() {
    return info(root().time.nanoTime());
  }

  /** As {@link #info()}, with the age at the given time of the monotonic clock. */
  public final HandleInfo info(long now) {
    Root root = root();
    long age = now - openedAt;
    Extras more = extras;
    Origin opened = more == null ? null : more.opened;
    return new HandleInfo(
        path(),
        name,
        kind(),
        closingPriority(),
        root.instantOf(openedAt),
        Duration.ofNanos(age),
        openedBy,
        opened == null ? List.of() : opened.frames(),
        Collections.unmodifiableMap(details()));
  }

  /** What its kind has to say beyond the rest. */
  protected Map<String, String> details() {
    Supplier<Map<String, String>> supplier = describer();
    int surplus = surplusCloses();
    if (supplier == null && surplus == 0 && !isClosing()) {
      return Map.of();
    }
    Map<String, String> details = new LinkedHashMap<>();
    if (isClosing()) {
      details.put("state", "closing");
    }
    if (supplier != null) {
      details.putAll(supplier.get());
    }
    if (surplus > 0) {
      details.put("closed again", Text.count(surplus, "time"));
    }
    return details;
  }

  /** Who says what its kind has to say; null if nobody does. */
  @Nullable
  Supplier<Map<String, String>> describer() {
    return extras == null ? null : extras.details; // once there, they stay
  }

  // ---- how its life goes on

  /**
   * Takes the lock of the lane this node stands in.
   *
   * @return the locked lane; null if the node has never been added to one, so that nobody else knows it
   */
  final @Nullable Lane lockLane() {
    for (; ; ) {
      Lane at = lane();
      if (at == null) {
        return null;
      }
      at.lock();
      if (at == lane) {
        return at;
      }
      at.unlock();
    }
  }

  /** Begins its close. Of all calls one returns true: that caller closes it. */
  public final boolean claim() {
    Lane at = lockLane();
    int now = bits;
    boolean won = (now & PHASE) == LIVE;
    if (won) {
      setBits(now | CLOSING);
    }
    unlock(at);
    return won;
  }

  /**
   * Ends its close and takes it out of its list; after {@link #claim}, by the same caller.
   *
   * @return whether somebody waits for {@link #tellEnded}
   */
  final boolean ended() {
    Lane at = lockLane();
    takeOut(at, CLOSED);
    boolean awaited = (bits & AWAITED) != 0;
    unlock(at);
    OwnerNode owner = owner();
    if (owner != null) {
      owner.vacated();
    }
    return awaited;
  }

  /** Tells whoever waits for its end, which may run what they left behind. */
  public final void tellEnded() {
    root().ended(this);
  }

  /** Takes it out of its list without closing it. Of all calls to this and {@link #claim} one returns true. */
  final boolean detach() {
    return leave(RELEASED);
  }

  /** Begins and ends its close in one step; false if its close has begun. As nobody saw it closing, nobody waits for it. */
  final boolean endAtOnce() {
    return leave(CLOSED);
  }

  private boolean leave(int phase) {
    Lane at = lockLane();
    boolean won = (bits & PHASE) == LIVE;
    if (won) {
      takeOut(at, phase);
    }
    unlock(at);
    return won;
  }

  /** Under the lock of its lane: enters a last phase, and leaves the list unless it has left. */
  private void takeOut(@Nullable Lane at, int phase) {
    int now = bits;
    if (at != null && (now & OUT) == 0) {
      at.remove(this);
    }
    setBits((now & ~PHASE) | phase | OUT);
  }

  /** Enters the last phase, but stays in its list. */
  final void closedButListed() {
    Lane at = lockLane();
    setBits((bits & ~PHASE) | CLOSED);
    boolean awaited = (bits & AWAITED) != 0;
    unlock(at);
    if (awaited) {
      tellEnded();
    }
  }

  /** Leaves its list after {@link #closedButListed}; false if it had left. */
  final boolean leaveList() {
    Lane at = lockLane();
    boolean listed = (bits & OUT) == 0;
    if (listed) {
      takeOut(at, CLOSED);
    }
    unlock(at);
    return listed;
  }

  /** Stands in no list: a root. */
  final void neverListed(Lane forItsLock) {
    lane = forItsLock;
    bits |= OUT;
  }

  private static void unlock(@Nullable Lane at) {
    if (at != null) {
      at.unlock();
    }
  }

  /** Asks for {@link Root#ended} when it has ended; false if it is not closing, so that there is nothing to wait for. */
  public final boolean awaitEnd() {
    Lane at = lockLane();
    boolean closing = (bits & PHASE) == CLOSING;
    if (closing) {
      setBits(bits | AWAITED);
    }
    unlock(at);
    return closing;
  }

  /** Counts a close beyond the first. */
  final int closedAgain() {
    Lane at = lockLane();
    int now = bits;
    int count = (now >>> SURPLUS_SHIFT) + 1;
    if (count << SURPLUS_SHIFT >>> SURPLUS_SHIFT == count) {
      setBits((now & ((1 << SURPLUS_SHIFT) - 1)) | (count << SURPLUS_SHIFT));
    }
    unlock(at);
    return count;
  }

  final int surplusCloses() {
    return bits() >>> SURPLUS_SHIFT;
  }

  // ---- settings that few nodes have

  /** Changes its group in the closing order while it is live. */
  final void moveToPriority(Priority priority) {
    configure(() -> setBits((bits & ~PRIORITY) | (priority.ordinal() << PRIORITY_SHIFT)));
  }

  final void limitClosing(long nanos) {
    configure(() -> extras().timeoutNanos = nanos);
  }

  final void warnAfterNanos(long nanos) {
    configure(() -> extras().warnAfterNanos = nanos);
  }

  /** Supplies what {@link HandleInfo#details()} shows. The supplier must not block, and keeps only what the node may keep. */
  public final void describeBy(Supplier<Map<String, String>> supplier) {
    configure(() -> extras().details = supplier);
  }

  final void openedFrom(Origin origin) {
    Lane at = lockLane();
    extras().opened = origin;
    unlock(at);
  }

  final void closedFrom(Origin origin) {
    Lane at = lockLane();
    extras().closed = origin;
    unlock(at);
  }

  final boolean hasOrigin() {
    Extras more = extras;
    return more != null && more.opened != null;
  }

  /** The closer's own limit in nanoseconds; zero if it has none. */
  public final long timeoutNanos() {
    Extras more = extras;
    return more == null ? 0 : more.timeoutNanos;
  }

  /** The age at which this node is suspect, in nanoseconds; zero if it has none of its own. */
  final long warnAfterNanos() {
    Extras more = extras;
    return more == null ? 0 : more.warnAfterNanos;
  }

  /** Notes that it was reported as too old; true the first time. */
  public final boolean reportAge() {
    Lane at = lockLane();
    boolean first = (bits & AGED) == 0;
    setBits(bits | AGED);
    unlock(at);
    return first;
  }

  private void configure(Runnable change) {
    Lane at = lockLane();
    try {
      if ((bits & PHASE) != LIVE) {
        throw closedException();
      }
      change.run();
    } finally {
      unlock(at);
    }
  }

  /** Under the lock of its lane: what few nodes have, made if it is not there yet. */
  final Extras extras() {
    Extras more = extras;
    if (more == null) {
      more = new Extras();
      VarHandle.storeStoreFence();
      extras = more;
    }
    return more;
  }

  /** Cuts the stack of a thread that runs a closer or task down to the user's own frames. */
  public static List<StackTraceElement> userFrames(Thread thread) {
    return Origin.ofUser(thread.getStackTrace());
  }

  /** Says that it was closed, or released, and can no longer be used. */
  final ClosedScopeException closedException() {
    boolean released = (bits() & PHASE) == RELEASED;
    Extras more = extras;
    ClosedScopeException exception = new ClosedScopeException("'" + path() + "' "
        + (released
            ? "was released: it is its caller's own now, and this handle no longer refers to it."
            : "is closed or closing. Use it before that, or open it again."));
    Origin closed = more == null ? null : more.closed;
    if (closed != null) {
      exception.initCause(closed);
    }
    return exception;
  }
}
