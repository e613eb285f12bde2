package io.leaksafe.testkit.scenarios;

import static io.leaksafe.testkit.leak.LeakKind.DELETE_ON_EXIT;
import static io.leaksafe.testkit.leak.LeakKind.DIRECT_MEMORY;
import static io.leaksafe.testkit.leak.LeakKind.EXECUTOR;
import static io.leaksafe.testkit.leak.LeakKind.JVM_STATE;
import static io.leaksafe.testkit.leak.LeakKind.PROCESS;
import static io.leaksafe.testkit.leak.LeakKind.SHUTDOWN_HOOK;
import static io.leaksafe.testkit.leak.LeakKind.THREAD_LOCAL;

import io.leaksafe.testkit.junit.LeakCheck;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.TimeZone;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** Processes, hooks, class initialisers, and what belongs to the whole JVM, which is looked at on request alone. */
@Isolated
class JvmScenarios {

  private static final ThreadLocal<String> REQUEST = new ThreadLocal<>();
  private static final ThreadLocal<String> REMOVED = new ThreadLocal<>();
  private static final ThreadLocal<String> UNASKED = new ThreadLocal<>();

  @TempDir
  Path folder;

  @Test
  @Left(PROCESS)
  void process() throws IOException {
    Later.end(new ProcessBuilder("cat").start(), Process::destroyForcibly);
  }

  @Test
  @LeakCheck(graceMillis = 20_000) // ends by itself, on a busy machine not at once
  void processOver() throws Exception {
    new ProcessBuilder("true").start().waitFor();
  }

  @Test
  @LeakCheck(graceMillis = 20_000) // ends by itself, on a busy machine not at once
  void processDestroyed() throws Exception {
    Process process = new ProcessBuilder("cat").start();
    process.destroyForcibly().waitFor();
  }

  @Test
  @Left(SHUTDOWN_HOOK)
  void shutdownHook() {
    Thread hook =
        Later.end(new Thread(() -> {}, "flush-at-exit"), Runtime.getRuntime()::removeShutdownHook);
    Runtime.getRuntime().addShutdownHook(hook);
  }

  @Test
  void shutdownHookRemoved() {
    Thread hook = new Thread(() -> {}, "removed-hook");
    Runtime.getRuntime().addShutdownHook(hook);
    Runtime.getRuntime().removeShutdownHook(hook);
  }

  @Test
  @LeakCheck(graceMillis = 20_000) // ends by itself, on a busy machine not at once
  void flightRecording() throws Exception {
    Class<?> type = Class.forName("jdk.jfr.Recording");
    try (Closeable recording = (Closeable) type.getConstructor().newInstance()) {
      type.getMethod("start").invoke(recording);
    }
  }

  /** Made once for the JVM. */
  static final class Holder {
    static final ExecutorService POOL =
        Later.end(Executors.newFixedThreadPool(1), ExecutorService::shutdownNow);
    static final Thread THREAD = new Thread(Later::idle, "holder");

    static {
      THREAD.setDaemon(true);
      THREAD.start();
    }

    private Holder() {}
  }

  @Test
  @Unclear
  void madeByAClassInitialiser() throws Exception {
    Holder.POOL.submit(() -> {}).get();
  }

  @Test
  @Left(EXECUTOR)
  void madeByAConstructorUnderNoInitialiser() throws Exception {
    new Pooled().pool.submit(() -> {}).get();
  }

  private static final class Pooled {
    private final ExecutorService pool =
        Later.end(Executors.newFixedThreadPool(1), ExecutorService::shutdownNow);
  }

  // ---- on request

  @Test
  @LeakCheck(also = JVM_STATE)
  @Left(value = JVM_STATE, says = "scenario.property")
  void systemProperty() {
    Later.end("scenario.property", System::clearProperty);
    System.setProperty("scenario.property", "set");
  }

  @Test
  @LeakCheck(also = JVM_STATE)
  void systemPropertyRestored() {
    System.setProperty("scenario.restored", "set");
    System.clearProperty("scenario.restored");
  }

  @Test
  void systemPropertyUnasked() {
    Later.end("scenario.unasked", System::clearProperty);
    System.setProperty("scenario.unasked", "set");
  }

  @Test
  @LeakCheck(also = JVM_STATE)
  void localeRestored() {
    Locale before = Locale.getDefault();
    TimeZone zone = TimeZone.getDefault();
    Locale.setDefault(Locale.ITALY);
    TimeZone.setDefault(TimeZone.getTimeZone("Asia/Tokyo"));
    Locale.setDefault(before);
    TimeZone.setDefault(zone);
  }

  @Test
  @LeakCheck(also = JVM_STATE)
  @Left(value = JVM_STATE, says = "ime zone")
  void defaultZone() {
    TimeZone zone = TimeZone.getDefault();
    Later.end(zone, TimeZone::setDefault);
    TimeZone.setDefault(TimeZone.getTimeZone("Asia/Tokyo"));
  }

  @Test
  @LeakCheck(also = JVM_STATE)
  @Left(value = JVM_STATE, says = "is lambda in io.leaksafe.testkit.scenarios.JvmScenarios@")
  void uncaughtExceptionHandler() {
    Later.end(
        Thread.getDefaultUncaughtExceptionHandler(), Thread::setDefaultUncaughtExceptionHandler);
    Thread.setDefaultUncaughtExceptionHandler((thread, thrown) -> thrown.printStackTrace());
  }

  @Test
  @LeakCheck(also = THREAD_LOCAL)
  @Left(THREAD_LOCAL)
  void threadLocal() {
    REQUEST.set("request-7");
  }

  @Test
  @LeakCheck(also = THREAD_LOCAL)
  void threadLocalRemoved() {
    REMOVED.set("request-8");
    REMOVED.remove();
  }

  @Test
  @LeakCheck(also = DIRECT_MEMORY)
  @Left(DIRECT_MEMORY)
  void directMemory() {
    Later.end(ByteBuffer.allocateDirect(1 << 16), buffer -> {});
  }

  @Test
  @LeakCheck(also = DIRECT_MEMORY)
  void bufferThatTheJdkKeepsForAThread() throws IOException {
    Path file = Files.writeString(folder.resolve("large.bin"), "read through a buffer of its size");
    try (FileChannel channel = FileChannel.open(file)) {
      channel.read(ByteBuffer.allocate(3 << 17)); // of a size that no buffer has yet
    }
  }

  @Test
  @LeakCheck(also = DELETE_ON_EXIT)
  @Left(DELETE_ON_EXIT)
  void deleteOnExit() {
    folder.resolve("left").toFile().deleteOnExit();
  }

  @Test
  void unaskedKinds() {
    UNASKED.set("request-9");
    Later.end(ByteBuffer.allocateDirect(1 << 16), buffer -> {});
    folder.resolve("unasked").toFile().deleteOnExit();
  }
}
