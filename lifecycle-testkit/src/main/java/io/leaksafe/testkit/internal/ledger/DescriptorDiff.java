package io.leaksafe.testkit.internal.ledger;

import io.leaksafe.testkit.leak.Leak;
import io.leaksafe.testkit.leak.LeakKind;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** The file descriptors that came, where there is no agent and the system lists them under {@code /proc/self/fd}. */
final class DescriptorDiff {
  private static final Path LIST = Path.of("/proc/self/fd");

  static {
    keepWhatTheJdkKeeps();
  }

  private final Map<String, String> before = new ConcurrentHashMap<>(read());
  private final long since = Moments.now();

  static DescriptorDiff now() {
    return new DescriptorDiff();
  }

  /** The JDK opens a socket with the first channel and keeps it; it had better be there before. */
  private static void keepWhatTheJdkKeeps() {
    try (SocketChannel first = SocketChannel.open()) {
      first.configureBlocking(true);
    } catch (IOException noSockets) {
      return; // then nobody's tests have any
    }
  }

  /** Takes what is there now for what was there before. */
  void absorb() {
    before.putAll(read());
  }

  List<Leak> leaks() {
    List<Leak> found = new ArrayList<>();
    // Its sockets stay open for a while, and which ones they are is not known here.
    boolean keepAlive = ThreadDiff.isHttpKeepingAlive();
    read().forEach((number, target) -> {
      boolean mayBeHttps = keepAlive && target.startsWith("socket:");
      if (!target.equals(before.get(number)) && !isJvms(target) && !mayBeHttps) {
        found.add(Found.of(
            LeakKind.FILE_DESCRIPTOR,
            target,
            "open as descriptor " + number,
            since,
            "close what opened it; with the agent its line is known"));
      }
    });
    return found;
  }

  /** What class loaders open, and what the JVM needs for itself. */
  private static boolean isJvms(String target) {
    return target.endsWith(".jar")
        || target.endsWith(".jar (deleted)")
        || target.endsWith("/lib/modules")
        || target.endsWith("/urandom")
        || target.endsWith("/random")
        || target.startsWith("/proc/");
  }

  private static Map<String, String> read() {
    Map<String, String> open = new TreeMap<>();
    if (!Files.isDirectory(LIST)) {
      return open;
    }
    try (DirectoryStream<Path> all = Files.newDirectoryStream(LIST)) {
      for (Path each : all) {
        read(each, open);
      }
    } catch (IOException unreadable) {
      open.clear(); // the tier's name promises them only where they can be listed
    }
    return open;
  }

  private static void read(Path each, Map<String, String> open) {
    try {
      open.put(each.getFileName().toString(), Files.readSymbolicLink(each).toString());
    } catch (IOException closedMeanwhile) {
      open.remove(each.getFileName().toString());
    }
  }
}
