package io.leaksafe.benchmarks;

import io.leaksafe.cleanup.CloseReport;
import io.leaksafe.handle.Tracking;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Closes a manager with 200,000 handles, once per sample. The goal is 0.3 s.
 *
 * <pre>{@code
 * java -jar benchmarks/jmh/target/benchmarks.jar CloseAll -prof gc
 * }</pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 10)
@Measurement(iterations = 10)
@Fork(
    value = 3,
    jvmArgsAppend = {"-Xms1g", "-Xmx1g", "-XX:+AlwaysPreTouch"})
public class CloseAll {

  @Param("200000")
  int handles;

  private Live live;

  @Setup(Level.Invocation)
  public void open() {
    live = new Live(Tracking.SIMPLE, handles);
  }

  /** As try-with-resources does. */
  @Benchmark
  public Object close() {
    live.root.close();
    return live;
  }

  /** The same, with the report, which has an entry for each. */
  @Benchmark
  public CloseReport shutdown() {
    return live.root.shutdown();
  }
}
