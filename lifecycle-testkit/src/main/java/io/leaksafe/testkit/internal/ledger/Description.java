package io.leaksafe.testkit.internal.ledger;

import io.leaksafe.cleanup.CleanupManager;
import io.leaksafe.internal.check.Text;
import io.leaksafe.testkit.leak.Leak;
import io.leaksafe.testkit.leak.LeakKind;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.NetworkChannel;
import java.nio.channels.Pipe;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Delayed;
import java.util.concurrent.ExecutorService;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/** Puts a root and what it holds into words. */
final class Description {
  private static final int MOST_WRAPPERS = 8;

  private final Entry entry;
  private final Entry known;
  private final List<Entry> below;
  private final @Nullable Object thing;
  private final List<Thread> threads;

  /**
   * Describes an entry.
   *
   * @param known whose lines tell who made it: its own, or those of the thread that made it
   * @param below what it holds
   */
  Description(Entry entry, Entry known, List<Entry> below) {
    this.entry = entry;
    this.known = known;
    this.below = below;
    this.thing = entry.get();
    this.threads = Threads.of(entry).stream().filter(Thread::isAlive).toList();
  }

  Leak leak() {
    LeakKind kind = kind();
    Birth birth = known.birth();
    return new Leak(
        kind,
        name(),
        state() + (thing == null && isLost() ? ", no longer referenced" : ""),
        Duration.ofNanos(Moments.now() - entry.madeAt),
        holds(),
        birth.frames(),
        madeOn(),
        Fixes.of(kind, birth, thing),
        birth.openedAt());
  }

  /** Whether it matters that nobody refers to it: a path to be deleted is kept by the JDK. */
  private boolean isLost() {
    return entry.kind != LeakKind.DELETE_ON_EXIT;
  }

  private LeakKind kind() {
    boolean ofFutures = entry.kind == LeakKind.TASK
        && (entry.birth().isUnder("java.util.concurrent.CompletableFuture$Delayer.")
            || entry.birth().isUnder("java.util.concurrent.CompletableFuture.orTimeout")
            || entry.birth().isUnder("java.util.concurrent.CompletableFuture.completeOnTimeout")
            || entry.birth().isUnder("java.util.concurrent.CompletableFuture$DelayedExecutor."));
    return ofFutures ? LeakKind.FUTURE_TIMER : entry.kind;
  }

  private String madeOn() {
    boolean indirect = known != entry;
    String name = indirect ? known.makerName : entry.makerName;
    return entry.maker == null ? name : entry.makerName + ", started by this test";
  }

  // ---- name

  private String name() {
    return switch (entry.kind) {
      case THREAD, VIRTUAL_THREAD, SHUTDOWN_HOOK ->
        thing instanceof Thread thread ? quoted(thread.getName()) : "";
      case TIMER, EXECUTOR, SCHEDULED_EXECUTOR -> executorName();
      case TIMER_TASK, TASK, FUTURE_TIMER -> taskName();
      case FILE, DIRECTORY_STREAM, DELETE_ON_EXIT -> fileName();
      case SOCKET, SERVER_SOCKET, DATAGRAM_SOCKET -> address();
      case PIPE -> thing instanceof Pipe.SourceChannel ? "source" : "sink";
      case CLEANUP_MANAGER -> thing instanceof CleanupManager it ? quoted(it.name()) : "";
      case PROCESS -> thing instanceof Process process ? "" + process.pid() + command() : "";
      case DIRECT_MEMORY ->
        thing instanceof ByteBuffer buffer ? Text.count(buffer.capacity(), "byte") : "";
      default -> typeName();
    };
  }

  private static String quoted(String name) {
    return name.isEmpty() ? "without a name" : '"' + name + '"';
  }

  private String typeName() {
    return thing == null ? "" : simple(thing.getClass());
  }

  private static String simple(Class<?> type) {
    String name = type.getName();
    return Words.type(name.substring(name.lastIndexOf('.') + 1));
  }

  private String executorName() {
    Set<String> families = new LinkedHashSet<>();
    threads.forEach(thread -> families.add(Words.family(thread.getName())));
    return families.size() == 1 && !families.contains("")
        ? quoted(families.iterator().next())
        : typeName();
  }

  /** The user's own task, out of those that the JDK wraps around it. */
  private String taskName() {
    Object task = thing;
    Object inner = task;
    for (int depth = 0; inner != null && depth < MOST_WRAPPERS; depth++) {
      task = inner;
      inner = wrapped(task);
    }
    return task == null ? "" : simple(task.getClass());
  }

  private static @Nullable Object wrapped(Object task) {
    for (String field : List.of("callable", "task", "runnable", "fn", "action")) {
      Object inner = Peek.field(task, field);
      if (inner != null) {
        return inner;
      }
    }
    return null;
  }

