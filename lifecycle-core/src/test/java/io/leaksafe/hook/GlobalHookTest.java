package io.leaksafe.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leaksafe.cleanup.CleanupManager;
import io.leaksafe.cleanup.Scope;
import io.leaksafe.handle.ClosedScopeException;
import io.leaksafe.handle.Handle;
import io.leaksafe.handle.HandleInfo;
import io.leaksafe.handle.Kind;
import io.leaksafe.handle.Priority;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One layer per place, and exactly what was there before once the last hook is closed. */
class GlobalHookTest {

  /** A place that only this test has. */
  private final class Place implements GlobalSlot<Consumer<String>, Consumer<String>> {
    @Override
    public Object key() {
      return key;
    }

    @Override
    public @Nullable Consumer<String> read() {
      return present;
    }

    @Override
    public void write(@Nullable Consumer<String> value) {
      writes++;
      present = value;
    }

    @Override
    public Consumer<String> wrap(@Nullable Consumer<String> original, Told<Consumer<String>> told) {
      layers++;
      return text -> {
        told.tell(listener -> listener.accept(text));
        if (original != null) {
          original.accept(text);
        }
      };
    }
  }

  private final String key = "place of " + this;
  private final CleanupManager app = CleanupManager.create("hooks");
  private final List<String> heard = new ArrayList<>();
  private final Consumer<String> original = text -> heard.add("original " + text);
  private @Nullable Consumer<String> present = original;
  private int layers;
  private int writes;

  @AfterEach
  void close() {
    app.close();
  }

  private void pass(String text) {
    heard.clear();
    if (present != null) {
      present.accept(text);
    }
  }

  private Handle<Consumer<String>> hook(Scope owner, String name) {
    return GlobalHook.install(owner, new Place(), text -> heard.add(name + " " + text));
  }

  @Test
  void install_byThree_putsOneLayerThere() {
    List<Handle<Consumer<String>>> hooks = new ArrayList<>();
    for (String name : List.of("a", "b", "c")) {
      hooks.add(hook(app, name));
    }
    assertThat(layers).isEqualTo(1);
    pass("1");
    assertThat(heard).containsExactly("a 1", "b 1", "c 1", "original 1");
    hooks.get(0).close();
    hooks.get(1).close();
    pass("2");
    assertThat(heard).containsExactly("c 2", "original 2");
    hooks.get(2).close();
    assertThat(present).isSameAs(original);
    assertThat(writes).isEqualTo(2);
  }

  @Test
  void install_aHook_standsInItsOwner() {
    hook(app, "a");
    HandleInfo info = app.handles().get(0);
    assertThat(info.kind()).isEqualTo(Kind.HOOK);
    assertThat(info.priority()).isEqualTo(Priority.LAST);
    assertThat(info.name()).isEqualTo(key);
    assertThat(info.details()).containsEntry("hooks", "1");
  }

  @Test
  void close_theOwner_restores() {
    Scope scope = app.child("scope");
    hook(scope, "a");
    hook(scope, "b");
    scope.close();
    assertThat(present).isSameAs(original);
  }

  @Test
  void close_whereNothingWas_restoresNothing() {
    present = null;
    Handle<Consumer<String>> hook = hook(app, "a");
    pass("1");
    assertThat(heard).containsExactly("a 1");
    hook.close();
    assertThat(present).isNull();
  }

  @Test
  void install_again_putsANewLayerThere() {
    for (int i = 0; i < 10; i++) {
      hook(app, "a").close();
    }
    assertThat(layers).isEqualTo(10);
    assertThat(present).isSameAs(original);
  }

  @Test
  void install_forAClosedOwner_installsNothing() {
    Scope scope = app.child("scope");
    scope.close();
    assertThatThrownBy(() -> hook(scope, "a")).isInstanceOf(ClosedScopeException.class);
    assertThat(present).isSameAs(original);
  }

