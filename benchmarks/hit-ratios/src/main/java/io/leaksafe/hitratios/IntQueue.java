package io.leaksafe.hitratios;

/** A first-in, first-out queue of numbers, with fixed room. */
final class IntQueue {

  private final int[] elements;
  private int head;
  private int size;

  IntQueue(int room) {
    elements = new int[room];
  }

  int size() {
    return size;
  }

  void add(int element) {
    if (size == elements.length) {
      throw new IllegalStateException("The queue has room for " + elements.length + ".");
    }
    int tail = head + size++;
    elements[tail < elements.length ? tail : tail - elements.length] = element;
  }

  int poll() {
    if (size == 0) {
      throw new IllegalStateException("The queue is empty.");
    }
    int element = elements[head];
    head = head + 1 == elements.length ? 0 : head + 1;
    size--;
    return element;
  }
}
