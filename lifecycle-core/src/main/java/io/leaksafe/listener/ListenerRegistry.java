package io.leaksafe.listener;

import io.leaksafe.cleanup.Scope;
import io.leaksafe.handle.ClosedScopeException;
import io.leaksafe.handle.Handle;
import java.lang.ref.Reference;
import java.util.function.Function;

/**
 * The listeners of one emitter, called in the order in which they were added. Whoever adds one gets a handle that removes it;
 * the registry's own close removes all.
 *
 * <p>Each listener is a handle of kind {@code LISTENER}: listed with its opener, and removed with its owner, which is the
 * registry or, better, the scope of whoever listens ({@link #add(Scope, Object)}). When listeners become many, at 10 and at each
 * doubling, a warning names the places where most of them were added; one that is added twice is warned of as well.
 *
 * <p><b>What a call sees.</b> {@link #fire fire} calls those that were there when it began. One that is added meanwhile is
 * called from the next time on. Once {@code close()} of a handle has returned, no call of its listener starts any more, not even
 * from a {@code fire} that is under way; a call that had started before may still be running on another thread. A listener may
 * add and close, itself included, and may fire again: no lock is held while it runs.
 *
 * <p><b>Failures.</b> Every listener is called, whatever the others threw. Each failure is logged with the listener's opener,
 * and at the end all are thrown together.
 *
 * <p>Memory effects: what a thread did before it added a listener is visible in that listener's calls.
 *
 * <p>Thread safety: every method may be called from any thread. Two threads that fire at the same time call the listeners at
 * the same time.
 *
 * @param <L> the type of the listeners
 */
public sealed interface ListenerRegistry<L> permits LiveListeners {

  /**
   * How to call one listener.
   *
   * @param <L> its type
   */
  @FunctionalInterface
  interface Call<L> {

    /**
     * Calls it.
     *
     * @param listener the listener
     * @throws Exception what it threw
     */
    void on(L listener) throws Exception;
  }

  /**
   * How to call one listener with an argument: a method of the listener's interface, as in {@code PriceListener::changed}.
   *
   * @param <L> its type
   * @param <A> the type of the argument
   */
  @FunctionalInterface
  interface CallWith<L, A> {

    /**
     * Calls it.
     *
     * @param listener the listener
     * @param argument what it is told
     * @throws Exception what it threw
     */
    void on(L listener, A argument) throws Exception;
  }

  /**
   * How to call one listener with two arguments.
   *
   * @param <L> its type
   * @param <A> the type of the first argument
   * @param <B> the type of the second argument
   */
  @FunctionalInterface
  interface CallWithTwo<L, A, B> {

    /**
     * Calls it.
     *
     * @param listener the listener
     * @param first    what it is told
     * @param second   what else it is told
     * @throws Exception what it threw
     */
    void on(L listener, A first, B second) throws Exception;
  }

  /**
   * Opens a registry in a scope; it closes with it, {@link io.leaksafe.handle.Priority#EARLY}.
   *
   * @param owner who ends it
   * @param name  what reports call it
   * @param <L>   the type of the listeners
   * @return a registry without listeners
   * @throws ClosedScopeException if the owner's close has begun
   */
  static <L> ListenerRegistry<L> in(Scope owner, String name) {
    return LiveListeners.open(owner, name);
  }

  /**
   * Adds a listener that stays until its handle or this registry is closed.
   *
   * @param listener what to call
   * @return the handle, which removes it; it need not be kept
   * @throws ClosedScopeException if this registry's close has begun
   */
  Handle<L> add(L listener);

  /**
   * Adds a listener on behalf of a scope: the first side to close, that scope or this registry, removes it from both.
   *
   * @param scope    who listens; a scope of the same root
   * @param listener what to call
   * @return the handle, which belongs to that scope; it need not be kept
   * @throws IllegalArgumentException if the scope belongs to another root
   * @throws ClosedScopeException     if the close of that scope or of this registry has begun
   */
  Handle<L> add(Scope scope, L listener);

  /**
   * Adds a listener that goes when an object is garbage: for objects that nobody closes. The object is referred to weakly, and
   * the function strongly, so the listener lives exactly as long as the object. It must therefore not refer to the object in
   * any other way than by its argument: {@code addWeak(view, v -> v::changed)} or {@code addWeak(view, View::listener)}, but not
   * {@code addWeak(view, v -> this::changed)} where {@code this} is the view.
   *
   * <p>Prefer {@link #add(Scope, Object)}: when an object is collected is up to the garbage collector, and until then its
   * listener is called.
   *
   * @param owner      the object
   * @param listenerOf makes the listener from it, for each call anew
   * @param <O>        the type of the object
   * @return the handle, which removes it earlier; it need not be kept, and does not keep the object
   * @throws ClosedScopeException if this registry's close has begun
   */
  <O> Handle<Reference<O>> addWeak(O owner, Function<? super O, ? extends L> listenerOf);

  /**
   * Calls every listener, on this thread; after this registry's close nobody, and without an exception.
   *
   * @param call how to call one
   * @throws ListenerException   if any of them threw, once all have been called. If one was interrupted, this thread's interrupt
   *                             flag is set again
   * @throws VirtualMachineError if any of them threw one, once all have been called
   */
  void fire(Call<? super L> call);

  /**
   * As {@link #fire(Call)}, for a method of the listener's interface that takes one argument: {@code
   * fire(PriceListener::changed, price)}.
   *
   * @param call     how to call one
   * @param argument what to tell it
   * @param <A>      the type of the argument
   * @throws ListenerException if any of them threw, once all have been called
   */
  <A> void fire(CallWith<? super L, ? super A> call, A argument);

  /**
   * As {@link #fire(Call)}, for a method of the listener's interface that takes two arguments.
   *
   * @param call   how to call one
   * @param first  what to tell it
   * @param second what else to tell it
   * @param <A>    the type of the first argument
   * @param <B>    the type of the second argument
   * @throws ListenerException if any of them threw, once all have been called
   */
  <A, B> void fire(CallWithTwo<? super L, ? super A, ? super B> call, A first, B second);

  /**
   * Sets how many listeners are the first to be warned of; 10 if not set. Each doubling is warned of again. Under {@link
   * io.leaksafe.handle.Tracking#DISABLED} there are no such warnings.
   *
   * @param listeners 1 or more; {@link Integer#MAX_VALUE} for no warnings
   * @return this registry
   * @throws IllegalArgumentException if the number is less than 1
   */
  ListenerRegistry<L> warnAbove(int listeners);

  /**
   * Counts the listeners.
   *
   * @return how many would be called now
   */
  int size();
}
