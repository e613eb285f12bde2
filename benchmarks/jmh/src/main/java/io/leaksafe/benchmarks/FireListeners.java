package io.leaksafe.benchmarks;

import com.google.common.eventbus.EventBus;
import com.google.common.eventbus.Subscribe;
import io.leaksafe.cleanup.CleanupManager;
import io.leaksafe.listener.ListenerRegistry;
import java.util.concurrent.CopyOnWriteArrayList;
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
import reactor.core.publisher.Sinks;

/**
 * Calls some listeners with one event. Each counts it in a field of its own, and is of the same class or one of
 * three; only in the first case can a call be inlined into the loop of whoever calls.
 *
 * <pre>{@code
 * java -jar benchmarks/jmh/target/benchmarks.jar FireListeners -prof gc
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
public class FireListeners {

  /** Told a price. */
  interface PriceListener {
    void changed(Long price);
  }

  private static class Sum implements PriceListener {
    long sum;

    @Override
    public void changed(Long price) {
      sum += price;
    }

    /** As Guava and Reactor want it. */
    @Subscribe
    public void on(Long price) {
      changed(price);
    }
  }

  private static final class Last extends Sum {
    @Override
    public void changed(Long price) {
      sum = price;
    }
  }

  private static final class Parity extends Sum {
    @Override
    public void changed(Long price) {
      sum ^= price;
    }
  }

  private static final Long PRICE = 1_080L;

  @Param({"1", "10", "100"})
  int listeners;

  /** Of how many classes they are. */
  @Param({"1", "3"})
  int classes;

  private CleanupManager root;
  private ListenerRegistry<PriceListener> registry;
  private PriceListener[] array;
  private CopyOnWriteArrayList<PriceListener> copied;
  private EventBus bus;
  private Sinks.Many<Long> sink;

  @Setup
  public void open() {
    root = CleanupManager.create("root");
    registry = ListenerRegistry.<PriceListener>in(root, "prices").warnAbove(Integer.MAX_VALUE);
    array = new PriceListener[listeners];
    copied = new CopyOnWriteArrayList<>();
    bus = new EventBus();
    sink = Sinks.many().multicast().directBestEffort();
    for (int i = 0; i < listeners; i++) {
      Sum listener = listener(i % classes);
      array[i] = listener;
      registry.add(listener);
      copied.add(listener);
      bus.register(listener);
      sink.asFlux().subscribe(listener::on);
    }
  }

  private static Sum listener(int kind) {
    return kind == 0 ? new Sum() : kind == 1 ? new Last() : new Parity();
  }

  @TearDown
  public void close() {
    root.close();
  }

  @Benchmark
  public void plainArray() {
    for (PriceListener each : array) {
      each.changed(PRICE);
    }
  }

  @Benchmark
  public void registry() {
    registry.fire(PriceListener::changed, PRICE);
  }

  @Benchmark
  public void copyOnWriteList() {
    for (PriceListener each : copied) {
      each.changed(PRICE);
    }
  }

  @Benchmark
  public void guavaEventBus() {
    bus.post(PRICE);
  }

  @Benchmark
  public Object reactorMulticast() {
    return sink.tryEmitNext(PRICE);
  }
}
