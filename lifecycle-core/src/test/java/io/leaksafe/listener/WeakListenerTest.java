package io.leaksafe.listener;

import static org.assertj.core.api.Assertions.assertThat;

import io.leaksafe.handle.Handle;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** Listeners that go with an object, and listeners that are gone: who keeps whom. */
@Isolated("it waits for the garbage collector")
class WeakListenerTest extends ListenerTestCase {

  /** An object that nobody closes. */
  private final class View {
    private final String name;

    View(String name) {
      this.name = name;
    }

    Heard listener() {
      return event -> heard.add(name + " " + event);
    }
  }

  private static void assertCollected(WeakReference<?> weak) {
    for (int i = 0; i < 200 && weak.get() != null; i++) {
      System.gc();
      byte[][] some = new byte[64][];
      for (int j = 0; j < some.length; j++) {
        some[j] = new byte[1 << 14];
      }
    }
    assertThat(weak.get()).isNull();
  }

  @Test
  void addWeak_whileTheObjectLives_isCalled() {
    View view = new View("view");
    Handle<Reference<View>> handle = events.addWeak(view, View::listener);
    for (int i = 0; i < 5; i++) {
      System.gc();
    }
    fire("1");
    assertThat(heard).containsExactly("view 1");
    assertThat(handle.get().get()).isSameAs(view);
    Reference.reachabilityFence(view);
  }

  @Test
  void addWeak_theObjectIsGarbage_leavesNothing() {
    View[] view = {new View("view")};
    WeakReference<View> weak = new WeakReference<>(view[0]);
    events.addWeak(view[0], View::listener);
    view[0] = null;
    assertCollected(weak);
    fire("1");
    assertThat(heard).isEmpty();
    for (int i = 0; i < 200 && events.size() > 0; i++) {
      System.gc(); // the reference is enqueued a moment after it was cleared
    }
    assertThat(events.size()).isZero();
    assertThat(app.handles()).hasSize(1);
  }

  @Test
  void addWeak_closedEarly_isNotCalled() {
    View view = new View("view");
    events.addWeak(view, View::listener).close();
    fire("1");
    assertThat(heard).isEmpty();
    Reference.reachabilityFence(view);
  }

  @Test
  void close_aHandle_keepsNeitherListenerNorWhatItRefersTo() {
    List<WeakReference<Heard>> weak = new ArrayList<>();
    Handle<Heard> handle = addHeld(weak);
    events.add(hears("stays"));
    handle.close();
    assertCollected(weak.get(0));
    Reference.reachabilityFence(handle);
  }

  private Handle<Heard> addHeld(List<WeakReference<Heard>> weak) {
    Heard listener = hears("held");
    weak.add(new WeakReference<>(listener));
    return events.add(listener);
  }

  @Test
  void aMillionListeners_addedAndClosed_leaveTheArrayAsItWas() {
    events.add(hears("stays"));
    for (int i = 0; i < 1_000_000; i++) {
      events.add(event -> {}).close();
    }
    ListenerCheck.verify(events);
    fire("1");
    assertThat(heard).containsExactly("stays 1");
  }
}