  @Test
  void tell_aListenerThrows_tellsTheOthersAndPasses() {
    Handle<Consumer<String>> bad = GlobalHook.install(app, new Place(), text -> {
      throw new IllegalStateException("bad");
    });
    hook(app, "b");
    pass("1");
    assertThat(heard).containsExactly("b 1", "original 1");
    bad.close();
  }

  @Test
  void tell_aListenerCausesMore_passesThatUntold() {
    GlobalHook.install(app, new Place(), text -> {
      heard.add("a " + text);
      if (present != null) {
        present.accept("more");
      }
    });
    pass("1");
    assertThat(heard).containsExactly("a 1", "original more", "original 1");
  }

  // ---- a stranger on top

  @Test
  void close_underAStranger_leavesAPassThrough() {
    Handle<Consumer<String>> hook = hook(app, "a");
    Consumer<String> ours = present;
    Consumer<String> stranger = text -> {
      heard.add("stranger " + text);
      ours.accept(text);
    };
    present = stranger;
    pass("1");
    assertThat(heard).containsExactly("stranger 1", "a 1", "original 1");
    hook.close();
    assertThat(present).isSameAs(stranger);
    pass("2");
    assertThat(heard).containsExactly("stranger 2", "original 2");
  }

  @Test
  void close_underAStranger_holdsNothingOfOurs() {
    List<WeakReference<?>> weak = new ArrayList<>();
    Handle<Consumer<String>> hook = hookHeld(weak);
    Consumer<String> ours = present;
    present = text -> ours.accept(text);
    hook.close();
    for (int i = 0; i < 100 && weak.stream().anyMatch(each -> each.get() != null); i++) {
      System.gc();
    }
    assertThat(weak).extracting(WeakReference::get).containsOnlyNulls();
    pass("2");
    assertThat(heard).containsExactly("original 2");
  }

  private Handle<Consumer<String>> hookHeld(List<WeakReference<?>> weak) {
    Place place = new Place();
    byte[] held = new byte[1_000];
    Consumer<String> listener = text -> heard.add(text + held.length);
    weak.add(new WeakReference<>(place));
    weak.add(new WeakReference<>(listener));
    weak.add(new WeakReference<>(held));
    return GlobalHook.install(app, place, listener);
  }

  @Test
  void install_overAStranger_restoresTheStranger() {
    Handle<Consumer<String>> first = hook(app, "a");
    Consumer<String> ours = present;
    Consumer<String> stranger = text -> ours.accept(text);
    present = stranger;
    first.close();
    Handle<Consumer<String>> second = hook(app, "b");
    pass("1");
    assertThat(heard).containsExactly("b 1", "original 1");
    second.close();
    assertThat(present).isSameAs(stranger);
  }

  // ---- threads

  @Test
  void threads_thatInstallAndClose_leaveTheOriginal() throws Exception {
    AtomicReference<Throwable> failure = new AtomicReference<>();
    CountDownLatch ready = new CountDownLatch(2);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      Thread thread = new Thread(() -> {
        try {
          ready.countDown();
          ready.await();
          for (int j = 0; j < 5_000; j++) {
            GlobalHook.install(app, new Place(), text -> {}).close();
          }
        } catch (Throwable thrown) {
          failure.compareAndSet(null, thrown);
        }
      });
      thread.start();
      threads.add(thread);
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(failure.get()).isNull();
    assertThat(present).isSameAs(original);
    assertThat(app.handles()).isEmpty();
  }

  @Test
  void install_wrongArguments_areRefused() {
    assertThatThrownBy(() -> GlobalHook.install(app, (GlobalSlot<Object, Object>) null, "listener"))
        .hasMessage("slot must not be null.");
    assertThatThrownBy(() -> GlobalHook.install(app, new Place(), null))
        .hasMessage("listener must not be null.");
    assertThatThrownBy(() -> GlobalHook.install(null, new Place(), text -> {}))
        .hasMessage("owner must not be null.");
    assertThat(present).isSameAs(original);
  }
}
