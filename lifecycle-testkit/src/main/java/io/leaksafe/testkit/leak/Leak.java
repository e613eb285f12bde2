package io.leaksafe.testkit.leak;

import java.time.Duration;
import java.util.List;

/**
 * One thing that was left behind, as it was when it was judged; an immutable copy that keeps nothing alive.
 *
 * @param kind     what it is
 * @param name     its own name, with what tells it from others: {@code "order-expiry"}, a file's path, an address
 * @param state    how it was found, for example {@code never shut down}
 * @param age      how long ago it was made
 * @param holds    what lives because of it, one text each: threads, tasks, sockets; empty if nothing
 * @param frames   the user's own lines that made it, innermost first, without those of the JDK and of test frameworks; empty if
 *                 it is not known who made it
 * @param thread   the name of the thread that made it, and who started that if it was not the owner's own; empty if not known
 * @param fix      what to do about it
 * @param openedAt the classes whose code made it, innermost first, to match what is allowed; a nested class also by the names
 *                 of those around it
 */
public record Leak(
    LeakKind kind,
    String name,
    String state,
    Duration age,
    List<String> holds,
    List<StackTraceElement> frames,
    String thread,
    String fix,
    List<String> openedAt) {

  /**
   * Makes a copy of the lists.
   *
   * @param kind     what it is
   * @param name     its own name
   * @param state    how it was found
   * @param age      how long ago it was made
   * @param holds    what lives because of it
   * @param frames   the user's own lines that made it
   * @param thread   the name of the thread that made it
   * @param fix      what to do about it
   * @param openedAt the classes whose code made it
   */
  public Leak {
    holds = List.copyOf(holds);
    frames = List.copyOf(frames);
    openedAt = List.copyOf(openedAt);
  }

  /**
   * Says whether the code of one class, or of one nested in it, made this.
   *
   * @param type a fully qualified class name
   * @return whether it is among {@link #openedAt()}
   */
  public boolean isOpenedAt(String type) {
    return openedAt.contains(type);
  }

  /** Returns kind, name and state in one line. */
  @Override
  public String toString() {
    return kind.label()
        + (name.isEmpty() ? "" : " " + name)
        + (state.isEmpty() ? "" : ", " + state);
  }
}
