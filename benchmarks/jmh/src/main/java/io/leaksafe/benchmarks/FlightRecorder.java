package io.leaksafe.benchmarks;

import io.leaksafe.handle.Handle;
import io.leaksafe.handle.Tracking;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Opens a handle and closes it again: in a JVM that has no flight recorder, so that the compiler leaves its events out; in one
 * that has it and does not record; in one that records what it records by default; and in one that also records handles.
 *
 * <pre>{@code
 * java -jar benchmarks/jmh/target/benchmarks.jar FlightRecorder -prof gc
 * }</pre>
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Benchmark)
public class FlightRecorder {

  private static final String HEAP = "-Xmx1g";

  /** All of the JDK that JMH may need, but for the recorder. */
  private static final String WITHOUT = "--limit-modules=java.se,jdk.management,jdk.unsupported";

  private static final Object RESOURCE = new Object();

  private Live live;

  @Setup
  public void open() {
    live = new Live(Tracking.SIMPLE);
  }

  @TearDown
  public void close() {
    live.root.close();
  }

  private void openAndClose() {
    Handle<Object> handle = live.scope.register("opened", RESOURCE, resource -> {});
    handle.close();
  }

  @Benchmark
  @Fork(
      value = 3,
      jvmArgsAppend = {HEAP, WITHOUT})
  public void absent() {
    openAndClose();
  }

  @Benchmark
  @Fork(value = 3, jvmArgsAppend = HEAP)
  public void notRecording() {
    openAndClose();
  }

  @Benchmark
  @Fork(
      value = 3,
      jvmArgsAppend = {HEAP, "-XX:StartFlightRecording:maxsize=100m"})
  public void recordingWithoutHandles() {
    openAndClose();
  }

  @Benchmark
  @Fork(
      value = 3,
      jvmArgsAppend = {
        HEAP,
        "-XX:StartFlightRecording:maxsize=100m,+io.leaksafe.HandleOpened#enabled=true,"
            + "+io.leaksafe.HandleClosed#enabled=true"
      })
  public void recordingHandles() {
    openAndClose();
  }
}
