package io.leaksafe.map;

import io.leaksafe.cleanup.CleanupException;
import io.leaksafe.handle.ClosedScopeException;
import io.leaksafe.handle.Closer;
import io.leaksafe.handle.Handle;
import io.leaksafe.handle.Kind;
import io.leaksafe.handle.Priority;
import io.leaksafe.internal.check.Check;
import io.leaksafe.internal.tree.Decorator;
import io.leaksafe.internal.tree.HandleNode;
import io.leaksafe.internal.tree.OwnerNode;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** Leases over a map of resources. */
final class LeasingMap<K, V> implements LeasedMap<K, V> {
  /*
   * The map is an owner of its own in the tree. Each value is a handle there, LATE, and each lease one, NORMAL: so the tree's
   * own close ends the leases first and then closes the values, each with its share of the time. The entries themselves are
   * one more handle, FIRST, which empties the map, so that nothing comes in meanwhile.
   *
   * An early close of a value goes through its handle, too: so it happens once, and is reported if it fails.
   */
  private final OwnerNode node;
  private final OwnedMap<K, Resource<V>> map;
  private final Closer<? super V> closer;

  private LeasingMap(OwnerNode node, OwnedMap<K, Resource<V>> map, Closer<? super V> closer) {
    this.node = node;
    this.map = map;
    this.closer = closer;
  }

  static <K, V> LeasingMap<K, V> open(MapBuilder<K, V> settings, Closer<? super V> closer) {
    OwnerNode node = settings.owner().branch(settings.name(), Kind.MAP, Priority.NORMAL);
    node.recordFirstOrigins();
    Store store = settings.store(
        node,
        node::path,
        retiring(settings.listener()),
        settings.isPinned() ? value -> ((Resource<?>) value).letGo() : null);
    node.describeBy(store::details);
    node.attach("entries", Kind.ACTION, Priority.FIRST, store, Store::close);
    return new LeasingMap<>(node, new OwnedMap<>(store, weighing(settings.weigher())), closer);
  }

  /** Tells the user's listener, and then lets go of the value. */
  private static RemovalListener<Object, Object> retiring(
      @Nullable RemovalListener<Object, Object> told) {
    return (key, value, cause) -> {
      Resource<?> resource = (Resource<?>) value;
      try {
        if (told != null) {
          told.onRemoval(key, Check.notNull(resource.value, "value"), cause);
        }
      } finally {
        if (cause == RemovalCause.CLOSED) {
          resource.retireOnly(); // the tree closes it, after the leases
        } else {
          resource.retire();
        }
      }
    };
  }

  private static <K, V> @Nullable Weigher<K, Resource<V>> weighing(
      @Nullable Weigher<? super K, ? super V> weigher) {
    return weigher == null ? null : (key, resource) -> weigher.weigh(key, resource.value);
  }

  // ---- leasing

  @Override
  public Optional<Handle<V>> lease(K key) {
    for (; ; ) {
      Resource<V> resource = map.get(key);
      if (resource == null) {
        return Optional.empty();
      }
      if (resource.tryLease()) {
        return Optional.of(leased(resource));
      }
      Thread.onSpinWait(); // it is about to leave
    }
  }

  /** The handle of a lease that has been counted. */
  private Handle<V> leased(Resource<V> resource) {
    HandleNode<V> lease =
        node.attach(resource.name, Kind.LEASE, Priority.NORMAL, resource.value, resource);
    return node.root().lostWatch().lease(lease, node);
  }

  private static String name(Object key) {
    String name = String.valueOf(key);
    return name.isBlank() ? "\"" + name + "\"" : name;
  }

  @Override
  public Handle<V> leaseOrLoad(K key, Callable<? extends V> opener) throws Exception {
    Check.notNull(opener, "opener");
    for (; ; ) {
      Loading<K, V> loading = new Loading<>(this, opener);
      Resource<V> resource = loading.load(key);
      if (resource == loading.opened || resource.tryLease()) {
        return leased(resource);
      }
    }
  }

  /** One call that may open a value: what it opens has a lease from the start. */
  private static final class Loading<K, V> {
    private final LeasingMap<K, V> to;
    private final Callable<? extends V> opener;

    @Nullable
    Resource<V> opened;

    private @Nullable Exception failure;

    Loading(LeasingMap<K, V> to, Callable<? extends V> opener) {
      this.to = to;
      this.opener = opener;
    }

    @SuppressWarnings("NullAway") // a function of computeIfAbsent may return null
    Resource<V> load(K key) throws Exception {
      Resource<V> resource = null;
      try {
        resource = to.map.computeIfAbsent(key, this::open);
      } finally {
        Resource<V> mine = opened;
        if (mine != null && resource != mine) {
          if (resource == null) {
            mine.retire(); // it was refused
          }
          mine.release();
        }
      }
      if (failure != null) {
        throw failure;
      }
      return Check.notNull(resource, "what was put");
    }

    private @Nullable Resource<V> open(K key) {
      try {
        Resource<V> mine = to.owned(
            key, Check.notNull(opener.call(), "what the opener of '" + key + "' returned"));
        mine.tryLease();
        opened = mine;
        return mine;
      } catch (RuntimeException | Error unchecked) {
        throw unchecked;
      } catch (Exception checked) {
        failure = checked;
        return null;
      }
    }
  }

  /** A value that is the map's to close from now on. */
  private Resource<V> owned(K key, V value) {
    String name = name(key);
    HandleNode<V> handle = node.attach(
        name, Kind.RESOURCE, Priority.LATE, value, Decorator.closer(node, name, closer));
    return new Resource<>(name, value, () -> end(handle));
  }

  private static void end(HandleNode<?> handle) {
    try {
      handle.closeUnlessClosing();
    } catch (CleanupException reported) {
      // The tree has reported and logged it, and whoever ended a lease has nothing to do with it.
    }
  }

  // ---- the rest

  @Override
  public void put(K key, V value) {
    Check.notNull(key, "key");
    Check.notNull(value, "value");
    Resource<V> present = map.store().isClosed() ? null : map.look(key);
    if (present != null && present.value == value) {
      return;
    }
    Resource<V> mine = owned(key, value);
    boolean put = false;
    try {
      map.put(key, mine);
      put = true;
    } catch (ClosedScopeException late) {
      throw node.isLive() ? late : map.store().closedException();
    } finally {
      if (!put) {
        mine.retire();
      }
    }
  }

  @Override
  public boolean invalidate(K key) {
    return map.remove(key) != null;
  }

  @Override
  public void invalidateAll() {
    map.clear();
  }

  @Override
  public boolean contains(K key) {
    return map.containsKey(key);
  }

  @Override
  public Set<K> keys() {
    return Set.copyOf(map.keySet());
  }

  @Override
  public int size() {
    return map.size();
  }

  @Override
  public MapStats stats() {
    return map.stats();
  }

  @Override
  public String toString() {
    return "LeasedMap '" + node.path() + "', " + map.store().details();
  }
}
