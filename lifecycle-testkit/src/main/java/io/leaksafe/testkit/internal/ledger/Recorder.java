package io.leaksafe.testkit.internal.ledger;

import io.leaksafe.testkit.leak.LeakKind;
import java.net.ServerSocket;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.util.Map;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Listens to the agent: makes an entry for each thing, under whoever it is made for, and follows for whom each thread works.
 *
 * <p>It is called from inside the JDK, by any thread, so it takes no lock, and what it makes itself is not recorded. On the
 * carrier of a virtual thread it does nothing at all: there the JDK is between two threads.
 */
final class Recorder {

  private static final @Nullable Class<?> CARRIER = carrier();
  private static final AtomicLong NUMBERS = new AtomicLong();

  private final Index index;
  private final ThreadLocal<Context> contexts;
  /** The executor of all virtual threads, known once the agent opened their package. */
  private volatile @Nullable Object carriersPool;

  private final Map<String, Listener> listeners = Map.ofEntries(
      on("thread", this::thread),
      on("timer", made(LeakKind.TIMER)),
      on("timerTask", this::timerTask),
      on("executor", this::executor),
      on("grow", this::grow),
      on("grow.end", (context, pool, none) -> context.end()),
      on("task", (context, task, pool) -> task(context, LeakKind.TASK, task, pool)),
      on("delayed", (context, task, pool) -> task(context, LeakKind.TASK, task, pool)),
      on("run", this::run),
      on("run.end", (context, none, neither) -> ended(context.end())),
      on("file", made(LeakKind.FILE)),
      on("directory", made(LeakKind.DIRECTORY_STREAM)),
      on("socket", this::socket),
      on("channel", this::channel),
      on("selector", made(LeakKind.SELECTOR)),
      on("httpClient", made(LeakKind.HTTP_CLIENT)),
      on("process", this::process),
      on("hook", made(LeakKind.SHUTDOWN_HOOK)),
      on("manager", this::manager),
      on("directMemory", made(LeakKind.DIRECT_MEMORY)),
      on(
          "deleteOnExit",
          (context, path, none) ->
              add(context, LeakKind.DELETE_ON_EXIT, path, null, path.toString())),
      on("closed", (context, thing, none) -> closed(thing)));

  Recorder(Index index, ThreadLocal<Context> contexts) {
    this.index = index;
    this.contexts = contexts;
  }

  /** Hears of one event. */
  interface Listener {
    void hear(Context context, Object subject, @Nullable Object other);
  }

  private static Map.Entry<String, Listener> on(String event, Listener listener) {
    return Map.entry(event, listener);
  }

  private static @Nullable Class<?> carrier() {
    try {
      return Class.forName("jdk.internal.misc.CarrierThread", false, null);
    } catch (ClassNotFoundException | LinkageError before21) {
      return null;
    }
  }

  /** What the agent calls for an event; those it does not know are not heard. */
  BiConsumer<Object, Object> sink(String event) {
    Listener listener = listeners.getOrDefault(event, (context, subject, other) -> {});
    return (subject, other) -> {
      if (Thread.currentThread().getClass() == CARRIER) {
        return;
      }
      Context context = contexts.get();
      if (!context.busy) {
        context.busy = true;
        try {
          listener.hear(context, subject, other);
        } finally {
          context.busy = false;
        }
      }
    };
  }

  /** The agent is there. */
  void attached() {
    carriersPool = Peek.constant("java.lang.VirtualThread", "DEFAULT_SCHEDULER");
  }

  // ---- what is made

  private void add(
      Context context, LeakKind kind, Object thing, @Nullable Object place, String label) {
    Owner owner = context.current;
    if (owner != null && owner.wants(kind) && !Blank.is(thing) && !Blank.is(place)) {
      index.add(new Entry(
          kind,
          thing,
          place,
          label,
          owner,
          context.thread,
          NUMBERS.incrementAndGet(),
          index.collected));
    }
  }

