package io.leaksafe.internal.tree;

import io.leaksafe.handle.Closer;

/**
 * A closer that counts down, and need not be seen while it runs: its handle is over in one step before that, which takes one
 * lock instead of two. What it may have to close is a handle of its own.
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
    ended();
  }

  /** The handle is over. Reports what fails itself. */
  protected abstract void ended();
}
