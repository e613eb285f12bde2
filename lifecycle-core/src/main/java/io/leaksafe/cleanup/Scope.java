package io.leaksafe.cleanup;

import io.leaksafe.handle.Action;
import io.leaksafe.handle.ClosedScopeException;
import io.leaksafe.handle.Closer;
import io.leaksafe.handle.Handle;
import io.leaksafe.handle.HandleInfo;
import io.leaksafe.handle.Priority;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A lifetime: it owns what is opened in it and closes all of it, once, in order.
 *
 * <p>The order is {@link Priority}, then last opened first. A child scope stands in its parent's list like any other handle
 * and closes as one block at its place. Closing a child, or one handle, before its scope does so takes it out at no cost that
 * grows with what else is open.
 *
 * <p>A scope is {@link State#OPEN} until its own close begins; a child stays open, and goes on working, until its parent's
 * close reaches it. What is opened in a scope after that is closed again at once, and the caller gets a {@link
 * ClosedScopeException}: there is no moment at which something can slip through.
 *
 * <p>Names are for people. They need not be unique, must not be blank, and are best constant or nearly so: handles of one name
 * in one scope are counted, and their growth is warned of.
 *
 * <p>Thread safety: every method may be called from any thread. No lock is held while a closer or any other code of the user
 * runs.
 */
public sealed interface Scope extends AutoCloseable permits CleanupManager, ScopeFace, TreeScope {

  /** Where a scope is in its life; it only moves forward. */
  enum State {
    /** It accepts handles. */
    OPEN,
    /** Its close has begun and not ended. */
    CLOSING,
    /** Its close has ended. */
    CLOSED
  }

  /**
   * Returns the name given at creation.
   *
   * @return never blank
   */
  String name();

  /**
   * Owns a resource: the scope closes it, so do not close it yourself; what you mean to close early wants {@link #register}.
   *
   * @param name     what reports call it
   * @param resource what to close, by its own {@code close()}
   * @param <T>      its type
   * @return the resource
   * @throws ClosedScopeException if this scope's close has begun; the resource has been closed
   */
  <T extends AutoCloseable> T own(String name, T resource);

  /**
   * Owns a resource that may also be closed early, through the returned handle.
   *
   * @param name     what reports call it
   * @param resource what to close
   * @param closer   how to close it
   * @param <T>      its type
   * @return the handle; it need not be kept
   * @throws ClosedScopeException if this scope's close has begun; the resource has been closed
   */
  <T> Handle<T> register(String name, T resource, Closer<? super T> closer);

  /**
   * As {@link #register}, for a resource whose closing ends later than the call that starts it. It is closed when the stage
   * has completed; a stage that completes exceptionally is a closer that failed.
   *
   * @param name     what reports call it
   * @param resource what to close
   * @param closer   starts the closing; the stage it returns ends with it
   * @param <T>      its type
   * @return the handle; it need not be kept
   * @throws ClosedScopeException if this scope's close has begun; the resource has been closed
   */
  <T> Handle<T> registerAsync(
      String name, T resource, Function<? super T, ? extends CompletionStage<?>> closer);

  /**
   * Opens a resource on this thread and owns it, with no moment in between at which it could be lost: if the scope's close
   * begins while the opener runs, what was opened is closed again.
   *
   * @param name   what reports call it
   * @param opener opens the resource; not called if this scope's close has begun
   * @param closer how to close it
   * @param <T>    its type
   * @return what the opener returned
   * @throws ClosedScopeException if this scope's close has begun
   * @throws Exception            what the opener threw; nothing is registered then
   */
  <T> T open(String name, Callable<? extends T> opener, Closer<? super T> closer) throws Exception;

  /**
   * Runs something at close, such as a final flush. Closing the handle early runs it then; {@link Handle#release} drops it.
   *
   * @param name   what reports call it
   * @param action what to run, once
   * @return the handle; it need not be kept
   * @throws ClosedScopeException if this scope's close has begun; the action has been run
   */
  Handle<Action> defer(String name, Action action);

  /**
   * Adds a listener to an emitter that knows nothing of scopes, and removes it at close, {@link Priority#EARLY}. The handle
   * is named {@code listener}.
   *
   * @param add      adds the listener to its emitter, called on this thread; what it throws reaches the caller, and nothing
   *                 is registered then
   * @param remove   removes it again
   * @param listener what is added and removed
   * @param <L>      its type
   * @return the handle, which removes the listener early; it need not be kept
   * @throws ClosedScopeException if this scope's close has begun; the listener is not left with the emitter
   */
  <L> Handle<L> subscribe(Consumer<? super L> add, Consumer<? super L> remove, L listener);

  /**
   * Opens a scope inside this one. It closes as one block at its place in this scope's order, or earlier, by itself.
   *
   * @param name what reports call it
   * @return the child
   * @throws ClosedScopeException if this scope's close has begun
   */
  Scope child(String name);

  /**
   * Opens a child whose own child scopes do not depend on each other: when the group closes, {@code width} of them close at
   * a time. What else the group owns closes after them, in order.
   *
   * @param name  what reports call it
   * @param width how many of its child scopes may close at once; 1 or more
   * @return the group
   * @throws IllegalArgumentException if the width is less than 1
   * @throws ClosedScopeException     if this scope's close has begun
   */
  Scope group(String name, int width);

  /**
   * Moves a handle here from the scope that owns it now; it is owned by exactly one scope at any time. Here it counts as
   * the last opened.
   *
   * @param handle a handle made by this library, in a scope of the same root
   * @param <T>    the type of its resource
   * @return the handle
   * @throws ClosedScopeException     if the close of this scope, of the handle, or of the scope that owns it now has begun;
   *                                  the handle stays where it is
   * @throws IllegalArgumentException if the handle belongs to another root
   * @throws UnsupportedOperationException if it is a timer, which stays with its scheduler
   */
  <T> Handle<T> adopt(Handle<T> handle);

  /**
   * Moves this scope, with all it owns, under another one: build aside, then move in. Its identity and state stay; among the
   * new owner's handles it counts as the last opened.
   *
   * @param newOwner a scope of the same root
   * @throws ClosedScopeException     if the close of this scope, of the new owner, or of the present one has begun; it stays
   *                                  where it is
   * @throws IllegalArgumentException if the new owner belongs to another root, is this scope, or stands below it
   * @throws UnsupportedOperationException if this is a root
   */
  void moveTo(Scope newOwner);

  /**
   * Lists what is live now in this scope and below it.
   *
   * @return a copy, in closing order: the handles of a child scope, then the child itself. Timers stand before their
   *     scheduler in the same way
   */
  List<HandleInfo> handles();

  /**
   * Draws what is live now in this scope and below it, as a tree with kinds, priorities, ages and openers.
   *
   * @return several lines for a person
   */
  String describe();

  /**
   * Returns where this scope is in its life.
   *
   * @return the state now
   */
  State state();

  /**
   * Closes everything still open here and below, {@link Priority#FIRST} first, and reports how each one ended.
   *
   * <p>Within one priority the last opened closes first. A closer that throws, or outlives its share of the manager's
   * timeout, is in the report and keeps nothing else from closing. Only the first call closes; later and concurrent calls
   * wait for it and return the same report. Called from a closer of this scope, it returns the report so far and does not
   * wait.
   *
   * <p>The root closes on a thread of its own, with this one as its watchdog; a child closes on this thread, with the
   * root's timer as its watchdog. When the time is up, this method returns; what has not ended then is in the report as
   * live, and goes on in the background.
   *
   * <p>Memory effects: what a finished closer did <i>happens-before</i> this method returns. If the calling thread is
   * interrupted while it waits, it stops waiting and keeps its interrupt flag, and closing goes on; a flag that was set
   * before the call does not shorten it and is set again at its end.
   *
   * @return one entry per handle, in closing order; none if nothing was open. Never throws
   */
  CloseReport shutdown();

  /**
   * As {@link #shutdown()}, for try-with-resources.
   *
   * @throws CleanupException    unless the report is {@linkplain CloseReport#clean() clean}; its cause is the first failure,
   *                             and the others are suppressed
   * @throws VirtualMachineError if a closer threw one; the rest has been closed all the same
   */
  @Override
  void close();
}
