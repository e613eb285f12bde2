package io.leaksafe.listener;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A listener that is made from an object for each call, as long as there is that object. */
final class WeakSubscription<L, O> extends Subscription<L> {

  /** Leads from the garbage collector's queue back to what is to be removed. */
  static final class Owner<O> extends WeakReference<O> {
    final Subscription<?> subscription;

    Owner(O owner, ReferenceQueue<? super O> gone, Subscription<?> subscription) {
      super(owner, gone);
      this.subscription = subscription;
    }
  }

  final Owner<O> owner;
  private volatile @Nullable Function<? super O, ? extends L> listenerOf;

  WeakSubscription(
      LiveListeners<L> registry,
      O owner,
      ReferenceQueue<Object> gone,
      Function<? super O, ? extends L> listenerOf) {
    super(registry, null);
    this.owner = new Owner<>(owner, gone, this);
    this.listenerOf = listenerOf;
  }

  @Override
  @Nullable
  L other() {
    O present = owner.get();
    Function<? super O, ? extends L> make = listenerOf;
    return present == null || make == null ? null : make.apply(present);
  }

  @Override
  void remove() {
    super.remove();
    listenerOf = null;
  }
}
