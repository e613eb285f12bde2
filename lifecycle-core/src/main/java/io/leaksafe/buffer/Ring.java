package io.leaksafe.buffer;

import io.leaksafe.internal.check.Check;
import io.leaksafe.internal.check.Text;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** The one implementation: a circular array that grows up to the bound, under one lock. */
final class Ring<E> implements BoundedBuffer<E> {
  /*
   * Invariants, all true whenever the lock is free.
   *   I1  The elements are those at oldest, oldest + 1, ... oldest + size - 1, modulo the length; every other place is null.
   *   I2  weight is the sum of their weights, and at most budget. Without a weigher each weighs 1, and there are no weights.
   *   I3  The array is no longer than four times the number of elements, or 16.
   *
   * Proof: jcstress OfferAgainstDrain, whose twin copies and clears in two steps and loses an element.
   */
  private static final int SMALLEST = 16;

  private final ReentrantLock lock = new ReentrantLock();
  private final long budget;
  private final @Nullable ToLongFunction<? super E> weigher;
  private final boolean forgets;
  private @Nullable Object[] elements;
  private long[] weights;
  private int oldest;
  private int size;
  private long weight;
  private long dropped;

  Ring(long budget, @Nullable ToLongFunction<? super E> weigher, boolean forgets) {
    this.budget = budget;
    this.weigher = weigher;
    this.forgets = forgets;
    this.elements = new Object[smallest()];
    this.weights = weigher == null ? new long[0] : new long[smallest()];
  }

  static long checkBudget(long budget) {
    if (budget < 1) {
      throw new IllegalArgumentException("budget must be 1 or more, was " + budget + ".");
    }
    return budget;
  }

  private int smallest() {
    return (int) Math.min(SMALLEST, budget);
  }

  @Override
  public boolean offer(E element) {
    long its = weigh(Check.notNull(element, "element"));
    lock.lock();
    try {
      if (its > budget || !forgets && its > budget - weight) {
        dropped++;
        return false;
      }
      while (its > budget - weight) {
        take();
        dropped++;
      }
      shrink();
      add(element, its);
      return true;
    } finally {
      lock.unlock();
    }
  }

  private long weigh(E element) {
    if (weigher == null) {
      return 1;
    }
    long its = weigher.applyAsLong(element);
    if (its < 0) {
      throw new IllegalArgumentException(
          "weight must be 0 or more, was " + its + " for " + element + ". Mend the weigher.");
    }
    return Math.max(1, its);
  }

  private void add(E element, long its) {
    if (size == elements.length) {
      resize((int) Math.min(2L * size, Math.min(budget, Integer.MAX_VALUE - 8)));
    }
    int at = place(size);
    elements[at] = element;
    if (weigher != null) {
      weights[at] = its;
    }
    size++;
    weight += its;
  }

  @Override
  public @Nullable E poll() {
    lock.lock();
    try {
      E element = size == 0 ? null : take();
      shrink();
      return element;
    } finally {
      lock.unlock();
    }
  }

  /** Under the lock, where there is one. */
  @SuppressWarnings("unchecked")
  private E take() {
    E element = (E) Check.notNull(elements[oldest], "element");
    elements[oldest] = null;
    weight -= weigher == null ? 1 : weights[oldest];
    oldest = place(1);
    size--;
    return element;
  }

  @Override
  public List<E> drain() {
    return drain(Integer.MAX_VALUE);
  }

  @Override
  public List<E> drain(int most) {
    Check.positive(most, "most");
    lock.lock();
    try {
      List<E> taken = new ArrayList<>(Math.min(most, size));
      while (size > 0 && taken.size() < most) {
        taken.add(take());
      }
      shrink();
      return Collections.unmodifiableList(taken);
    } finally {
      lock.unlock();
    }
  }

  @Override
  @SuppressWarnings("unchecked")
  public List<E> snapshot() {
    lock.lock();
    try {
      List<E> copy = new ArrayList<>(size);
      for (int i = 0; i < size; i++) {
        copy.add((E) Check.notNull(elements[place(i)], "element"));
      }
      return Collections.unmodifiableList(copy);
    } finally {
      lock.unlock();
    }
  }

  /** Where the element stands that is so many younger than the oldest. */
  private int place(int younger) {
    int at = oldest + younger;
    return at >= elements.length || at < 0 ? at - elements.length : at;
  }

  /** Gives memory back where few are left of many. */
  private void shrink() {
    int length = elements.length;
    while (length > SMALLEST && size < length / 4) {
      length = Math.max(smallest(), length / 4);
    }
    if (length < elements.length) {
      resize(length);
    }
  }

  private void resize(int length) {
    @Nullable Object[] moved = new Object[length];
    long[] movedWeights = weigher == null ? weights : new long[length];
    for (int i = 0; i < size; i++) {
      moved[i] = elements[place(i)];
      if (weigher != null) {
        movedWeights[i] = weights[place(i)];
      }
    }
    elements = moved;
    weights = movedWeights;
    oldest = 0;
  }

  @Override
  public int size() {
    lock.lock();
    try {
      return size;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public long weight() {
    lock.lock();
    try {
      return weight;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public long dropped() {
    lock.lock();
    try {
      return dropped;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public String toString() {
    lock.lock();
    try {
      return Text.count(size, "element")
          + (weigher == null ? "" : ", weight " + Text.count(weight)) + ", at most "
          + Text.count(budget) + ", " + Text.count(dropped) + " dropped";
    } finally {
      lock.unlock();
    }
  }
}
