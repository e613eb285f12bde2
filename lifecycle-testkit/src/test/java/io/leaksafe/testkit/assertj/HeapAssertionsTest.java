package io.leaksafe.testkit.assertj;

import static io.leaksafe.testkit.assertj.LifecycleAssertions.assertThat;
import static io.leaksafe.testkit.assertj.LifecycleAssertions.assertThatCycle;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leaksafe.testkit.Collectable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;

/** The assertions that look into the heap: they pass, and fail with exactly this message. */
@Isolated
@Timeout(300) // a collection takes long on a busy machine
class HeapAssertionsTest {

  static final List<Object> HELD = new ArrayList<>();

  static final class Session {
    final long number = HELD.size();
  }

  @AfterEach
  void forget() {
    HELD.clear();
  }

  private static Collectable session(boolean held) {
    Session session = new Session();
    if (held) {
      HELD.add(session);
    }
    return Collectable.of(session);
  }

  @Test
  void isCollected_nothingHoldsIt_passes() {
    assertThat(session(false)).isCollected();
  }

  @Test
  void isCollected_somethingHoldsIt_showsWhat() {
    Collectable held = session(true);
    assertThatThrownBy(() -> assertThat(held).isCollected())
        .isInstanceOf(AssertionError.class)
        .hasMessage("""
            Expected %s to be collected, but this holds it:
              static io.leaksafe.testkit.assertj.HeapAssertionsTest.HELD
              java.util.ArrayList.elementData
              java.lang.Object[0]
              io.leaksafe.testkit.assertj.HeapAssertionsTest$Session
            Remove it there when its life ends, or let it be owned by a scope that closes.""", held);
  }

  @Test
  void isCollected_localVariableHoldsIt_saysWhatToDo() {
    Session session = new Session();
    assertThatThrownBy(() -> assertThat(Collectable.of(session)).isCollected())
        .hasMessageContaining(
            "local variable of thread '" + Thread.currentThread().getName()
                + "' in lambda$isCollected_localVariableHoldsIt_saysWhatToDo$")
        .hasMessageEndingWith(
            "\nSet that variable to null, or open the object in a method of its own.");
    assertThat(Collectable.of(session)).isHeld();
    org.assertj.core.api.Assertions.assertThat(session.number).isZero();
  }

  @Test
  void isHeld_collected_fails() {
    Collectable gone = session(false);
    assertThatThrownBy(() -> assertThat(gone).isHeld())
        .hasMessage("Expected %s to be held, but it was collected.", gone);
    assertThatThrownBy(() -> assertThat((Collectable) null).isHeld())
        .hasMessageContaining("Expecting actual not to be null");
  }

  @Test
  void doesNotGrowTheHeap_nothingIsLeft_passes() {
    assertThatCycle(Session::new).warmup(10).windows(2, 5).doesNotGrowTheHeap();
  }

  @Test
  void doesNotGrowTheHeap_eachCycleLeavesOne_namesClassBytesAndContainer() {
    assertThatThrownBy(() -> assertThatCycle(() -> HELD.add(new Session()))
            .warmup(50)
            .windows(3, 20)
            .doesNotGrowTheHeap())
        .isInstanceOf(AssertionError.class)
        .hasMessage("""
            Expected a cycle that does not grow the heap, but the heap grows by 24 B a cycle, in each of 3 windows of 20 cycles and 3 of 40:
              io.leaksafe.testkit.assertj.HeapAssertionsTest$Session: 24 B a cycle, 1 object
            held by static io.leaksafe.testkit.assertj.HeapAssertionsTest.HELD, a java.util.ArrayList -> ArrayList.elementData -> Object[], 40 more HeapAssertionsTest$Session after 40 cycles
            Remove what a cycle adds, or bound it. What is only not full yet needs a longer warmup(..).""");
  }

  @Test
  void doesNotGrowTheHeap_cycleThrows_failsWithThat() {
    assertThatThrownBy(() -> assertThatCycle(() -> {
              throw new IOException("away");
            })
            .doesNotGrowTheHeap())
        .isInstanceOf(AssertionError.class)
        .hasMessage(
            "Expected a cycle that does not grow the heap, but it threw java.io.IOException: away.")
        .hasCause(new IOException("away"));
    assertThatThrownBy(() -> assertThatCycle(null).doesNotGrowTheHeap())
        .hasMessageContaining("Expecting actual not to be null");
  }
}
