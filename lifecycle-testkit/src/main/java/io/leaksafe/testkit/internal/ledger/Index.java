package io.leaksafe.testkit.internal.ledger;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/** The entries by the identity of their things. What the garbage collector took is taken out at the next addition. */
final class Index {
  private final ConcurrentMap<Object, Entry> entries = new ConcurrentHashMap<>();
  final ReferenceQueue<Object> collected = new ReferenceQueue<>();

  @Nullable
  Entry find(@Nullable Object thing) {
    return thing == null ? null : entries.get(new Entry.Key(thing));
  }

  /** Adds it, unless the thing is known: constructors call each other, so most are announced more than once. */
  void add(Entry entry) {
    expunge();
    if (entries.putIfAbsent(entry, entry) == null) {
      entry.owner.add(entry);
    }
  }

  void remove(Entry entry) {
    entries.remove(entry);
  }

  /** Forgets what was collected, unless that is the leak: then only its owner keeps it. */
  private void expunge() {
    for (Reference<?> gone = collected.poll(); gone != null; gone = collected.poll()) {
      Entry entry = (Entry) gone;
      remove(entry);
      if (!Liveness.isLostWhenCollected(entry.kind)) {
        entry.owner.remove(entry);
      }
    }
  }

  int size() {
    expunge();
    return entries.size();
  }
}
