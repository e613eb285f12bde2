package io.leaksafe.internal.timer;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Pending timers, the next one due on top; of those due at the same moment, the one scheduled first.
 *
 * <p>A binary heap in which every timer knows its place, so that cancelling takes it out at once and keeps nothing of it.
 * Confined to the engine's lock.
 */
final class TimerHeap {
  /*
   * Invariants. For 0 < i < size, heap[i] is not due before heap[(i - 1) / 2]; heap[i].index == i; timers that are not in the
   * heap have index -1; heap[i] is null from size on.
   */
  private static final int SMALLEST = 16;

  private @Nullable Timer[] heap = new @Nullable Timer[SMALLEST];
  private int size;
  private long scheduled;

  int size() {
    return size;
  }

  @Nullable
  Timer peek() {
    return heap[0];
  }

  void add(Timer timer, long due) {
    if (timer.index >= 0) {
      throw new IllegalStateException("The timer is pending already.");
    }
    timer.due = due;
    timer.sequence = scheduled++;
    if (size == heap.length) {
      heap = Arrays.copyOf(heap, 2 * size);
    }
    siftUp(size++, timer);
  }

  /** Takes a timer out; false if it was not pending. */
  boolean remove(Timer timer) {
    int at = timer.index;
    if (at < 0) {
      return false;
    }
    timer.index = -1;
    Timer last = at(--size);
    heap[size] = null;
    if (last != timer) {
      siftDown(at, last);
      if (heap[at] == last) {
        siftUp(at, last);
      }
    }
    if (size < heap.length / 4 && heap.length > SMALLEST) {
      heap = Arrays.copyOf(heap, heap.length / 2);
    }
    return true;
  }

  private void siftUp(int from, Timer timer) {
    int at = from;
    while (at > 0) {
      int parent = (at - 1) / 2;
      if (!before(timer, at(parent))) {
        break;
      }
      put(at, at(parent));
      at = parent;
    }
    put(at, timer);
  }

  private void siftDown(int from, Timer timer) {
    int at = from;
    for (int child = 2 * at + 1; child < size; child = 2 * at + 1) {
      if (child + 1 < size && before(at(child + 1), at(child))) {
        child++;
      }
      if (!before(at(child), timer)) {
        break;
      }
      put(at, at(child));
      at = child;
    }
    put(at, timer);
  }

  private void put(int at, Timer timer) {
    heap[at] = timer;
    timer.index = at;
  }

  private Timer at(int index) {
    Timer timer = heap[index];
    if (timer == null) {
      throw new IllegalStateException("The heap has a hole at " + index + " of " + size + ".");
    }
    return timer;
  }

  private static boolean before(Timer a, Timer b) {
    long difference = a.due - b.due;
    return difference < 0 || difference == 0 && a.sequence - b.sequence < 0;
  }
}
