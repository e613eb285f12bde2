package io.leaksafe.buffer;

import io.leaksafe.internal.check.Check;
import java.util.List;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Elements in the order in which they came, of which there are never more than a bound. When it is full, a history ({@link
 * #keepLast}) forgets the oldest, and a queue ({@link #rejecting}) refuses the newcomer. Both count what is lost.
 *
 * <p>The bound is a number of elements, or a budget for the sum of their weights, such as their bytes. An empty buffer takes
 * little memory however large its bound is, and an emptied one gives back what it took.
 *
 * <p>Memory effects: what a thread did before it offered an element is visible to whoever gets it from here.
 *
 * <p>Thread safety: every method may be called from any thread. None waits for elements or room. No lock is held while a weigher
 * runs.
 *
 * @param <E> the type of the elements
 */
public sealed interface BoundedBuffer<E> permits Ring {

  /**
   * Makes a history: the newest elements, so many of them.
   *
   * @param elements how many are kept; 1 or more
   * @param <E>      the type of the elements
   * @return an empty buffer
   * @throws IllegalArgumentException if the number is less than 1
   */
  static <E> BoundedBuffer<E> keepLast(int elements) {
    return new Ring<>(Check.positive(elements, "elements"), null, true);
  }

  /**
   * Makes a queue that refuses what does not fit.
   *
   * @param elements how many it holds; 1 or more
   * @param <E>      the type of the elements
   * @return an empty buffer
   * @throws IllegalArgumentException if the number is less than 1
   */
  static <E> BoundedBuffer<E> rejecting(int elements) {
    return new Ring<>(Check.positive(elements, "elements"), null, false);
  }

  /**
   * Makes a history of weighed elements: the newest whose weights fit into a budget.
   *
   * @param budget  the largest sum of weights; 1 or more
   * @param weigher weighs an element, once, when it is offered: its bytes, for example. A weight of 0 counts as 1, so that
   *                elements without weight are bounded, too
   * @param <E>     the type of the elements
   * @return an empty buffer
   * @throws IllegalArgumentException if the budget is less than 1
   */
  static <E> BoundedBuffer<E> keepLast(long budget, ToLongFunction<? super E> weigher) {
    return new Ring<>(Ring.checkBudget(budget), Check.notNull(weigher, "weigher"), true);
  }

  /**
   * Makes a queue of weighed elements that refuses what does not fit into a budget.
   *
   * @param budget  the largest sum of weights; 1 or more
   * @param weigher weighs an element, once, when it is offered. A weight of 0 counts as 1
   * @param <E>     the type of the elements
   * @return an empty buffer
   * @throws IllegalArgumentException if the budget is less than 1
   */
  static <E> BoundedBuffer<E> rejecting(long budget, ToLongFunction<? super E> weigher) {
    return new Ring<>(Ring.checkBudget(budget), Check.notNull(weigher, "weigher"), false);
  }

  /**
   * Adds an element as the newest. A history makes room for it by dropping the oldest ones; a queue that has no room drops the
   * element itself. One that is heavier than the whole budget is dropped in either case, and nothing else is.
   *
   * @param element the element
   * @return whether it is in the buffer now
   * @throws IllegalArgumentException if its weight is negative; nothing has changed then
   */
  boolean offer(E element);

  /**
   * Takes the oldest element out.
   *
   * @return the element; null if there is none
   */
  @Nullable
  E poll();

  /**
   * Takes all elements out, in one step: of two threads that drain, one gets each element.
   *
   * @return the elements, oldest first, in a list of the caller's own that cannot be changed
   */
  List<E> drain();

  /**
   * Takes the oldest elements out, in one step.
   *
   * @param most how many at most; 1 or more
   * @return the elements, oldest first, in a list of the caller's own that cannot be changed
   * @throws IllegalArgumentException if the number is less than 1
   */
  List<E> drain(int most);

  /**
   * Copies what is there now and leaves it there.
   *
   * @return the elements, oldest first, in a list that cannot be changed
   */
  List<E> snapshot();

  /**
   * Counts the elements.
   *
   * @return how many there are now
   */
  int size();

  /**
   * Sums the weights.
   *
   * @return the sum for the elements that are there now; without a weigher, their number
   */
  long weight();

  /**
   * Counts what was lost: elements that were refused, and those that a history forgot. What was taken out does not count.
   *
   * @return how many since this buffer was made
   */
  long dropped();
}
