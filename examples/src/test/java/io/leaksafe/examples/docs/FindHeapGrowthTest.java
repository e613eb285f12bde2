package io.leaksafe.examples.docs;

import static io.leaksafe.examples.docs.Docs.assertShown;
import static io.leaksafe.testkit.assertj.LifecycleAssertions.assertThat;
import static io.leaksafe.testkit.assertj.LifecycleAssertions.assertThatCycle;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.leaksafe.cleanup.CleanupManager;
import io.leaksafe.cleanup.Scope;
import io.leaksafe.handle.Kind;
import io.leaksafe.map.BoundedMap;
import io.leaksafe.testkit.Collectable;
import io.leaksafe.testkit.HeapCycle;
import io.leaksafe.testkit.HeapGrowth;
import io.leaksafe.testkit.Soak;
import io.leaksafe.testkit.SoakReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;

/** How to find what grows, what holds an object, and what many cycles leave. */
@Isolated
@Timeout(300) // a collection takes long on a busy machine
class FindHeapGrowthTest {

  /** An order. */
  record Order(int number) {}

  /** A service that forgets to forget. */
  static final class Orders {
    static final Map<Integer, Order> OPEN = new ConcurrentHashMap<>();
    static final List<Object> LISTENERS = new ArrayList<>();
    private int number;

    void handle() {
      Order order = new Order(1_000 + number++);
      OPEN.put(order.number(), order);
    }
  }

  /** What should be gone after its close. */
  static final class Session {
    Session() {
      Orders.LISTENERS.add(this);
    }

    void close() {
      // forgets to remove itself
    }
  }

  @Test
  void doesNotGrowTheHeap_aMapWithoutABound_isNamed() {
    Orders orders = new Orders();
    Throwable failure = catchThrowable(() -> {
      // region cycle
      assertThatCycle(() -> orders.handle()).warmup(50).windows(3, 20).doesNotGrowTheHeap();
      // endregion
    });
    assertShown("FindHeapGrowthTest", "growth", failure.getMessage());
    Orders.OPEN.clear();
  }

  @Test
  void doesNotGrowTheHeap_aMapWithABound_passes() {
    try (CleanupManager app = CleanupManager.create("orders")) {
      // region bounded
      Map<Integer, Order> open =
          BoundedMap.<Integer, Order>in(app, "open").maximumSize(30).build();
      int[] number = {0};

      assertThatCycle(() -> open.put(number[0]++, new Order(number[0]))).doesNotGrowTheHeap();
      // endregion
    }
  }

  @Test
  void measure_withoutAssertJ_tellsTheSame() throws Exception {
    Orders orders = new Orders();
    // region measure
    HeapGrowth growth = HeapCycle.of(orders::handle).warmup(50).windows(3, 20).measure();
    growth.growing().forEach(one -> report(one.className(), one.bytesPerCycle(), one.container()));
    // endregion
    assertThat(growth.grows()).isTrue();
    Orders.OPEN.clear();
  }

  private static void report(String className, double bytes, String container) {
    assertThat(className).isNotEmpty();
    assertThat(bytes).isPositive();
    assertThat(container).as(className).contains("Orders.OPEN");
  }

  @Test
  void isCollected_aSessionThatIsStillListed_isNamedWithThePathToIt() {
    Throwable failure = catchThrowable(() -> {
      // region collectable
      Session session = new Session();
      Collectable gone = Collectable.of(session);
      session.close();
      session = null; // a local variable would keep it alive
      assertThat(gone).isCollected();
      // endregion
    });
    assertShown(
        "FindHeapGrowthTest", "retention", failure.getMessage().replaceAll("@[0-9a-f]+", "@5e1f"));
    Orders.LISTENERS.clear();
  }

  @Test
  void soak_sessionsThatClose_leaveNothing() throws Exception {
    CleanupManager app = CleanupManager.create("orders");
    app.register("pool", "pool", pool -> {});
    // region soak
    SoakReport report = Soak.in(app).cycles(10_000, () -> {
      Scope session = app.child("session");
      session.register("socket", "socket", socket -> {});
      session.close();
    });
    assertThat(report).hasNoMoreLiveHandles().hasNoMoreOpenFiles().heapGrowsAtMost(1);
    // endregion
    assertThat(report.after()).containsOnly(Map.entry(Kind.RESOURCE, 1));
    app.close();
  }

  @Test
  void soak_sessionsThatStay_areCounted() throws Exception {
    CleanupManager app = CleanupManager.create("orders");
    SoakReport report = Soak.in(app).warmup(200).cycles(500, () -> app.child("session"));
    Throwable failure = catchThrowable(() -> {
      // region stay
      assertThat(report).hasNoMoreLiveHandles();
      // endregion
    });
    // What differs from machine to machine is shown as it was on one.
    String shown = failure
        .getMessage()
        .replaceAll("threads .*", "threads    14 -> 14")
        .replaceAll("open files .*", "open files 90 -> 90")
        .replaceAll("heap .*", "heap       +144 B a cycle (+144 B to +144 B, 10 samples)");
    assertShown("FindHeapGrowthTest", "soak", shown);
    assertThat(report.heap().grows()).isTrue();
    app.close();
  }
}
