package io.leaksafe.time;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;

/** Virtual threads, where the JDK has them and monitors do not pin them: found once, since this is compiled for an older one. */
final class VirtualThreads {

  private static final int FIRST_WITHOUT_PINNING = 24;
  private static final @Nullable MethodHandle UNSTARTED =
      Runtime.version().feature() >= FIRST_WITHOUT_PINNING ? find() : null;

  static final boolean AVAILABLE = UNSTARTED != null;

  private VirtualThreads() {}

  /** Thread.ofVirtual().inheritInheritableThreadLocals(false).name(name).unstarted(body), of a builder for each thread. */
  private static @Nullable MethodHandle find() {
    try {
      MethodHandles.Lookup lookup = MethodHandles.publicLookup();
      Class<?> type = Class.forName("java.lang.Thread$Builder$OfVirtual");
      MethodHandle make = lookup.findStatic(Thread.class, "ofVirtual", MethodType.methodType(type));
      MethodHandle inherit = lookup.findVirtual(
          type, "inheritInheritableThreadLocals", MethodType.methodType(type, boolean.class));
      MethodHandle named =
          lookup.findVirtual(type, "name", MethodType.methodType(type, String.class));
      MethodHandle unstarted = lookup.findVirtual(
          type, "unstarted", MethodType.methodType(Thread.class, Runnable.class));
      MethodHandle bare = MethodHandles.insertArguments(inherit, 1, false);
      MethodHandle builder = MethodHandles.foldArguments(bare, make);
      MethodHandle withName = MethodHandles.collectArguments(named, 0, builder);
      return MethodHandles.collectArguments(unstarted, 0, withName);
    } catch (ReflectiveOperationException e) {
      return null; // an image that was built without them has platform threads
    }
  }

  static Thread start(String name, Runnable body) {
    Thread thread = unstarted(name, body);
    thread.setContextClassLoader(null);
    thread.start();
    return thread;
  }

  private static Thread unstarted(String name, Runnable body) {
    MethodHandle make = UNSTARTED;
    if (make == null) {
      throw new IllegalStateException("This JDK has no virtual threads.");
    }
    try {
      return (Thread) make.invokeExact(name, body);
    } catch (RuntimeException | Error failure) {
      throw failure;
    } catch (Throwable failure) {
      throw new IllegalStateException(failure);
    }
  }
}
