package io.leaksafe.testkit.internal.ledger;

import io.leaksafe.cleanup.CleanupManager;
import io.leaksafe.testkit.leak.LeakKind;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.ref.Reference;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.Channel;
import java.nio.channels.Selector;
import java.util.Map;
import java.util.Set;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.RunnableScheduledFuture;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/** Asks things whether they are still live. */
final class Liveness {

  /** The state of a cancelled TimerTask, which stays in the queue until it would be due. */
  private static final int CANCELLED = 3;

  private Liveness() {}

  /** Whether something of this kind that was collected without having been closed was leaked all the same. */
  static boolean isLostWhenCollected(LeakKind kind) {
    return switch (kind) {
      case FILE,
          DIRECTORY_STREAM,
          SOCKET,
          SERVER_SOCKET,
          DATAGRAM_SOCKET,
          PIPE,
          SELECTOR,
          DELETE_ON_EXIT -> true;
      default -> false;
    };
  }

  /** Asks it; what cannot answer, being a user's class, is in the report rather than out of it. */
  static boolean isLive(Entry entry) {
    try {
      return answer(entry);
    } catch (RuntimeException noAnswer) {
      return true;
    }
  }

  private static boolean answer(Entry entry) {
    Object thing = entry.get();
    if (thing == null) {
      return isLostWhenCollected(entry.kind);
    }
    return switch (entry.kind) {
      case THREAD -> isLive((Thread) thing);
      case VIRTUAL_THREAD -> ((Thread) thing).isAlive();
      case TIMER -> isLive((Timer) thing);
      case TIMER_TASK -> isQueued((TimerTask) thing, entry.place());
      case EXECUTOR, SCHEDULED_EXECUTOR -> isLive((ExecutorService) thing);
      case TASK, FUTURE_TIMER -> isTaskLive(entry, thing, entry.place());
      case FILE, DIRECTORY_STREAM, SOCKET, SERVER_SOCKET, DATAGRAM_SOCKET, PIPE, SELECTOR ->
        isOpen(thing);
      case HTTP_CLIENT -> isClientLive(thing);
      case PROCESS -> ((Process) thing).isAlive();
      case SHUTDOWN_HOOK -> isHook((Thread) thing);
      case CLEANUP_MANAGER -> !OwnManagers.isOver((CleanupManager) thing);
      default -> true;
    };
  }

  /** A pool's worker that has left the pool is on its last steps, and takes them as soon as the machine lets it. */
  private static boolean isLive(Thread thread) {
    return thread.isAlive() && !(thread.getClass() == Thread.class && Threads.hasLeftPool(thread));
  }

  private static boolean isLive(Timer timer) {
    Object thread = Peek.field(timer, "thread");
    return thread instanceof Thread alive
        && alive.isAlive()
        && Peek.isTrue(thread, "newTasksMayBeScheduled");
  }

  /** Timer.cancel() leaves its tasks in the state SCHEDULED, so only the queue tells. */
  private static boolean isQueued(TimerTask task, @Nullable Object timer) {
    Object queue = Peek.field(timer, "queue");
    return queue != null
        && timer instanceof Timer live
        && isLive(live)
        && Peek.field(queue, "queue") instanceof Object[] tasks
        && contains(tasks, task)
        && !Integer.valueOf(CANCELLED).equals(Peek.field(task, "state"));
  }

  private static boolean contains(@Nullable Object[] things, Object thing) {
    for (Object each : things) {
      if (each == thing) {
        return true;
      }
    }
    return false;
  }

  /** One that runs no thread and holds no task has nothing to leak. */
  private static boolean isLive(ExecutorService executor) {
    if (executor.isTerminated()) {
      return false;
    }
    if (executor instanceof ThreadPoolExecutor pool) {
      return !isEnding(pool) && (pool.getPoolSize() > 0 || !pool.getQueue().isEmpty());
    }
    if (executor instanceof ForkJoinPool pool) {
      return pool.getPoolSize() > 0
          || pool.hasQueuedSubmissions()
          || Peek.field(pool, "delayScheduler") != null;
    }
    return !(Peek.field(executor, "threads") instanceof Set<?> threads) || !threads.isEmpty();
  }

  /** Shut down, with nothing to do: its threads were told to end, and do so as soon as the machine lets them. */
  private static boolean isEnding(ThreadPoolExecutor pool) {
    return pool.isShutdown() && pool.getQueue().isEmpty() && pool.getActiveCount() == 0;
  }

  private static boolean isTaskLive(Entry entry, Object task, @Nullable Object executor) {
    if (entry.running) {
      return true;
    }
    if (task instanceof Future<?> future && future.isDone()) {
      return false;
    }
    if (executor instanceof ThreadPoolExecutor pool) {
      return !pool.isTerminated()
          && (contains(pool.getQueue().toArray(), task) || entry.running); // taken out meanwhile
    }
    return executor instanceof ForkJoinPool pool && !pool.isTerminated();
  }

  /** Whether a task was taken out of its queue, by a worker that has not begun it or by the user. */
  static boolean isBetweenQueueAndThread(Entry entry) {
    return entry.kind == LeakKind.TASK
        && entry.place() instanceof ThreadPoolExecutor pool
        && entry.get() instanceof Future<?> task
        && !task.isDone()
        && !pool.isTerminated()
        && !contains(pool.getQueue().toArray(), task);
  }

  /** Whether a task runs more than once. */
  static boolean isRepeated(Object task) {
    return (task instanceof RunnableScheduledFuture<?> scheduled && scheduled.isPeriodic())
        || (Peek.field(task, "nextDelay") instanceof Long delay && delay != 0);
  }

  private static boolean isOpen(Object thing) {
    if (thing instanceof Channel channel) {
      return channel.isOpen() && Peek.field(channel, "parent") == null;
    }
    if (thing instanceof Socket socket) {
      return !socket.isClosed() && (socket.isConnected() || socket.isBound());
    }
    if (thing instanceof ServerSocket socket) {
      return !socket.isClosed() && socket.isBound();
    }
    if (thing instanceof Selector selector) {
      return selector.isOpen();
    }
    if (thing instanceof ZipFile) {
      return !Peek.isTrue(thing, "closeRequested");
    }
    try {
      if (thing instanceof FileInputStream stream) {
        return stream.getFD().valid() && !Peek.isTrue(thing, "closed");
      }
      if (thing instanceof FileOutputStream stream) {
        return stream.getFD().valid() && !Peek.isTrue(thing, "closed");
      }
      if (thing instanceof RandomAccessFile file) {
        return file.getFD().valid() && !Peek.isTrue(thing, "closed");
      }
    } catch (IOException closed) {
      return false;
    }
    return !Peek.isTrue(thing, "isClosed");
  }

  /** A client that nobody refers to any more ends by itself; before JDK 21 there is no other way. */
  private static boolean isClientLive(Object client) {
    boolean running = Peek.field(client, "selmgr") instanceof Thread thread && thread.isAlive();
    if (Peek.field(client, "isAlive") instanceof AtomicBoolean alive) {
      return alive.get() || running; // the thread sets it, when it gets to run
    }
    return running
        && (!(Peek.field(client, "facadeRef") instanceof Reference<?> face)
            || !face.refersTo(null));
  }

  static boolean isHook(Thread thread) {
    Object hooks = Peek.constant("java.lang.ApplicationShutdownHooks", "hooks");
    return hooks instanceof Map<?, ?> map && map.containsKey(thread);
  }
}
