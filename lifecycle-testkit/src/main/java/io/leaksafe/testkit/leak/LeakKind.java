package io.leaksafe.testkit.leak;

import java.util.Locale;

/** What can be left behind. Kinds that are {@link #isOptIn() opt-in} are looked for only where a test asks for them. */
public enum LeakKind {
  /** A platform thread that was started and is still alive. */
  THREAD,
  /** A virtual thread that was started and is still alive. */
  VIRTUAL_THREAD,
  /** A {@link java.util.Timer} that was not cancelled, with its thread and its tasks. */
  TIMER,
  /** A task in the queue of a {@link java.util.Timer} that belongs to somebody else. */
  TIMER_TASK,
  /** An executor that was never shut down, or whose threads do not end, with its threads and tasks. */
  EXECUTOR,
  /** A scheduled executor that was never shut down, or whose threads do not end, with its threads and tasks. */
  SCHEDULED_EXECUTOR,
  /** A task that waits or runs in an executor that belongs to somebody else. */
  TASK,
  /** A timer of {@code CompletableFuture}: {@code orTimeout}, {@code completeOnTimeout} or {@code delayedExecutor}. */
  FUTURE_TIMER,
  /** An open file: a stream, a {@code RandomAccessFile}, a channel or a zip file. */
  FILE,
  /** An open {@link java.nio.file.DirectoryStream}, also one inside {@code Files.list} and {@code Files.walk}. */
  DIRECTORY_STREAM,
  /** A connected or bound TCP socket, or a socket channel. */
  SOCKET,
  /** A bound server socket, or a server socket channel. */
  SERVER_SOCKET,
  /** A datagram socket or channel. */
  DATAGRAM_SOCKET,
  /** An end of a {@link java.nio.channels.Pipe}. */
  PIPE,
  /** An open {@link java.nio.channels.Selector}. */
  SELECTOR,
  /** A {@code java.net.http.HttpClient} that is still running. */
  HTTP_CLIENT,
  /** A process that is still alive. */
  PROCESS,
  /** A hook that waits for the JVM's exit. */
  SHUTDOWN_HOOK,
  /** A {@link io.leaksafe.cleanup.CleanupManager} that was not closed, or whose close left something live. */
  CLEANUP_MANAGER,
  /** A file descriptor of which nothing more is known; found only where there is no agent. */
  FILE_DESCRIPTOR,
  /** Opt-in: a value that the code left in a thread local of the thread that called it. */
  THREAD_LOCAL,
  /** Opt-in: a direct buffer that is still referenced. */
  DIRECT_MEMORY,
  /** Opt-in: a path registered with {@link java.io.File#deleteOnExit()}, which is kept until the JVM ends. */
  DELETE_ON_EXIT,
  /** Opt-in: a system property, default locale or zone, uncaught-exception handler, standard stream or JUL handler that changed. */
  JVM_STATE;

  /**
   * Says whether this kind is looked for only on request.
   *
   * @return true for {@link #THREAD_LOCAL}, {@link #DIRECT_MEMORY}, {@link #DELETE_ON_EXIT} and {@link #JVM_STATE}
   */
  public boolean isOptIn() {
    return switch (this) {
      case THREAD_LOCAL, DIRECT_MEMORY, DELETE_ON_EXIT, JVM_STATE -> true;
      default -> false;
    };
  }

  /**
   * Returns the kind as it stands in a report.
   *
   * @return the constant's words in capitals, for example {@code SCHEDULED EXECUTOR}
   */
  public String label() {
    return name().replace('_', ' ').toUpperCase(Locale.ROOT);
  }
}
