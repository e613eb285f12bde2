package io.leaksafe.hook;

import io.leaksafe.cleanup.Scope;
import io.leaksafe.handle.ClosedScopeException;
import io.leaksafe.handle.Handle;
import io.leaksafe.handle.Kind;
import io.leaksafe.handle.Priority;
import io.leaksafe.internal.check.Check;
import io.leaksafe.internal.tree.HandleNode;
import io.leaksafe.internal.tree.OwnerNode;
import java.io.PrintStream;
import java.lang.Thread.UncaughtExceptionHandler;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Listens at places of which a process has one: the handler of uncaught exceptions, {@code System.err}, {@code System.out}, and
 * any other that is described by a {@link GlobalSlot}.
 *
 * <p>However many hooks there are for a place, it has one layer of ours, which does what was there before and tells each of them.
 * When the last of them is closed, the very object that was there before is there again. If somebody else has put something over
 * our layer meanwhile, that cannot be undone: then the layer stays under it as a pass-through that tells nobody and holds nothing
 * but the original, and a warning says so.
 *
 * <p>Each hook is a handle of kind {@code HOOK}, of priority {@code LAST}, so that it hears of what happens while the rest
 * closes.
 *
 * <p>Thread safety: every method may be called from any thread.
 */
public final class GlobalHook {

  private GlobalHook() {}

  /**
   * Listens to exceptions that nobody caught, before the handler there is handles them; without one they are printed to {@code
   * System.err}, as the JVM would.
   *
   * @param owner    who ends it
   * @param listener told of the thread and what it threw, on that thread
   * @return the handle; it need not be kept
   * @throws ClosedScopeException if the owner's close has begun; nothing is installed then
   */
  public static Handle<UncaughtExceptionHandler> uncaughtExceptions(
      Scope owner, UncaughtExceptionHandler listener) {
    return install(owner, new UncaughtSlot(), listener);
  }

  /**
   * Listens to the lines that are printed to {@code System.err}, which prints them as before. A line is told of when it is
   * complete, without its end, or in pieces of 8,192 characters if it is longer.
   *
   * @param owner    who ends it
   * @param listener told of each line, on the thread that prints; what it prints itself is not told
   * @return the handle; it need not be kept
   * @throws ClosedScopeException if the owner's close has begun; nothing is installed then
   */
  public static Handle<Consumer<String>> systemErr(Scope owner, Consumer<String> listener) {
    return install(owner, new StreamSlot("System.err", () -> System.err, System::setErr), listener);
  }

  /**
   * As {@link #systemErr}, for {@code System.out}.
   *
   * @param owner    who ends it
   * @param listener told of each line, on the thread that prints; what it prints itself is not told
   * @return the handle; it need not be kept
   * @throws ClosedScopeException if the owner's close has begun; nothing is installed then
   */
  public static Handle<Consumer<String>> systemOut(Scope owner, Consumer<String> listener) {
    return install(owner, new StreamSlot("System.out", () -> System.out, System::setOut), listener);
  }

  /**
   * Listens at any other place.
   *
   * @param owner    who ends it
   * @param slot     the place; if there is a layer over one with an equal key, that one serves, and of this only the key is used
   * @param listener whom to tell
   * @param <T>      the type of what is in the slot
   * @param <L>      the type of the listener; the same for all slots of one key
   * @return the handle; it need not be kept
   * @throws ClosedScopeException if the owner's close has begun; nothing is installed then
   */
  public static <T, L> Handle<L> install(Scope owner, GlobalSlot<T, L> slot, L listener) {
    OwnerNode scope = OwnerNode.of(owner);
    Check.notNull(slot, "slot");
    Check.notNull(listener, "listener");
    String name = Check.name(String.valueOf(Check.notNull(slot.key(), "key")), "key");
    Hook<L> hook = new Hook<>(listener);
    Layer<L> layer = Layer.join(slot, hook);
    HandleNode<L> handle =
        scope.attach(name, Kind.HOOK, Priority.LAST, listener, any -> layer.leave(hook));
    handle.describeBy(() -> Map.of("hooks", String.valueOf(layer.size())));
    return handle;
  }

  /** One of those who listen; equal to itself alone. */
  static final class Hook<L> {
    final L listener;

    Hook(L listener) {
      this.listener = listener;
    }
  }

  /** {@link System#out} or {@link System#err}. */
  private static final class StreamSlot implements GlobalSlot<PrintStream, Consumer<String>> {
    private final String name;
    private final Supplier<PrintStream> read;
    private final Consumer<PrintStream> write;

    StreamSlot(String name, Supplier<PrintStream> read, Consumer<PrintStream> write) {
      this.name = name;
      this.read = read;
      this.write = write;
    }

    @Override
    public Object key() {
      return name;
    }

    @Override
    public PrintStream read() {
      return read.get();
    }

    @Override
    public void write(@Nullable PrintStream value) {
      write.accept(value);
    }

    @Override
    public PrintStream wrap(@Nullable PrintStream original, Told<Consumer<String>> told) {
      return new TeeStream(Check.notNull(original, name), told);
    }
  }
}