  private String fileName() {
    Object path = thing instanceof ZipFile zip ? zip.getName() : entry.label;
    String full = String.valueOf(path);
    if (full.isEmpty()) {
      Object known = Peek.field(thing, "path");
      full = known == null ? typeName() : known.toString();
    }
    return full;
  }

  private String command() {
    String words = entry.label;
    return words.isEmpty() ? "" : " " + words;
  }

  private String address() {
    try {
      if (thing instanceof Socket socket) {
        return between(socket.getLocalSocketAddress(), socket.getRemoteSocketAddress());
      }
      if (thing instanceof ServerSocket socket) {
        return text(socket.getLocalSocketAddress());
      }
      if (thing instanceof SocketChannel channel) {
        return between(channel.getLocalAddress(), channel.getRemoteAddress());
      }
      if (thing instanceof AsynchronousSocketChannel channel) {
        return between(channel.getLocalAddress(), channel.getRemoteAddress());
      }
      if (thing instanceof NetworkChannel channel) {
        return text(channel.getLocalAddress());
      }
    } catch (IOException closedMeanwhile) {
      return typeName();
    }
    return typeName();
  }

  private static String between(@Nullable SocketAddress local, @Nullable SocketAddress remote) {
    return remote == null ? text(local) : text(local) + " to " + text(remote);
  }

  private static String text(@Nullable SocketAddress address) {
    return address == null ? "not bound" : address.toString();
  }

  // ---- state

  private String state() {
    return switch (entry.kind) {
      case THREAD, VIRTUAL_THREAD -> thing instanceof Thread thread ? alive(thread) : "";
      case TIMER -> "never cancelled";
      case EXECUTOR, SCHEDULED_EXECUTOR ->
        thing instanceof ExecutorService executor && executor.isShutdown()
            ? "shut down, but its threads do not end"
            : "never shut down";
      case TIMER_TASK, FUTURE_TIMER -> "pending";
      case TASK -> (entry.running ? "running in " : "pending in ") + place() + rhythm();
      case FILE -> "open" + mode();
      case DIRECTORY_STREAM, PIPE, SELECTOR -> "open";
      case SOCKET -> connected() ? "connected" : "open";
      case SERVER_SOCKET -> "listening";
      case DATAGRAM_SOCKET -> "open";
      case HTTP_CLIENT -> "never closed";
      case PROCESS -> "alive";
      case SHUTDOWN_HOOK -> "still registered";
      case CLEANUP_MANAGER -> managerState();
      case DIRECT_MEMORY -> "still referenced";
      case DELETE_ON_EXIT -> "kept until the JVM ends";
      default -> "";
    };
  }

  private static String alive(Thread thread) {
    for (StackTraceElement frame : thread.getStackTrace()) {
      if (Birth.isUsers(frame)) {
        return Words.state(thread) + " at " + Text.frame(Lines.readable(frame));
      }
    }
    return Words.state(thread);
  }

  private String place() {
    Object executor = entry.place();
    return executor == null ? "an executor" : Pools.name(executor);
  }

  private String rhythm() {
    return thing instanceof Delayed task && !entry.running ? ", " + Pools.when(task) : "";
  }

  private String mode() {
    if (entry.label.isEmpty() && thing == null) {
      return "";
    }
    if (thing instanceof FileInputStream || thing instanceof ZipFile) {
      return " for reading";
    }
    if (thing instanceof FileOutputStream) {
      return " for writing";
    }
    String read = Peek.isTrue(thing, "readable") ? " for reading" : "";
    String write = Peek.isTrue(thing, "writable") ? " for writing" : "";
    return read + (read.isEmpty() || write.isEmpty() ? write : " and writing");
  }

  private boolean connected() {
    return (thing instanceof Socket socket && socket.isConnected())
        || (thing instanceof SocketChannel channel && channel.isConnected());
  }

  private String managerState() {
    return thing instanceof CleanupManager manager ? OwnManagers.state(manager) : "";
  }

  // ---- what it holds

  private List<String> holds() {
    List<String> all = new ArrayList<>();
    threads.forEach(thread -> all.add(Words.thread(thread)));
    if (thing != null) {
      all.addAll(Pools.tasks(thing));
    }
    if (thing instanceof CleanupManager manager) {
      all.addAll(OwnManagers.holds(manager));
    }
    for (Entry each : below) {
      if (!(each.get() instanceof Thread thread)) {
        all.add(new Description(each, each, List.of()).line());
      } else if (!threads.contains(thread)) {
        all.add(Words.thread(thread));
      }
    }
    return all;
  }

  private String line() {
    String words = entry.kind.label().toLowerCase(Locale.ROOT) + " " + name();
    return words.strip();
  }
}
