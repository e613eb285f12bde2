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
   * What expires is told of by a worker. Whoever closes the map takes over from workers that have not begun: claim() decides.
   *
   * Invariants, under the lock of the stripe.
   *   I1  Of a key at most one note is linked by underWay; it is claimed, or will be by the thread or worker that has it.
   *   I2  Those that follow it are linked behind it in the order in which they were noted.
   *
   * Proof: jcstress RemovalClaim (told of once) and RemovalFollows (none is forgotten), whose twins look and act in two steps.
   */
  private static final Logger LOG = LoggerFactory.getLogger(Removals.class.getPackageName());
  private static final int STRIPES = 16;

  private final RemovalListener<Object, Object> listener;
  private final Supplier<String> path;
  private final Predicate<Runnable> workers;
  private final UnderWay[] stripes = new UnderWay[STRIPES];

  /** For a map of the given path; the workers say whether they take a task. */
  Removals(
      RemovalListener<Object, Object> listener,
      Supplier<String> path,
      Predicate<Runnable> workers) {
    this.listener = listener;
    this.workers = workers;
    this.path = path;
    for (int i = 0; i < STRIPES; i++) {
      stripes[i] = new UnderWay();
    }
  }

  private UnderWay stripe(int hash) {
    return stripes[hash >>> 20 & STRIPES - 1];
  }

  /** Notes what left; under the lock of its shard. Returns what the caller has to tell of once it has let go of that. */
  @Nullable
  Removal note(int hash, Object key, Object value, RemovalCause cause) {
    Removal removal = new Removal(this, hash, key, value, cause);
    UnderWay stripe = stripe(hash);
    stripe.lock();
    try {
      Removal first = findEqual(stripe, hash, key);
      if (first != null) {
        follow(first, removal);
        return null;
      }
      stripe.add(removal);
      return removal;
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
  }

  /** Tells of each of those that left in one step. */
  static void tellAll(@Nullable Removal gone) {
    for (Removal each = gone; each != null; each = each.next) {
      each.run();
    }
  }

  /** Has workers tell of each. */
  void handOver(@Nullable Removal gone) {
    for (Removal each = gone; each != null; each = each.next) {
      if (!workers.test(each)) {
        each.run();
      }
    }
  }

  /** Tells of one, and of those of the same key that follow meanwhile. */
  void tell(Removal first) {
    if (first.claim()) {
      for (Removal each = first; each != null; each = nextOf(first)) {
        call(each);
      }
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
      Removal next = first.following;
      if (next == null) {
        stripe.remove(first);
        return null;
      }
      first.following = next.following;
      if (first.following == null) {
        first.lastFollowing = null;
      }
      return next;
    } finally {
      stripe.unlock();
    }
  }

  /** Tells of all that a worker has been given and not begun with. */
  void takeOver() {
    List<Removal> waiting = new ArrayList<>();
    for (UnderWay stripe : stripes) {
      stripe.lock();
      stripe.addAllTo(waiting);
      stripe.unlock();
    }
    waiting.forEach(Removal::run);
  }
}
