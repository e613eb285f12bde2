package io.leaksafe.benchmarks;

import io.leaksafe.cleanup.CleanupManager;
import io.leaksafe.hook.GlobalHook;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Prints a line to {@code System.err}, which goes nowhere, with and without hooks that look at it.
 *
 * <pre>{@code
 * java -jar benchmarks/jmh/target/benchmarks.jar PrintThroughHook -prof gc
 * }</pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 3,
    jvmArgsAppend = {"-Xms1g", "-Xmx1g", "-XX:+AlwaysPreTouch"})
public class PrintThroughHook {

  private static final String LINE = "2026-01-01 12:00:00 WARN  orders: the store is away";

  @Param({"0", "1", "3"})
  int hooks;

  private final PrintStream before = System.err;
  private CleanupManager root;
  private int length;

  @Setup
  public void install() {
    root = CleanupManager.create("root");
    System.setErr(new PrintStream(OutputStream.nullOutputStream(), true));
    for (int i = 0; i < hooks; i++) {
      GlobalHook.systemErr(root, line -> length += line.length());
    }
  }

  @TearDown
  public void close() {
    root.close();
    System.setErr(before);
  }

  @Benchmark
  public int println() {
    System.err.println(LINE);
    return length;
  }
}
