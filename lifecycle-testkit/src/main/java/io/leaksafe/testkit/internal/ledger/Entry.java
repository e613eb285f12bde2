package io.leaksafe.testkit.internal.ledger;

import io.leaksafe.testkit.leak.LeakKind;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import org.jspecify.annotations.Nullable;

/**
 * One thing that was made, and by whom. It does not keep the thing alive. Equal to another entry of the same thing, so that the
 * index finds it by identity.
 */
final class Entry extends WeakReference<Object> {
  final LeakKind kind;
  final Owner owner;

  /** Where it was made; never printed, formatted only for a report. */
  final Throwable origin;

  /** What it works in: a task's executor or timer. */
  final @Nullable WeakReference<Object> place;

  /** What cannot be asked of the thing itself: a file's path. */
  final String label;

  final String makerName;

  /** The thread that made it, if that is known to the ledger. */
  final @Nullable Entry maker;

  final long madeAt;
  final long number;

  /** Whether a thread runs it right now; for tasks. */
  volatile boolean running;

  private final int hash;
  private @Nullable Birth birth;

  Entry(
      LeakKind kind,
      Object thing,
      @Nullable Object place,
      String label,
      Owner owner,
      @Nullable Entry maker,
      long number,
      ReferenceQueue<Object> queue) {
    super(thing, queue);
    this.kind = kind;
    this.owner = owner;
    this.place = place == null ? null : new WeakReference<>(place);
    this.label = label;
    this.maker = maker;
    this.makerName = Thread.currentThread().getName();
    this.origin = new Origin();
    this.madeAt = Moments.now();
    this.number = number;
    this.hash = System.identityHashCode(thing);
  }

  /** How it was made, read from its stack once. */
  synchronized Birth birth() {
    if (birth == null) {
      birth = Birth.of(origin.getStackTrace());
    }
    return birth;
  }

  @Nullable
  Object place() {
    return place == null ? null : place.get();
  }

  @Override
  public int hashCode() {
    return hash;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    if (this == other) {
      return true;
    }
    Object thing = get();
    return thing != null && other instanceof Entry entry && entry.refersTo(thing);
  }

  /** Looks for the entry of a thing. */
  record Key(Object thing) {
    @Override
    public int hashCode() {
      return System.identityHashCode(thing);
    }

    @Override
    @SuppressWarnings("EqualsDoesntCheckParameterClass") // it is asked about entries alone
    public boolean equals(@Nullable Object other) {
      return other instanceof Entry entry && entry.refersTo(thing);
    }
  }

  /** A stack that costs little until somebody reads it. */
  private static final class Origin extends Throwable {
    private static final long serialVersionUID = 1L;

    Origin() {
      super(null, null, false, true);
    }
  }
}
