package io.leaksafe.timeout;

import io.leaksafe.cleanup.Scope;
import io.leaksafe.handle.ClosedScopeException;
import io.leaksafe.internal.check.Check;
import io.leaksafe.internal.tree.OwnerNode;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Puts a limit on a call, and leaves nothing behind however it ends.
 *
 * <p>A call that has a limit also has an owner: it ends with its result, at its limit, or when its owner closes, whichever comes
 * first. While it is pending it is listed with its owner as a handle of kind {@code TIMEOUT}. When it ends, its timer is gone at
 * once, and neither the timer nor what was called refers to the result any more.
 *
 * <p>Limits are counted by the owner's time source. They are never early. A limit too large to count never ends anything. One
 * that is zero or negative, as what is left of a deadline may be, is over before the call begins: then the body is not run. A
 * scope that is closing still takes calls until its close has ended, so that closers can put limits on what they do.
 *
 * <p>Thread safety: every method may be called from any thread. User code never runs on the thread that keeps the time.
 */
public final class Timeouts {

  private Timeouts() {}

  /**
   * Starts something and limits how long its result is waited for. As {@link #within(Scope, String, Duration, Supplier)}, under
   * the name {@code within}.
   *
   * @param <T>   what the result is of
   * @param owner who ends it
   * @param limit how long from the moment at which the body has returned
   * @param body  starts it; run on this thread
   * @return the result
   */
  public static <T extends @Nullable Object> CompletableFuture<T> within(
      Scope owner, Duration limit, Supplier<? extends CompletionStage<T>> body) {
    return start(owner, "within", limit, body);
  }

  /**
   * Starts something and limits how long its result is waited for.
   *
   * <p>The result ends with the first of these:
   *
   * <ul>
   *   <li>the stage that the body returned: with its value or its exception, on the thread that completes the stage; one that
   *       has ended already costs no timer;
   *   <li>the limit: with a {@link TimeoutException}, on a thread of the manager;
   *   <li>the owner, whose close begins: with a {@link ClosedScopeException}, on a thread of the manager;
   *   <li>its holder, by {@code complete}, {@code completeExceptionally}, {@code cancel} or one of the others of the kind.
   * </ul>
   *
   * <p>In all cases but the first the stage is cancelled, as far as it lets itself be: {@code toCompletableFuture().cancel(true)}.
   * Cancelling a stage derived from the result, by {@code thenApply} for example, cancels the result. To let several wait for
   * one stage and give up one by one, use {@link #shared}.
   *
   * <p>Whatever the body throws is the result's exception, as is a {@link NullPointerException} if it returns null.
   *
   * <p>Memory: a stage that never completes keeps 80 bytes for each caller that gave up, and nothing that belongs to the
   * caller.
   *
   * @param <T>   what the result is of
   * @param owner who ends it; if it is closed already, the body is not run and the result has a {@link ClosedScopeException}
   * @param name  what listings and messages call it
   * @param limit how long from the moment at which the body has returned; if it is zero or negative, the body is not run and
   *              the result has a {@link TimeoutException}
   * @param body  starts it; run on this thread
   * @return the result; the stage itself if that has ended already
   */
  public static <T extends @Nullable Object> CompletableFuture<T> within(
      Scope owner, String name, Duration limit, Supplier<? extends CompletionStage<T>> body) {
    return start(owner, Check.name(name, "name"), limit, body);
  }

  private static <T extends @Nullable Object> CompletableFuture<T> start(
      Scope owner, String name, Duration limit, Supplier<? extends CompletionStage<T>> body) {
    OwnerNode node = OwnerNode.of(owner);
    Check.notNull(limit, "limit");
    Check.notNull(body, "body");
    if (limit.isNegative() || limit.isZero()) {
      return CompletableFuture.failedFuture(Limit.noTime(node, name, Check.saturatedNanos(limit)));
    }
    if (node.isClosed()) {
      return CompletableFuture.failedFuture(Limit.closed(node, name));
    }
    CompletionStage<T> source;
    try {
      source = Check.notNull(body.get(), "the stage returned by the body of '" + name + "'");
    } catch (Throwable failure) { // is the result
      return CompletableFuture.failedFuture(failure);
    }
    CompletableFuture<T> over = ended(source);
    return over != null ? over : LimitedResult.of(node, name, Check.saturatedNanos(limit), source);
  }

