package io.leaksafe.testkit.junit;

import io.leaksafe.testkit.leak.Leak;
import io.leaksafe.testkit.leak.LeakKind;
import java.util.EnumSet;
import java.util.Set;

/** One entry of the list of what is allowed, and whether it was of use. Tests that share it may run at the same time. */
final class Allowed {

  private static final Set<LeakKind> THREADS = EnumSet.of(
      LeakKind.THREAD,
      LeakKind.TIMER,
      LeakKind.EXECUTOR,
      LeakKind.SCHEDULED_EXECUTOR,
      LeakKind.HTTP_CLIENT,
      LeakKind.SERVER_SOCKET, // the JDK's HTTP server
      LeakKind.PROCESS);

  private static final Set<LeakKind> DESCRIPTORS = EnumSet.of(
      LeakKind.FILE,
      LeakKind.DIRECTORY_STREAM,
      LeakKind.SOCKET,
      LeakKind.SERVER_SOCKET,
      LeakKind.DATAGRAM_SOCKET,
      LeakKind.PIPE,
      LeakKind.SELECTOR,
      LeakKind.HTTP_CLIENT,
      LeakKind.PROCESS);

  private final LeakKind kind;
  private final String openedAt;
  private final String because;
  private volatile boolean used;

  Allowed(AllowLeak entry) {
    this.kind = entry.kind();
    this.openedAt = entry.openedAt().strip();
    this.because = entry.because().strip();
  }

  LeakKind kind() {
    return kind;
  }

  String because() {
    return because;
  }

  boolean isUsed() {
    return used;
  }

  /** Whether the two allow the same. */
  boolean isLike(Allowed other) {
    return kind == other.kind && openedAt.equals(other.openedAt);
  }

  /** Whether it allows the leak; then it was of use. */
  boolean allows(Leak leak) {
    boolean allows = (leak.kind() == kind && isOpenedHere(leak)) || mayBeBehind(leak);
    if (allows) {
      used = true;
    }
    return allows;
  }

  /** Without the agent only a thread or descriptor is seen of most kinds, and not who made it. */
  private boolean mayBeBehind(Leak leak) {
    return leak.openedAt().isEmpty()
        && ((leak.kind() == LeakKind.THREAD && THREADS.contains(kind))
            || (leak.kind() == LeakKind.FILE_DESCRIPTOR && DESCRIPTORS.contains(kind)));
  }

  private boolean isOpenedHere(Leak leak) {
    return openedAt.isEmpty()
        || leak.openedAt().stream()
            .anyMatch(type -> type.equals(openedAt)
                || type.startsWith(openedAt + ".")
                || type.startsWith(openedAt + "$"));
  }

  /** The entry as it stands in the code. */
  @Override
  public String toString() {
    return "@AllowLeak(kind = " + kind
        + (openedAt.isEmpty() ? "" : ", openedAt = \"" + openedAt + "\"")
        + ", because = \"" + because + "\")";
  }
}
