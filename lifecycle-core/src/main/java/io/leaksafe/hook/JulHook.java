package io.leaksafe.hook;

import io.leaksafe.cleanup.Scope;
import io.leaksafe.handle.ClosedScopeException;
import io.leaksafe.handle.Handle;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Listens to what is logged through {@code java.util.logging}: as {@link GlobalHook}, apart from it since the module {@code
 * java.logging} may be missing. On the module path it must be among the resolved ones: {@code --add-modules java.logging}, unless
 * something requires it.
 *
 * <p>Thread safety: every method may be called from any thread.
 */
public final class JulHook {

  private JulHook() {}

  /**
   * Adds one handler to the root logger, however many hooks there are, and takes it away with the last of them: the handlers
   * are the same objects then as before.
   *
   * @param owner    who ends it
   * @param listener told of each record that reaches the root logger's handlers, whatever its level, on the thread that logs
   * @return the handle; it need not be kept
   * @throws ClosedScopeException if the owner's close has begun; nothing is installed then
   */
  public static Handle<Consumer<LogRecord>> install(Scope owner, Consumer<LogRecord> listener) {
    return GlobalHook.install(owner, new RootHandlers(), listener);
  }

  /** The root logger's handlers, seen as a slot that is ours or empty. */
  private static final class RootHandlers implements GlobalSlot<Handler, Consumer<LogRecord>> {

    private @Nullable Handler ours;

    private static Logger root() {
      return LogManager.getLogManager().getLogger("");
    }

    @Override
    public Object key() {
      return "java.util.logging";
    }

    @Override
    public @Nullable Handler read() {
      Handler layer = ours;
      return layer != null && Arrays.asList(root().getHandlers()).contains(layer) ? layer : null;
    }

    @Override
    public void write(@Nullable Handler value) {
      if (value != null) {
        root().addHandler(value);
      } else {
        root().removeHandler(ours);
      }
    }

    @Override
    public Handler wrap(@Nullable Handler original, Told<Consumer<LogRecord>> told) {
      Handler layer = new Teller(told);
      ours = layer;
      return layer;
    }
  }

  private static final class Teller extends Handler {
    private final GlobalSlot.Told<Consumer<LogRecord>> told;

    Teller(GlobalSlot.Told<Consumer<LogRecord>> told) {
      this.told = told;
      setLevel(Level.ALL);
    }

    @Override
    public void publish(@Nullable LogRecord record) {
      if (record != null) {
        told.tell(listener -> listener.accept(record));
      }
    }

    @Override
    public void flush() {
      // nothing is held back
    }

    @Override
    public void close() {
      // the log manager closes handlers at its reset; there is nothing to close
    }
  }
}
