package io.leaksafe.internal.watch;

import org.jspecify.annotations.Nullable;

/**
 * Tells a leak checker of each root scope that is made, and of its end.
 *
 * <p>The one thing in this library that all trees of a JVM share, and empty unless a checker put itself in: roots are never
 * listed here, and nothing is kept of them. Thread safety: all methods may be called from any thread; a root that is made
 * while a watcher comes or goes is told to one of the two.
 */
public final class RootWatch {

  /** Who is told. What it throws is for it to handle: it would reach whoever makes or closes the root. */
  public interface Watcher {

    /**
     * A root was made; called on the thread that makes it, before it is handed out.
     *
     * @param root the manager
     */
    void made(Object root);

    /**
     * A root's close is through; what hung in it may still be live. Called on the thread that closed the last handle.
     *
     * @param root the manager
     */
    void ended(Object root);
  }

  private static volatile @Nullable Watcher watcher;

  private RootWatch() {}

  /**
   * Puts a watcher in the place of the former one.
   *
   * @param next told from now on; null for nobody
   */
  public static void install(@Nullable Watcher next) {
    watcher = next;
  }

  /** Tells that a root was made. */
  public static void made(Object root) {
    Watcher told = watcher;
    if (told != null) {
      told.made(root);
    }
  }

  /** Tells that a root's close is through. */
  public static void ended(Object root) {
    Watcher told = watcher;
    if (told != null) {
      told.ended(root);
    }
  }
}
