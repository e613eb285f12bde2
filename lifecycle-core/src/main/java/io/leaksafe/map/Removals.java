package io.leaksafe.map;

import io.leaksafe.internal.event.Flight;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells a listener of what left a map: once for each entry, in order for each key, and under no lock. */
final class Removals {
  /*
   * Idea. What leaves is noted under the lock of its shard, so in the order in which the entries of a key leave. The first
   * note of a key is the removing thread's to tell of, once it has let go of the lock; it stays noted as under way until then.
   * A further one of that key meanwhile is linked behind it, and told of by the same thread next. So nobody waits for a call
   * of another key, nor for one of the same key; and a listener that removes what it is called for is not called within
   * itself.
   *
   * Were the others faster than the listener, that thread would never return. So after IN_A_ROW of them it makes the next one
   * the first of its key and hands it to a worker, which goes on in the same way.
   *
   * What expires is told of by a worker. Whoever closes the map takes over from workers that have not begun: claim() decides.
   * He first says that the map is closing, and then looks at each stripe under its lock, as does who hands on: one of them sees
   * the other, so that nothing is left to a worker that may never come.
   *
   * Since nobody waits, nothing bounds what a listener leaves behind that hangs, or is slower than all others. It is counted, and
   * warned of (Backlog).
   *
   * Invariants, under the lock of the stripe.
   *   I1  Of a key at most one note is linked by underWay; it is claimed, or will be by the thread or worker that has it.
   *   I2  Those that follow it are linked behind it in the order in which they were noted.
   *   I3  untold is the number of those that are linked in either way.
   *
   * Proof: jcstress RemovalClaim (told of once), RemovalFollows (none is forgotten) and RemovalHandedOn (nor when the map closes),
   * whose twins look and act in two steps.
   */
  private static final Logger LOG = LoggerFactory.getLogger(Removals.class.getPackageName());
  private static final int STRIPES = 16;

  /** How many of a key that others have removed a thread tells of before it hands on the rest. */
  static final int IN_A_ROW = 64;

  private final RemovalListener<Object, Object> listener;
  private final Supplier<String> path;
  private final Predicate<Runnable> workers;
  private final UnderWay[] stripes = new UnderWay[STRIPES];
  private final Backlog backlog;
  private volatile boolean closing;

  /** For a map of the given path and maximum; the workers say whether they take a task. */
  Removals(
      RemovalListener<Object, Object> listener,
      Supplier<String> path,
      Predicate<Runnable> workers,
      long maximum) {
    this.listener = listener;
    this.workers = workers;
    this.path = path;
    for (int i = 0; i < STRIPES; i++) {
      stripes[i] = new UnderWay();
    }
    this.backlog = new Backlog(this, path, maximum);
  }

  private UnderWay stripe(int hash) {
    return stripes[hash >>> 20 & STRIPES - 1];
  }

  /** Notes what left; under the lock of its shard. Returns what the caller has to run once it has let go of that. */
  @Nullable
  Removal note(int hash, Object key, Object value, RemovalCause cause) {
    Removal removal = new Removal(this, hash, key, value, cause);
    UnderWay stripe = stripe(hash);
    stripe.lock();
    try {
      Removal first = findEqual(stripe, hash, key);
      if (first == null) {
        stripe.add(removal);
      } else {
        follow(first, removal);
      }
      stripe.untold++;
      return first == null ? removal : backlog.follows(first);
    } finally {
      stripe.unlock();
    }
  }

  /** The note of an equal key. One whose {@code equals} throws is equal to none: it is told of all the same, if not in order. */
  private static @Nullable Removal findEqual(UnderWay stripe, int hash, Object key) {
    try {
      return stripe.find(hash, key);
    } catch (RuntimeException broken) {
      return null;
    }
  }

  private static void follow(Removal first, Removal removal) {
    Removal last = first.lastFollowing;
    if (last == null) {
      first.following = removal;
    } else {
      last.following = removal;
    }
    first.lastFollowing = removal;
    first.followers++;
  }

  /** Tells of each of those that left in one step. */
  static void tellAll(@Nullable Removal gone) {
    for (Removal each = gone; each != null; each = each.next) {
      each.run();
    }
  }

  /** Has workers tell of each; they may all hang, of which a warning must not wait for one. */
  void handOver(@Nullable Removal gone) {
    for (Removal each = gone; each != null; each = each.next) {
      if (each instanceof Backlog.Warning || !workers.test(each)) {
        each.run();
      }
    }
    if (gone != null) {
      backlog.look();
    }
  }

  /** Tells of one, and of those of the same key that follow meanwhile. */
  void tell(Removal removal) {
    Removal first = removal;
    while (first != null && first.claim()) {
      call(first);
      first = tellFollowing(first);
    }
  }

  /** Tells of those that follow; returns the one with which to go on as with the first, if there are many and no worker. */
  private @Nullable Removal tellFollowing(Removal first) {
    for (int i = 0; i < IN_A_ROW; i++) {
      Removal next = nextOf(first);
      if (next == null) {
        return null;
      }
      call(next);
    }
    Removal heir = succeed(first);
    return heir == null || closing || !workers.test(heir) ? heir : null;
  }

  /** Makes the next one of the same key the first, which nobody has claimed; null if there is none. */
  private @Nullable Removal succeed(Removal first) {
    UnderWay stripe = stripe(first.hash);
    stripe.lock();
    try {
      Removal heir = first.following;
      stripe.remove(first);
      stripe.untold--;
      if (heir != null) {
        heir.lastFollowing = heir.following == null ? null : first.lastFollowing;
        heir.followers = first.followers - 1;
        stripe.add(heir);
      }
      return heir;
    } finally {
      stripe.unlock();
    }
  }

  private void call(Removal removal) {
    try {
      listener.onRemoval(removal.key, removal.value, removal.cause);
    } catch (Throwable failure) { // the user's; it stops nothing of ours
      if (failure instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      Flight.listenerFailed(path.get(), failure);
      LOG.warn(
          "The removal listener of map '{}' failed for key '{}', {}; the others are told all the same.",
          path.get(),
          removal.key,
          removal.cause,
          failure);
    }
  }

  /** Takes the next one of the same key; if there is none, this key is no longer under way. */
  private @Nullable Removal nextOf(Removal first) {
    UnderWay stripe = stripe(first.hash);
    stripe.lock();
    try {
      stripe.untold--;
      Removal next = first.following;
      if (next == null) {
        stripe.remove(first);
        return null;
      }
      first.followers--;
      first.following = next.following;
      if (first.following == null) {
        first.lastFollowing = null;
      }
      return next;
    } finally {
      stripe.unlock();
    }
  }

  /** Tells of all that a worker has been given and not begun with; from now on nothing is handed on to one. */
  void takeOver() {
    closing = true;
    firsts().forEach(Removal::run);
  }

  /** The first ones of all keys of which somebody is to be told. */
  List<Removal> firsts() {
    List<Removal> firsts = new ArrayList<>();
    for (UnderWay stripe : stripes) {
      stripe.lock();
      stripe.addAllTo(firsts);
      stripe.unlock();
    }
    return firsts;
  }

  /** How many have left of which the listener has not been told to the end. */
  int untold() {
    int untold = 0;
    for (UnderWay stripe : stripes) {
      stripe.lock();
      untold += stripe.untold;
      stripe.unlock();
    }
    return untold;
  }
}
