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
 * A scope for one piece of work: opened, given three handles, closed. The goal is ten times a handle that is registered and
 * closed, which is measured beside it.
 *
 * <pre>{@code
 * java -jar benchmarks/jmh/target/benchmarks.jar ChildScope -prof gc
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
public class ChildScope {

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

  @Benchmark
  public Object threeHandles() {
    io.leaksafe.cleanup.Scope child = live.scope.child("work");
    child.register("first", RESOURCE, Live.NOTHING);
    child.register("second", RESOURCE, Live.NOTHING);
    child.register("third", RESOURCE, Live.NOTHING);
    child.close();
    return child;
  }

  @Benchmark
  public Object empty() {
    io.leaksafe.cleanup.Scope child = live.scope.child("work");
    child.close();
    return child;
  }

  @Benchmark
  public Object oneHandleForComparison() {
    Handle<Object> handle = live.scope.register("resource", RESOURCE, Live.NOTHING);
    handle.close();
    return handle;
  }
}
