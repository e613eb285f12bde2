package io.leaksafe.benchmarks;

import io.leaksafe.handle.Tracking;
import io.leaksafe.health.HealthMonitor;
import java.lang.management.ManagementFactory;
import java.time.Duration;
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
 * Takes a sample of a tree with 10,000 live handles, reads the latest one, and does what is written by hand.
 *
 * <pre>{@code
 * java -jar benchmarks/jmh/target/benchmarks.jar HealthSample -prof gc
 * }</pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 3,
    jvmArgsAppend = {"-Xms1g", "-Xmx1g", "-XX:+AlwaysPreTouch"})
public class HealthSample {

  private Live live;
  private HealthMonitor monitor;

  @Setup
  public void open() {
    live = new Live(Tracking.SIMPLE);
    monitor = HealthMonitor.builder(live.root, "health")
        .sampleEvery(Duration.ofHours(1))
        .start();
  }

  @TearDown
  public void close() {
    live.root.close();
  }

  @Benchmark
  public Object check() {
    return monitor.check();
  }

  @Benchmark
  public Object current() {
    return monitor.current();
  }

  /** The heap alone, by the platform's bean. */
  @Benchmark
  public Object memoryBean() {
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
  }
}
