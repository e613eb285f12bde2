package io.leaksafe.listener;

import io.leaksafe.cleanup.Scope;
import io.leaksafe.handle.ClosedScopeException;
import io.leaksafe.handle.Handle;
import io.leaksafe.handle.Kind;
import io.leaksafe.handle.Priority;
import io.leaksafe.internal.check.Check;
import io.leaksafe.internal.check.Text;
import io.leaksafe.internal.tree.HandleNode;
import io.leaksafe.internal.tree.Node;
import io.leaksafe.internal.tree.OwnerNode;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The one implementation of a registry: an owner of listeners, and the array through which they are called. */
final class LiveListeners<L> implements ListenerRegistry<L> {
  /*
   * Idea. Listeners stand in an array in the order of adding. To add one is to fill the next slot; to remove one is to empty
   * the subscription that stands in the slot, which stays there until there are more of those than listeners, or no slot is
   * free: then an array without them takes its place. So both cost O(1) amortised, and a fire costs two loads more than to go
   * through an array. A fire that has begun goes on with the array it began with.
   *
   * Invariants, all true whenever the lock is free.
   *   I1  live is the number of subscriptions that are placed and not removed; all of them stand in the present slots.
   *   I2  removed of them stand in the present slots as well, and there are at most live + SLACK of those.
   *   I3  A subscription that is removed refers to no listener, wherever it still stands.
   *   I4  Once closed is set, nothing is placed any more.
   *
   * Who removes. A handle's closer removes its subscription, be it placed or not yet; who places it finds it removed then. A
   * listener whose handle stands in another scope is closed by the close of this registry as well: that first refuses (the node
   * is CLOSING) and then asks for those, under the lock. Whoever adds one first places it under the lock and then looks
   * whether this refuses. One of the two sees the other. Proof: jcstress AddAgainstRegistryClose, whose twin looks first.
   *
   * live is written by release stores, since a full barrier costs as much as taking the lock. The listener of a subscription that
   * is removed is not: whoever fires after the close of its handle returned must not see it.
   *
   * The lock is a CAS that spins, as in a Lane, and is held for some ten instructions but for the copying of the array.
   */
  private static final String NAME = "listener";
  private static final int SLACK = 8;
  private static final int SPINS = 64;
  private static final VarHandle LOCKED;
  private static final VarHandle LIVE;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      LOCKED = lookup.findVarHandle(LiveListeners.class, "locked", int.class);
      LIVE = lookup.findVarHandle(LiveListeners.class, "live", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final OwnerNode node;
  private final ReferenceQueue<Object> gone = new ReferenceQueue<>();
  private final Crowd crowd = new Crowd();

  @SuppressWarnings("unused") // through LOCKED
  private int locked;

  private volatile Slots<L> slots = new Slots<>(4);
  private volatile int live;
  private int removed;
  private boolean closed;

  private LiveListeners(OwnerNode node) {
    this.node = node;
    node.describeBy(() -> Map.of("listeners", Text.count(live)));
    node.closesAlso(this::elsewhere);
    node.whenClosed(this::closed);
  }

  static <L> LiveListeners<L> open(Scope owner, String name) {
    OwnerNode scope = OwnerNode.of(owner);
    return new LiveListeners<>(
        scope.branch(Check.name(name, "name"), Kind.LISTENER, Priority.EARLY));
  }

  // ---- adding

  @Override
  public Handle<L> add(L listener) {
    Check.notNull(listener, "listener");
    return add(node, listener, new Subscription<>(this, listener));
  }

  @Override
  public Handle<L> add(Scope scope, L listener) {
    OwnerNode owner = OwnerNode.of(Check.notNull(scope, "scope"));
    Check.notNull(listener, "listener");
    if (owner.root() != node.root()) {
      throw new IllegalArgumentException(
          "'" + owner.path() + "' belongs to another root than listeners '" + node.path()
              + "'. Add the listener without it, and close the handle there.");
    }
    return add(owner, listener, new Subscription<>(this, listener));
  }

  @Override
  public <O> Handle<Reference<O>> addWeak(O owner, Function<? super O, ? extends L> listenerOf) {
    Check.notNull(owner, "owner");
    Check.notNull(listenerOf, "listenerOf");
    WeakSubscription<L, O> weak = new WeakSubscription<>(this, owner, gone, listenerOf);
    return add(node, weak.owner, weak);
  }

  private <T> Handle<T> add(OwnerNode owner, T resource, Subscription<L> subscription) {
    removeGone();
    HandleNode<T> handle =
        owner.attach(NAME, Kind.LISTENER, Priority.EARLY, resource, subscription);
    subscription.node(handle);
    int count;
    Subscription<L> twin;
    lock();
    try {
      twin = subscription.listener == null ? null : near(subscription.listener);
      count = place(subscription);
    } finally {
      unlock();
    }
    if (!node.isLive() && handle.endedByItself()) {
      remove(subscription);
      throw new ClosedScopeException("Listeners '" + node.path()
          + "' are closed or closing; '" + NAME
          + "' was not added. Add it before close(), or to listeners that live longer.");
    }
    crowd.added(this, subscription, count, twin);
    return handle;
  }

  /** Under the lock: fills a slot, unless it is to be removed already; returns how many there are. */
  private int place(Subscription<L> subscription) {
    if (closed || subscription.isRemoved()) {
      return live;
    }
    if (slots.isFull()) {
      compact();
    }
    slots.add(subscription);
    subscription.placed = true;
    int count = live + 1;
    LIVE.setRelease(this, count);
    return count;
  }

  /** Under the lock: whether one of the latest listeners is the given one. */
  private @Nullable Subscription<L> near(L listener) {
    Slots<L> present = slots;
    int size = present.size();
    for (int i = size - 1; i >= Math.max(0, size - SLACK); i--) {
      if (present.entries[i].listener == listener) {
        return present.entries[i];
      }
    }
    return null;
  }

  /** Those that stand in a slot now. */
  List<Subscription<L>> present() {
    List<Subscription<L>> found = new ArrayList<>(live);
    lock();
    try {
      Slots<L> present = slots;
      for (int i = 0; i < present.size(); i++) {
        if (!present.entries[i].isRemoved()) {
          found.add(present.entries[i]);
        }
      }
    } finally {
      unlock();
    }
    return found;
  }

  // ---- removing

  /** Has a listener called no more. */
  void remove(Subscription<?> subscription) {
    lock();
    try {
      if (subscription.isRemoved()) {
        return;
      }
      subscription.remove();
      if (subscription.placed) {
        int left = live - 1;
        LIVE.setRelease(this, left);
        if (++removed > left + SLACK) {
          compact();
        }
      }
    } finally {
      unlock();
    }
  }

  private void compact() {
    slots = slots.compacted(live);
    removed = 0;
  }

  /** Removes those whose owner is garbage. */
  private void removeGone() {
    for (Reference<?> each = gone.poll(); each != null; each = gone.poll()) {
      Subscription<?> weak = ((WeakSubscription.Owner<?>) each).subscription;
      remove(weak);
      weak.node().endedByItself();
    }
  }

  /** The handles of listeners that stand in other scopes. */
  private List<Node> elsewhere() {
    List<Node> found = new ArrayList<>();
    for (Subscription<L> each : present()) {
      if (each.node().owner() != node) {
        found.add(each.node());
      }
    }
    return found;
  }

  /** The close of the registry has ended; what is still there has been released from its scope. */
  private void closed() {
    lock();
    try {
      closed = true;
      Slots<L> present = slots;
      for (int i = 0; i < present.size(); i++) {
        present.entries[i].remove();
      }
      slots = new Slots<>(0);
      live = 0;
      removed = 0;
    } finally {
      unlock();
    }
  }

  // ---- calling

  @Override
  public void fire(Call<? super L> call) {
    Check.notNull(call, "call");
    Slots<L> present = slots;
    Subscription<L>[] entries = present.entries;
    int size = present.size();
    Failed failed = null;
    for (int i = 0; i < size; i++) {
      Subscription<L> each = entries[i];
      try {
        L listener = each.listener;
        if (listener == null) {
          listener = each.other();
        }
        if (listener != null) {
          call.on(listener);
        }
      } catch (Throwable failure) { // thrown at the end, once all have been called
        failed = Failed.add(failed, each, node.path(), failure);
      }
    }
    if (failed != null) {
      throw failed.exception(node.path(), live);
    }
  }

  @Override
  public <A> void fire(CallWith<? super L, ? super A> call, A argument) {
    Check.notNull(call, "call");
    fire(listener -> call.on(listener, argument));
  }

  @Override
  public <A, B> void fire(CallWithTwo<? super L, ? super A, ? super B> call, A first, B second) {
    Check.notNull(call, "call");
    fire(listener -> call.on(listener, first, second));
  }

  // ---- looking

  @Override
  public ListenerRegistry<L> warnAbove(int listeners) {
    crowd.warnAbove(Check.positive(listeners, "warnAbove"));
    return this;
  }

  @Override
  public int size() {
    removeGone();
    return live;
  }

  OwnerNode node() {
    return node;
  }

  @Override
  public String toString() {
    return "Listeners '" + node.path() + "', " + live + " live";
  }

  @SuppressWarnings("ThreadPriorityCheck") // it yields to whoever holds the lock, which is soon
  private void lock() {
    for (int spins = 0; !LOCKED.compareAndSet(this, 0, 1); spins++) {
      if (spins < SPINS) {
        Thread.onSpinWait();
      } else {
        Thread.yield();
      }
    }
  }

  private void unlock() {
    LOCKED.setRelease(this, 0);
  }
}