  private Listener made(LeakKind kind) {
    return (context, thing, other) ->
        add(context, kind, thing, null, other == null ? "" : other.toString());
  }

  private void thread(Context context, Object thread, @Nullable Object none) {
    LeakKind kind = thread.getClass().getName().equals("java.lang.VirtualThread")
            || thread.getClass().getName().equals("java.lang.ThreadBuilders$BoundVirtualThread")
        ? LeakKind.VIRTUAL_THREAD
        : LeakKind.THREAD;
    add(context, kind, thread, null, "");
  }

  private void executor(Context context, Object executor, @Nullable Object none) {
    boolean timed =
        executor instanceof ScheduledExecutorService && !(executor instanceof ForkJoinPool);
    add(context, timed ? LeakKind.SCHEDULED_EXECUTOR : LeakKind.EXECUTOR, executor, null, "");
  }

  private void socket(Context context, Object socket, @Nullable Object none) {
    boolean server = socket instanceof ServerSocket;
    add(context, server ? LeakKind.SERVER_SOCKET : LeakKind.SOCKET, socket, null, "");
  }

  private void manager(Context context, Object manager, @Nullable Object same) {
    add(context, LeakKind.CLEANUP_MANAGER, manager, null, "");
  }

  private void process(Context context, Object process, @Nullable Object builder) {
    String command = builder instanceof ProcessBuilder it ? String.join(" ", it.command()) : "";
    add(context, LeakKind.PROCESS, process, null, command);
  }

  private void channel(Context context, Object channel, @Nullable Object none) {
    LeakKind kind = LeakKind.SOCKET;
    if (channel instanceof DatagramChannel) {
      kind = LeakKind.DATAGRAM_SOCKET;
    } else if (channel instanceof ServerSocketChannel
        || channel instanceof AsynchronousServerSocketChannel) {
      kind = LeakKind.SERVER_SOCKET;
    } else if (channel instanceof Pipe.SourceChannel || channel instanceof Pipe.SinkChannel) {
      kind = LeakKind.PIPE;
    }
    add(context, kind, channel, null, "");
  }

  private void closed(Object thing) {
    Entry entry = index.find(thing);
    if (entry != null) {
      entry.owner.remove(entry);
      index.remove(entry);
    }
  }

  // ---- for whom a thread works

  /** A worker belongs to its pool, whoever handed in the task that it is started for; a stranger's pool is nobody's. */
  private void grow(Context context, Object pool, @Nullable Object none) {
    context.begin(ownerOf(pool), null);
  }

  /** A task in an own executor is held by that; in anybody else's it is a thing of its own. */
  private void task(Context context, LeakKind kind, Object task, @Nullable Object pool) {
    if (context.current == null || pool == carriersPool || pool == null) {
      return;
    }
    if (ownerOf(pool) != context.current) {
      add(context, kind, task, pool, "");
    }
  }

  private void timerTask(Context context, Object task, @Nullable Object timer) {
    if (ownerOf(timer) != context.current) {
      add(context, LeakKind.TIMER_TASK, task, timer, "");
    }
  }

  /** Who owns an executor or timer; nobody does if it was made for the whole JVM. */
  private @Nullable Owner ownerOf(@Nullable Object executor) {
    Entry entry = index.find(executor);
    return entry == null || !entry.birth().ignored().isEmpty() ? null : entry.owner;
  }

  private void run(Context context, Object task, @Nullable Object none) {
    Entry entry = index.find(task);
    if (entry != null) {
      entry.running = true;
    }
    context.begin(entry == null ? context.current : entry.owner, entry);
  }

  private void ended(@Nullable Entry task) {
    if (task == null) {
      return;
    }
    task.running = false;
    Object thing = task.get();
    if (task.kind == LeakKind.TASK && thing != null && !Liveness.isRepeated(thing)) {
      closed(thing);
    }
  }
}
