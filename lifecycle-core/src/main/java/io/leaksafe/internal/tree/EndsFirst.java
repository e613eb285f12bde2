package io.leaksafe.internal.tree;

import io.leaksafe.handle.Closer;

/**
 * A closer that takes a few instructions, and need not be seen while it runs: its handle is over in one step, which takes one
 * lock instead of two, and not while that runs. What has to be over before the handle, so that whoever waits for its owner's
 * close finds it so, is done in {@link #ending}; what the handle must not outlive, in {@link #ended}.
 *
 * <p>A class and no interface, since every close asks for it.
 *
 * @param <T> the type of what the handle is on
 */
public abstract class EndsFirst<T> implements Closer<T> {

  /** Made by features. */
  protected EndsFirst() {}

  @Override
  public final void close(T resource) {
    ending();
    ended();
  }

  /** The handle is about to be over, or is so already: called more than once if several threads close it. Must not throw. */
  protected void ending() {}

  /** The handle is over: called once. Reports what fails itself. */
  protected void ended() {}
}
