package io.leaksafe.listener;

import io.leaksafe.internal.check.Check;
import io.leaksafe.internal.tree.EndsFirst;
import io.leaksafe.internal.tree.HandleNode;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/** One listener in a registry, and the closer that removes it. */
class Subscription<L> extends EndsFirst<Object> {

  private static final VarHandle LISTENER;

  static {
    try {
      LISTENER = MethodHandles.lookup().findVarHandle(Subscription.class, "listener", Object.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /**
   * Whom to call; null once it has been removed, and in a weak one. Written under the registry's lock, and read without it right
   * before each call, so that no call starts once the write is done. Proof: jcstress FireAgainstRemove, whose twin reads it when
   * the fire begins.
   */
  volatile @Nullable L listener;

  private final LiveListeners<L> registry;
  private @Nullable HandleNode<?> node;

  /** Whether it stands in a slot, and whether it has been removed, be it before it came to stand there. Under the lock. */
  boolean placed;

  private boolean removed;

  Subscription(LiveListeners<L> registry, @Nullable L listener) {
    this.registry = registry;
    LISTENER.set(this, listener); // plain: it is placed by a release store
  }

  /** Whom to call where {@link #listener} is null; nobody, if that is null as well. */
  @Nullable
  L other() {
    return null;
  }

  /** Before it is placed: what is known of its opening. */
  final void node(HandleNode<?> its) {
    node = its;
  }

  final HandleNode<?> node() {
    return Check.notNull(node, "node");
  }

  /** Under the registry's lock. */
  final boolean isRemoved() {
    return removed;
  }

  /** Under the registry's lock: has it called no more, and refer to nobody. */
  void remove() {
    removed = true;
    listener = null;
  }

  /** Before its handle is over: once a scope has closed, no listener that was added with it is called. */
  @Override
  protected final void ending() {
    registry.remove(this);
  }
}
