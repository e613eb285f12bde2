package io.leaksafe.benchmarks;

import io.leaksafe.handle.Handle;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Several threads open and close things in one scope at the same time, beside several threads at one concurrent set. Times
 * are per operation of one thread: what does not scale shows as more than with one thread.
 *
 * <pre>{@code
 * java -jar benchmarks/jmh/target/benchmarks.jar Contention -prof gc
 * }</pre>
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 3,
    jvmArgsAppend = {"-Xms1g", "-Xmx1g", "-XX:+AlwaysPreTouch"})
public class Contention {

  private static final Object RESOURCE = new Object();

  @Benchmark
  @Threads(1)
  public Object scope1(RegisterAndClose.OursSimple ours) {
    return openAndClose(ours);
  }

  @Benchmark
  @Threads(2)
  public Object scope2(RegisterAndClose.OursSimple ours) {
    return openAndClose(ours);
  }

  @Benchmark
  @Threads(4)
  public Object scope4(RegisterAndClose.OursSimple ours) {
    return openAndClose(ours);
  }

  private static Object openAndClose(RegisterAndClose.OursSimple ours) {
    Handle<Object> handle = ours.live.scope.register("resource", RESOURCE, Live.NOTHING);
    handle.close();
    return handle;
  }

  @Benchmark
  @Threads(1)
  public Object concurrentSet1(RegisterAndClose.ConcurrentSet set) {
    return addAndRemove(set);
  }

  @Benchmark
  @Threads(2)
  public Object concurrentSet2(RegisterAndClose.ConcurrentSet set) {
    return addAndRemove(set);
  }

  @Benchmark
  @Threads(4)
  public Object concurrentSet4(RegisterAndClose.ConcurrentSet set) {
    return addAndRemove(set);
  }

  private static Object addAndRemove(RegisterAndClose.ConcurrentSet set) {
    RegisterAndClose.Entry handle = new RegisterAndClose.Entry(RESOURCE);
    set.open.add(handle);
    set.open.remove(handle);
    return handle;
  }
}
