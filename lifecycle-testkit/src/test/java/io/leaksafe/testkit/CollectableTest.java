package io.leaksafe.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.lang.ref.SoftReference;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An object is collected, or what holds it is named. */
@Timeout(300) // a collection takes long on a busy machine
class CollectableTest {

  static final class Session {
    final String name = "session-7";
  }

  static final List<Object> HELD = new ArrayList<>();
  static final Map<Object, String> WEAKLY = new WeakHashMap<>();
  static final ThreadLocal<Object> LOCAL = new ThreadLocal<>();
  static Object reference = "";

  private static final String HERE = CollectableTest.class.getName();
  private static final String SESSION = HERE + "$Session";

  @AfterEach
  void forget() {
    HELD.clear();
    LOCAL.remove();
    reference = "";
  }

  /** In a method of its own, so that no local variable of a test refers to it. */
  private static Collectable held(java.util.function.Consumer<Session> holder) {
    Session session = new Session();
    holder.accept(session);
    return Collectable.of(session);
  }

  @Test
  void isCollected_nothingHoldsIt_isTrue() {
    Collectable gone = held(session -> {});
    assertThat(gone.isCollected()).isTrue();
    assertThat(gone.retainedBy()).isEmpty();
  }

  @Test
  void isCollected_localVariableSetToNull_isTrue() {
    var session = new Session();
    Collectable gone = Collectable.of(session);
    session = null;
    assertThat(gone.isCollected()).isTrue();
    assertThat(session).isNull();
  }

  @Test
  void isCollected_onlyWeaklyHeld_isTrue() {
    Collectable gone = held(session -> {
      WEAKLY.put(session, "x");
      reference = new WeakReference<>(session);
    });
    assertThat(gone.isCollected()).isTrue();
  }

  @Test
  void retainedBy_staticList_namesFieldAndIndex() {
    HELD.add("another");
    Collectable gone = held(HELD::add);
    assertThat(gone.isCollected()).isFalse();
    assertThat(gone.retainedBy())
        .containsExactly(
            "static " + HERE + ".HELD",
            "java.util.ArrayList.elementData",
            "java.lang.Object[1]",
            SESSION);
  }

  @Test
  void retainedBy_threadLocal_namesTheThread() {
    Collectable gone = held(LOCAL::set);
    assertThat(gone.isCollected()).isFalse();
    assertThat(gone.retainedBy())
        .startsWith(
            "thread '" + Thread.currentThread().getName() + "'", "java.lang.Thread.threadLocals")
        .contains("java.lang.ThreadLocal$ThreadLocalMap$Entry.value")
        .endsWith(SESSION);
  }

  @Test
  void retainedBy_stackOfAnotherThread_namesThreadAndFrame() throws Exception {
    CountDownLatch runs = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    Collectable[] gone = new Collectable[1];
    Thread thread = new Thread(() -> keepOnTheStack(gone, runs, end), "reader-3");
    thread.start();
    runs.await();
    assertThat(gone[0].isCollected()).isFalse();
    assertThat(gone[0].retainedBy())
        .hasSize(2)
        .first()
        .asString()
        .startsWith("local variable of thread 'reader-3' in keepOnTheStack(CollectableTest.java:");
    end.countDown();
    thread.join();
    assertThat(gone[0].isCollected()).isTrue();
  }

  private static void keepOnTheStack(Collectable[] gone, CountDownLatch runs, CountDownLatch end) {
    Session session = new Session();
    gone[0] = Collectable.of(session);
    runs.countDown();
    try {
      end.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    assertThat(session.name).isEqualTo("session-7");
  }

  @Test
  void retainedBy_onlySoftlyHeld_showsTheSoftReference() {
    Collectable gone = held(session -> reference = new SoftReference<>(session));
    assertThat(gone.isCollected()).isFalse();
    assertThat(gone.retainedBy())
        .containsExactly(
            "static " + HERE + ".reference", "java.lang.ref.Reference.referent", SESSION);
  }

  @Test
  void of_object_isNamedByClassAndIdentity() {
    Object one = new Session();
    assertThat(Collectable.of(one))
        .hasToString(SESSION + "@" + Integer.toHexString(System.identityHashCode(one)));
    assertThatNullPointerException()
        .isThrownBy(() -> Collectable.of(null))
        .withMessage("object must not be null.");
  }
}
