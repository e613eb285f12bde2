package io.leaksafe.benchmarks;

import com.google.common.eventbus.EventBus;
import com.google.common.eventbus.Subscribe;
import io.leaksafe.cleanup.CleanupManager;
import io.leaksafe.handle.Handle;
import io.leaksafe.listener.ListenerRegistry;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
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
import reactor.core.Disposable;
import reactor.core.Disposables;

/**
 * Adds a listener and removes it again, beside others that stay: as a session does that comes and goes. The others were added
 * before, so in a list that is searched the one to be removed stands last.
 *
 * <pre>{@code
 * java -jar benchmarks/jmh/target/benchmarks.jar AddListener -prof gc
 * }</pre>
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 3,
    jvmArgsAppend = {"-Xms1g", "-Xmx1g", "-XX:+AlwaysPreTouch"})
public class AddListener {

  /** As Guava wants it. */
  private static final class Listener implements Consumer<Object> {
    Object last = this;

    @Override
    @Subscribe
    public void accept(Object event) {
      last = event;
    }
  }

  @Param({"0", "32", "128", "1000"})
  int others;

  private CleanupManager root;
  private ListenerRegistry<Consumer<Object>> registry;
  private CopyOnWriteArrayList<Consumer<Object>> copied;
  private EventBus bus;
  private Disposable.Composite composite;

  @Setup
  public void open() {
    root = CleanupManager.create("root");
    registry = ListenerRegistry.<Consumer<Object>>in(root, "events").warnAbove(Integer.MAX_VALUE);
    copied = new CopyOnWriteArrayList<>();
    bus = new EventBus();
    composite = Disposables.composite();
    for (int i = 0; i < others; i++) {
      Listener listener = new Listener();
      registry.add(listener);
      copied.add(listener);
      bus.register(listener);
      composite.add(() -> listener.accept(listener));
    }
  }

  @TearDown
  public void close() {
    root.close();
  }

  @Benchmark
  public Object registry() {
    Handle<Consumer<Object>> handle = registry.add(new Listener());
    handle.close();
    return handle;
  }

  @Benchmark
  public Object copyOnWriteList() {
    Consumer<Object> listener = new Listener();
    copied.add(listener);
    copied.remove(listener);
    return listener;
  }

  @Benchmark
  public Object guavaEventBus() {
    Listener listener = new Listener();
    bus.register(listener);
    bus.unregister(listener);
    return listener;
  }

  /** Only the list of what is to be ended; it calls nobody. */
  @Benchmark
  public Object reactorComposite() {
    Listener listener = new Listener();
    Disposable handle = () -> listener.accept(listener);
    composite.add(handle);
    composite.remove(handle);
    return handle;
  }
}
