package io.leaksafe.internal.tree;

import io.leaksafe.handle.Action;
import io.leaksafe.handle.Closer;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Passes the tasks and closers of users through the manager's decorator, if it has one; else they stay what they are. */
public final class Decorator {

  /** Stands for an argument or a result of what has none. */
  private static final Object NOTHING = new Object();

  private Decorator() {}

  /** An action that is given under a name, to be run any number of times, one at a time. */
  public static Action action(OwnerNode owner, String name, Action task) {
    UnaryOperator<Runnable> users = owner.root().decorator;
    if (users == null) {
      return task;
    }
    Decorated<Object, Object> decorated = decorated(owner, name, task, users);
    return () -> decorated.call(NOTHING);
  }

  /** A closer of what stands under a name. */
  public static <T> Closer<? super T> closer(
      OwnerNode owner, String name, Closer<? super T> closer) {
    UnaryOperator<Runnable> users = owner.root().decorator;
    if (users == null) {
      return closer;
    }
    Decorated<T, Object> decorated = new Decorated<>(
        owner,
        name,
        resource -> {
          closer.close(resource);
          return NOTHING;
        },
        users);
    return decorated::call;
  }

  /** A closer that only begins the closing of what stands under a name. */
  public static <T, R> Function<? super T, ? extends R> function(
      OwnerNode owner, String name, Function<? super T, ? extends R> begin) {
    UnaryOperator<Runnable> users = owner.root().decorator;
    if (users == null) {
      return begin;
    }
    Decorated<T, R> decorated = new Decorated<>(owner, name, begin::apply, users);
    return decorated::callUnchecked;
  }

  /** A task with a result. */
  public static <V extends @Nullable Object> Callable<V> callable(
      OwnerNode owner, String name, Callable<V> task) {
    UnaryOperator<Runnable> users = owner.root().decorator;
    if (users == null) {
      return task;
    }
    Decorated<Object, V> decorated = new Decorated<>(owner, name, ignored -> task.call(), users);
    return () -> decorated.call(NOTHING);
  }

  /** The body of a run that is tried again. */
  public static <V> Supplier<? extends V> supplier(
      OwnerNode owner, String name, Supplier<? extends V> body) {
    UnaryOperator<Runnable> users = owner.root().decorator;
    if (users == null) {
      return body;
    }
    Decorated<Object, V> decorated = new Decorated<>(owner, name, ignored -> body.get(), users);
    return () -> decorated.callUnchecked(NOTHING);
  }

  /** What a worker runs once, and which fails by itself. */
  public static Runnable runnable(OwnerNode owner, String name, Runnable task) {
    UnaryOperator<Runnable> users = owner.root().decorator;
    if (users == null) {
      return task;
    }
    Decorated<Object, Object> decorated = decorated(owner, name, task::run, users);
    return () -> decorated.callUnchecked(NOTHING);
  }

  private static Decorated<Object, Object> decorated(
      OwnerNode owner, String name, Action task, UnaryOperator<Runnable> users) {
    return new Decorated<>(
        owner,
        name,
        ignored -> {
          task.run();
          return NOTHING;
        },
        users);
  }
}
