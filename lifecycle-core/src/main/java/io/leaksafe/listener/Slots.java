package io.leaksafe.listener;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** Listeners in the order in which they were added, among them some that have been removed. */
final class Slots<L> {
  /*
   * A slot is filled once and never again, so whoever reads the size and then the slots below it has a snapshot, for the price
   * of two loads. The release store of the size comes after the slot is filled and the acquire load before it is read: without
   * that a reader may find an empty slot. Proof: jcstress AddAgainstFire, whose twin tells the size first.
   */
  private static final VarHandle SIZE;

  static {
    try {
      SIZE = MethodHandles.lookup().findVarHandle(Slots.class, "size", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** Filled up to the size. */
  final Subscription<L>[] entries;

  private int size;

  @SuppressWarnings("unchecked")
  Slots(int capacity) {
    entries = (Subscription<L>[]) new Subscription<?>[capacity];
  }

  /** How many slots are filled; none of them changes any more. */
  int size() {
    return (int) SIZE.getAcquire(this);
  }

  /** Under the registry's lock. */
  boolean isFull() {
    return size == entries.length;
  }

  /** Under the registry's lock: fills the next slot, of which there is one. */
  void add(Subscription<L> entry) {
    int at = size;
    entries[at] = entry;
    SIZE.setRelease(this, at + 1);
  }

  /** Under the registry's lock: those that have not been removed, with room for as many again. */
  Slots<L> compacted(int live) {
    Slots<L> fresh = new Slots<>(Math.max(4, 2 * live));
    for (int i = 0; i < size; i++) {
      if (!entries[i].isRemoved()) {
        fresh.entries[fresh.size++] = entries[i];
      }
    }
    return fresh;
  }
}
