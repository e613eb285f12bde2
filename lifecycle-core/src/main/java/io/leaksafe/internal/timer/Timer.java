package io.leaksafe.internal.timer;

/** Something that is due at a moment; may be scheduled again once it has fired or was cancelled. */
public abstract class Timer {

  /** Its place in the heap, or -1 while it is not pending. Guarded by the engine's lock, like the rest. */
  int index = -1;

  long due;
  long sequence;

  /** For subclasses. */
  protected Timer() {}

  /** Called on the timer thread once it is due. Must be short and must not block; what it throws is logged. */
  protected abstract void fire();
}
