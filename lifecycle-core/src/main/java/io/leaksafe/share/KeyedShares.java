package io.leaksafe.share;

import io.leaksafe.cleanup.Scope;
import io.leaksafe.handle.Closer;
import io.leaksafe.handle.Handle;
import io.leaksafe.handle.Kind;
import io.leaksafe.handle.Priority;
import io.leaksafe.internal.check.Check;
import io.leaksafe.internal.check.Text;
import io.leaksafe.internal.tree.OwnerNode;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** The one implementation: a share for each key in use, which leaves the map when it is idle and over, for good. */
final class KeyedShares<K, T> implements SharedByKey<K, T> {

  private final OwnerNode node;
  private final Opener<? super K, ? extends T> opener;
  private final Closer<? super T> closer;
  private final ConcurrentMap<K, Share<T>> shares = new ConcurrentHashMap<>();
  private volatile long lingerNanos;

  private KeyedShares(
      OwnerNode node, Opener<? super K, ? extends T> opener, Closer<? super T> closer) {
    this.node = node;
    this.opener = opener;
    this.closer = closer;
    node.describeBy(() -> Map.of("keys", Text.count(shares.size())));
  }

  static <K, T> KeyedShares<K, T> open(
      Scope owner, String name, Opener<? super K, ? extends T> opener, Closer<? super T> closer) {
    OwnerNode scope = OwnerNode.of(owner);
    Check.name(name, "name");
    Check.notNull(opener, "opener");
    Check.notNull(closer, "closer");
    return new KeyedShares<>(scope.branch(name, Kind.RESOURCE, Priority.NORMAL), opener, closer);
  }

  @Override
  public Handle<T> acquire(K key, Scope holder) throws Exception {
    Check.notNull(key, "key");
    OwnerNode scope = OwnerNode.of(Check.notNull(holder, "holder"));
    for (; ; ) {
      Share<T> share = shares.get(key);
      if (share == null) {
        share = enter(key);
      }
      Handle<T> lease = share.tryAcquire(scope);
      if (lease != null) {
        return lease;
      }
      shares.remove(key, share); // it is over; who ended it is about to do the same
    }
  }

  private Share<T> enter(K key) {
    String name = String.valueOf(key);
    Holder<K, T> fresh = new Holder<>(this, key, name.isBlank() ? "key" : name);
    Share<T> present = shares.putIfAbsent(key, fresh.share);
    if (present != null) {
      return present;
    }
    try {
      fresh.share.enter();
    } catch (Throwable closed) { // what was attached too late refuses, so nothing can be open in it
      shares.remove(key, fresh.share);
      throw closed;
    }
    return fresh.share;
  }

  /** A share and the key under which it stands. */
  private static final class Holder<K, T> {
    private final Share<T> share;

    Holder(KeyedShares<K, T> all, K key, String name) {
      this.share = new Share<>(
          all.node,
          name,
          () -> all.opener.open(key),
          all.closer,
          all.lingerNanos,
          () -> all.remove(key, this));
    }
  }

  private void remove(K key, Holder<K, T> holder) {
    shares.remove(key, holder.share);
  }

  @Override
  public SharedByKey<K, T> linger(Duration time) {
    lingerNanos = Check.notNegativeNanos(time, "linger");
    return this;
  }

  @Override
  public int size() {
    return shares.size();
  }

  @Override
  public String toString() {
    return "Shared '" + node.path() + "' by key, " + Text.count(size(), "key");
  }
}
