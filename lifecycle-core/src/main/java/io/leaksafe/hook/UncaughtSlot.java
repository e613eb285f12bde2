package io.leaksafe.hook;

import java.lang.Thread.UncaughtExceptionHandler;
import org.jspecify.annotations.Nullable;

/** The JVM's handler of uncaught exceptions. */
final class UncaughtSlot implements GlobalSlot<UncaughtExceptionHandler, UncaughtExceptionHandler> {

  @Override
  public Object key() {
    return "uncaught exceptions";
  }

  @Override
  public @Nullable UncaughtExceptionHandler read() {
    return Thread.getDefaultUncaughtExceptionHandler();
  }

  @Override
  public void write(@Nullable UncaughtExceptionHandler value) {
    Thread.setDefaultUncaughtExceptionHandler(value);
  }

  @Override
  public UncaughtExceptionHandler wrap(
      @Nullable UncaughtExceptionHandler original, Told<UncaughtExceptionHandler> told) {
    return (thread, failure) -> {
      told.tell(listener -> listener.uncaughtException(thread, failure));
      if (original != null) {
        original.uncaughtException(thread, failure);
      } else {
        print(thread, failure);
      }
    };
  }

  /** What the JVM does where there is no handler. */
  private static void print(Thread thread, Throwable failure) {
    System.err.print("Exception in thread \"" + thread.getName() + "\" ");
    failure.printStackTrace(System.err);
  }
}