  /** The stage itself, if it is known to have ended: then there is nothing left to limit, nor to take back. */
  private static <T extends @Nullable Object> @Nullable CompletableFuture<T> ended(
      CompletionStage<T> source) {
    if (!(source instanceof CompletableFuture<T> future)) {
      return null;
    }
    try {
      return future.isDone() ? future : null;
    } catch (UnsupportedOperationException minimal) { // as a minimalCompletionStage() says
      return null;
    }
  }

  /**
   * Runs something on this thread, and interrupts it at its limit. As {@link #call(Scope, String, Duration, Callable)}, under
   * the name {@code call}.
   *
   * @param <T>   what it returns
   * @param owner who ends it
   * @param limit how long it may take
   * @param body  what to run; should end when it is interrupted
   * @return what the body returned
   * @throws TimeoutException     if the body ended with an exception after it was interrupted at its limit
   * @throws ClosedScopeException if the owner closed
   * @throws Exception            what the body threw
   */
  public static <T extends @Nullable Object> T call(Scope owner, Duration limit, Callable<T> body)
      throws Exception {
    return call(owner, "call", limit, body);
  }

  /**
   * Runs something on this thread, and interrupts it at its limit, or when its owner's close begins.
   *
   * <p>How it ends:
   *
   * <ul>
   *   <li>The body returns: with that value, however late. Who else should close it, if it is a connection?
   *   <li>The body throws before it was interrupted here: with that exception.
   *   <li>The body throws an exception after it was interrupted here: with a {@link TimeoutException}, or a {@link
   *       ClosedScopeException} if its owner closed, whose cause is that exception. An {@link Error} is thrown as it is.
   * </ul>
   *
   * <p>The interrupt is meant for the body and for nobody else: once this method has returned, none of its making is left on the
   * thread, nor comes later. An interrupt that came from elsewhere before it stays, or, if the body took it, is there again.
   * One that comes from elsewhere while this one is pending is one with it, since a thread has one flag. Limits may be nested;
   * the interrupt of an outer call outlives the end of an inner one.
   *
   * <p>A body that ignores interrupts keeps its thread for as long as it likes: nothing in Java can end it. It may be run on a
   * virtual thread, which is not pinned.
   *
   * @param <T>   what it returns
   * @param owner who ends it; if it is closed already, the body is not run
   * @param name  what listings and messages call it
   * @param limit how long it may take; if it is zero or negative, the body is not run
   * @param body  what to run; should end when it is interrupted
   * @return what the body returned
   * @throws TimeoutException     if the body ended with an exception after it was interrupted at its limit, or there was no time
   * @throws ClosedScopeException if the owner closed
   * @throws Exception            what the body threw
   */
  public static <T extends @Nullable Object> T call(
      Scope owner, String name, Duration limit, Callable<T> body) throws Exception {
    OwnerNode node = OwnerNode.of(owner);
    Check.name(name, "name");
    long nanos = Check.saturatedNanos(Check.notNull(limit, "limit"));
    Check.notNull(body, "body");
    if (nanos <= 0) {
      throw Limit.noTime(node, name, nanos);
    }
    return CallLimit.run(node, name, nanos, body);
  }

  /**
   * Lets many callers wait for one stage, each with a limit of its own, and give up without a trace.
   *
   * @param <T>    what the stage is of
   * @param source the stage; it is attached to once, and never cancelled here
   * @return what callers wait with
   */
  public static <T extends @Nullable Object> SharedStage<T> shared(CompletionStage<T> source) {
    return SharedStage.of(Check.notNull(source, "source"));
  }
}
