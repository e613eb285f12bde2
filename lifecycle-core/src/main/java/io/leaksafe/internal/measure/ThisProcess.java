package io.leaksafe.internal.measure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Counts what the process of this JVM has of its platform. */
public final class ThisProcess {

  /** What is returned where the platform does not tell. */
  public static final long UNKNOWN = -1;

  private static final Path OPEN_FILES = Path.of("/proc/self/fd");

  private ThisProcess() {}

  /** Open file descriptors. */
  public static long openFiles() {
    if (!Files.isDirectory(OPEN_FILES)) {
      return UNKNOWN;
    }
    try (Stream<Path> files = Files.list(OPEN_FILES)) {
      return files.count() - 1; // the listing itself has one open
    } catch (IOException | UncheckedIOException unlike) {
      return UNKNOWN; // another platform's /proc
    }
  }

  /** Live platform threads. */
  public static long threads() {
    ThreadGroup all = allThreads();
    return all == null ? UNKNOWN : all.activeCount();
  }

  /** Calls for each live platform thread. */
  public static void eachThread(Consumer<Thread> call) {
    ThreadGroup all = allThreads();
    if (all == null) {
      return;
    }
    Thread[] threads = new Thread[all.activeCount() + 1];
    int count = all.enumerate(threads);
    while (count == threads.length) { // more came meanwhile
      threads = new Thread[threads.length * 2];
      count = all.enumerate(threads);
    }
    for (int i = 0; i < count; i++) {
      call.accept(threads[i]);
    }
  }

  private static @Nullable ThreadGroup allThreads() {
    ThreadGroup group = Thread.currentThread().getThreadGroup();
    while (group != null && group.getParent() != null) {
      group = group.getParent();
    }
    return group;
  }
}
