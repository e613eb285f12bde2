package io.leaksafe.internal.timer;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Tasks that came together; each is taken once, and then no more referred to. */
final class Batch extends AtomicInteger {
  private static final long serialVersionUID = 1L;

  static final Batch NONE = new Batch();

  private final transient @Nullable Runnable[] tasks;

  Batch(Runnable... tasks) {
    this.tasks = tasks;
  }

  int size() {
    return tasks.length;
  }

  int left() {
    return Math.max(0, tasks.length - get());
  }

  @Nullable
  Runnable take() {
    if (get() >= tasks.length) {
      return null;
    }
    int at = getAndIncrement();
    if (at >= tasks.length) {
      return null;
    }
    Runnable task = tasks[at];
    tasks[at] = null;
    return task;
  }

  void forEachLeft(Consumer<? super Runnable> consumer) {
    for (int at = get(); at < tasks.length; at++) {
      Runnable task = tasks[at];
      if (task != null) {
        consumer.accept(task);
      }
    }
  }

  /** Keeps what is left from being taken. */
  void drop() {
    int from = getAndSet(tasks.length);
    for (int at = from; at < tasks.length; at++) {
      tasks[at] = null;
    }
  }
}
