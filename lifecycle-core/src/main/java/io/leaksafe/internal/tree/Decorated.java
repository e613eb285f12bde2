package io.leaksafe.internal.tree;

import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A task of a user's behind what the manager's decorator made of it. Whatever that does, the task is run once for each call. */
final class Decorated<A extends @Nullable Object, R extends @Nullable Object> implements Runnable {
  /*
   * Idea. A decorator knows runnables only, while a task may take something, return something and throw what it likes. So it is
   * given this, whose run() does the work of the call in progress and notes there how that ended; call() runs what the decorator
   * made of this, and then looks at the note.
   *
   *   the task ran, well or not       its outcome is that of the call; what the decorator adds to it is reported
   *   the task was not run            it is run without the decorator, which is reported
   *   run() a second time, or on      refused: a closer closes once, and its thread is the one that is watched and interrupted
   *   another thread
   *
   * Calls of one task never overlap; the one in progress is found in a plain field by its own thread. Another thread that reads
   * the field by a race finds a call that is not its own, or none, and is refused either way.
   */

  /** What is done, with its argument and result. */
  interface Body<A extends @Nullable Object, R extends @Nullable Object> {
    R call(A argument) throws Exception;
  }

  private static final class Call<A extends @Nullable Object, R extends @Nullable Object> {
    private final Thread thread = Thread.currentThread();
    private final A argument;
    private boolean begun;
    private @Nullable R result;
    private @Nullable Throwable failure;

    Call(A argument) {
      this.argument = argument;
    }
  }

  private final OwnerNode owner;
  private final String name;
  private final Body<A, R> body;
  private final @Nullable Runnable wrapped;
  private @Nullable Call<A, R> current;

  Decorated(OwnerNode owner, String name, Body<A, R> body, UnaryOperator<Runnable> users) {
    this.owner = owner;
    this.name = name;
    this.body = body;
    this.wrapped = decorate(users);
  }

  @SuppressWarnings("ConstantValue") // a user's function may well return null
  private @Nullable Runnable decorate(UnaryOperator<Runnable> users) {
    Runnable made = null;
    Throwable failure = null;
    try {
      made = users.apply(this);
    } catch (Throwable thrown) { // the user's; the task runs without it
      failure = thrown;
    }
    if (made == null) {
      String what = failure == null ? "returned null" : "failed";
      report(
          "The task decorator " + what + " for " + quoted() + ", which runs without it.", failure);
    }
    return made;
  }

  private String quoted() {
    return "'" + owner.path() + "/" + name + "'";
  }

  private void report(String what, @Nullable Throwable failure) {
    owner.root().events.decoratorFailed(what, failure);
  }

  /** Does the work of the call in progress: what the decorator is given. */
  @Override
  public void run() {
    Call<A, R> call = current;
    if (call == null || call.thread != Thread.currentThread() || call.begun) {
      throw new IllegalStateException("The task decorator ran " + quoted()
          + (call != null && call.begun ? " a second time" : " outside its turn")
          + ". Run it once, on the thread on which what was made of it runs.");
    }
    call.begun = true;
    try {
      call.result = body.call(call.argument);
    } catch (Throwable thrown) { // noted, so that a decorator may see it but cannot swallow it
      call.failure = thrown;
      Decorated.<RuntimeException>rethrow(thrown);
    }
  }

  /** As {@link #call}, of what throws nothing that is checked. */
  R callUnchecked(A argument) {
    try {
      return call(argument);
    } catch (RuntimeException failure) {
      throw failure;
    } catch (Exception impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** Runs the task by way of the decorator, on this thread. */
  R call(A argument) throws Exception {
    Runnable made = wrapped;
    if (made == null) {
      return body.call(argument);
    }
    Call<A, R> call = new Call<>(argument);
    Throwable thrown = null;
    current = call;
    try {
      made.run();
    } catch (Throwable failure) { // told apart below: the task's, or the decorator's
      thrown = failure;
    } finally {
      current = null;
    }
    if (!call.begun) {
      report(
          "What the task decorator made of " + quoted() + " did not run it; it runs without that.",
          thrown);
      return body.call(argument);
    }
    return outcome(call, thrown);
  }

  @SuppressWarnings("NullAway") // a result that is null is one that may be
  private R outcome(Call<A, R> call, @Nullable Throwable thrown) throws Exception {
    Throwable failure = call.failure;
    if (failure != null) {
      if (thrown != null && thrown != failure && thrown.getCause() != failure) {
        failure.addSuppressed(thrown);
      }
      Decorated.<Exception>rethrow(failure);
    }
    if (thrown != null) {
      report(
          "What the task decorator made of " + quoted()
              + " failed after that had run, which stands.",
          thrown);
    }
    return call.result;
  }

  /** Throws what a task may throw: any Throwable. */
  @SuppressWarnings("unchecked")
  private static <E extends Throwable> void rethrow(Throwable failure) throws E {
    throw (E) failure;
  }
}
