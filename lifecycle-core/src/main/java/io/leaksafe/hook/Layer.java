package io.leaksafe.hook;

import io.leaksafe.hook.GlobalHook.Hook;
import io.leaksafe.internal.check.Check;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is known of one layer over a global slot: who is told, and how to take it away again. */
final class Layer<L> implements GlobalSlot.Told<L> {
  /*
   * Idea. The layer itself is what the slot's wrap made; it refers to the original and to this, and this to those who are told
   * and to the way back. Once nobody is told any more, this forgets both: whoever still holds the layer then holds the original
   * and an empty object.
   *
   * One lock for all slots guards the map, every list of hooks (which is replaced, not changed), and that a slot is read and
   * written in one step. So it is held while the slot's three methods run, which are foreign code: they are as short as the JDK's
   * own setters, and their contract says so. Nobody is told under it.
   *
   * Proof: jcstress InstallAgainstLastClose, whose twin reads and writes in two steps and leaves two layers, or none.
   */
  private static final Logger LOG = LoggerFactory.getLogger(Layer.class.getPackageName());
  private static final ReentrantLock LOCK = new ReentrantLock();
  private static final Map<Object, Layer<?>> LAYERS = new HashMap<>();

  private volatile List<Hook<L>> hooks = List.of();
  private final Set<Thread> telling = ConcurrentHashMap.newKeySet();
  private @Nullable Way<?> back;

  /** How to take a layer away: all that is forgotten then. */
  private static final class Way<T> {
    private final GlobalSlot<T, ?> slot;
    private final @Nullable T original;
    private final T layer;

    Way(GlobalSlot<T, ?> slot, @Nullable T original, T layer) {
      this.slot = slot;
      this.original = original;
      this.layer = layer;
    }

    /** Puts the original back if nobody has put anything over the layer; else returns what there is. */
    @Nullable
    Object take() {
      T present = slot.read();
      if (present != layer) {
        return present == null ? "nothing" : present;
      }
      slot.write(original);
      return null;
    }
  }

  private Layer() {}

  /** Adds a hook to the layer over a slot, which is made if there is none. */
  @SuppressWarnings("unchecked") // one key, one type of listener: as the contract has it
  static <L> Layer<L> join(GlobalSlot<?, L> slot, Hook<L> hook) {
    LOCK.lock();
    try {
      Layer<L> layer = (Layer<L>) LAYERS.get(slot.key());
      if (layer == null) {
        layer = new Layer<>();
        layer.install(slot);
        LAYERS.put(slot.key(), layer);
      }
      List<Hook<L>> more = new ArrayList<>(layer.hooks);
      more.add(hook);
      layer.hooks = List.copyOf(more);
      return layer;
    } finally {
      LOCK.unlock();
    }
  }

  private <T> void install(GlobalSlot<T, L> slot) {
    T original = slot.read();
    T made = Check.notNull(slot.wrap(original, this), "what wrap of '" + slot.key() + "' returned");
    slot.write(made);
    back = new Way<>(slot, original, made);
  }

  /** Takes a hook away, and with the last one the layer. */
  void leave(Hook<L> hook) {
    Object key;
    Object over;
    LOCK.lock();
    try {
      List<Hook<L>> fewer = new ArrayList<>(hooks);
      boolean there = fewer.remove(hook);
      hooks = List.copyOf(fewer);
      Way<?> way = back;
      if (!there || !fewer.isEmpty() || way == null) {
        return;
      }
      back = null;
      key = way.slot.key();
      LAYERS.remove(key, this);
      over = way.take();
    } finally {
      LOCK.unlock();
    }
    if (over != null) {
      LOG.warn(
          "'{}' is not ours to restore: {} was put there after our layer. That stays as a pass-through that tells nobody and "
              + "holds nothing but what was there before it. Close hooks in the reverse order of their opening.",
          key,
          over instanceof String ? over : "an instance of " + over.getClass().getName());
    }
  }

  int size() {
    return hooks.size();
  }

  @Override
  public void tell(Consumer<? super L> call) {
    List<Hook<L>> told = hooks;
    if (told.isEmpty() || !telling.add(Thread.currentThread())) {
      return;
    }
    try {
      for (Hook<L> each : told) {
        try {
          call.accept(each.listener);
        } catch (Throwable failure) { // what passes through must pass
          LOG.warn("A listener of a hook failed; the others are told.", failure);
        }
      }
    } finally {
      telling.remove(Thread.currentThread());
    }
  }
}
