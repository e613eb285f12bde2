package io.leaksafe.testkit.internal.ledger;

import io.leaksafe.cleanup.CleanupManager;
import io.leaksafe.testkit.leak.Leak;
import io.leaksafe.testkit.leak.LeakKind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the roots among what is live: an executor holds its threads and tasks, a timer its thread, an HTTP client all that the
 * JDK made for it. What is nobody's takes what it holds along.
 */
final class Grouping {
  private static final String HTTP = "jdk.internal.net.http.";

  private final List<Entry> live;

  /** Which entry a thread belongs to. */
  private final IdentityHashMap<Object, Entry> threadHolders = new IdentityHashMap<>();

  private final IdentityHashMap<Entry, Entry> holders = new IdentityHashMap<>();
  private final IdentityHashMap<Entry, List<Entry>> held = new IdentityHashMap<>();

  Grouping(List<Entry> all) {
    List<Entry> sorted = new ArrayList<>(all);
    sorted.sort(Comparator.comparingLong(entry -> entry.number));
    this.live = sorted.stream().filter(Liveness::isLive).toList();
    for (Entry entry : sorted) {
      for (Thread thread : Threads.of(entry)) {
        threadHolders.putIfAbsent(thread, entry);
      }
    }
    for (Entry entry : live) {
      Entry holder = holder(entry);
      if (holder != null && holder != entry && !isBelow(holder, entry)) {
        holders.put(entry, holder);
        held.computeIfAbsent(holder, key -> new ArrayList<>()).add(entry);
      }
    }
  }

  List<Leak> leaks() {
    List<Leak> leaks = new ArrayList<>();
    for (Entry entry : live) {
      if (!holders.containsKey(entry) && isRoot(entry)) {
        Entry known = knownMaker(entry);
        if (known != null) {
          Leak leak = new Description(entry, known, below(entry)).leak();
          if (Liveness.isLive(entry)) { // many take so long to describe that some end meanwhile
            leaks.add(leak);
          }
        }
      }
    }
    return leaks;
  }

  /** What the JDK made for an HTTP client ends with that. */
  private static boolean isRoot(Entry entry) {
    boolean ofClient = entry.birth().part().equals(HTTP) && entry.kind != LeakKind.HTTP_CLIENT;
    return !ofClient && entry.birth().ignored().isEmpty();
  }

  /** The nearest of an entry and the threads above it that has a line of the user's; null if it was the framework's. */
  private static @Nullable Entry knownMaker(Entry entry) {
    for (Entry each = entry; each != null; each = each.maker) {
      if (!each.birth().ignored().isEmpty()) {
        return null;
      }
      if (!each.birth().frames().isEmpty()) {
        return each;
      }
    }
    return null;
  }

  private List<Entry> below(Entry entry) {
    List<Entry> all = new ArrayList<>();
    for (Entry each : held.getOrDefault(entry, List.of())) {
      all.add(each);
      all.addAll(below(each));
    }
    return all;
  }

  /** Whether an entry is held by the other one, so that this must not be held by it. */
  private boolean isBelow(Entry entry, Entry above) {
    for (Entry each = entry; each != null; each = holders.get(each)) {
      if (each == above) {
        return true;
      }
    }
    return false;
  }

  private @Nullable Entry holder(Entry entry) {
    Entry ofThread = threadHolders.get(entry.get());
    if (ofThread != null) {
      return ofThread;
    }
    Birth birth = entry.birth();
    if (birth.part().equals(HTTP) && entry.kind != LeakKind.HTTP_CLIENT) {
      Entry client = clientOf(entry);
      return client == null ? entry.maker : client;
    }
    if (birth.part().isEmpty() && birth.library() && entry.kind != LeakKind.CLEANUP_MANAGER) {
      return managerOf(entry);
    }
    if (!birth.part().isEmpty() && entry.kind != LeakKind.HTTP_CLIENT) {
      return firstOfPart(entry);
    }
    if (birth.frames().isEmpty() && entry.maker != null && live.contains(entry.maker)) {
      return entry.maker;
    }
    return inPlace(entry);
  }

  /** A task in an executor that is judged with it. */
  private @Nullable Entry inPlace(Entry entry) {
    Object place = entry.place();
    if (place == null) {
      return null;
    }
    return live.stream()
        .filter(each -> each.refersTo(place) && each.birth().ignored().isEmpty())
        .findFirst()
        .orElse(null);
  }

  /** The client in whose constructor it was made, which is complete only later; else the last one before. */
  private @Nullable Entry clientOf(Entry entry) {
    boolean inConstructor = entry.birth().isUnder(HTTP + "HttpClientImpl.<init>");
    Entry found = null;
    for (Entry each : live) {
      if (each.kind == LeakKind.HTTP_CLIENT) {
        if (each.number < entry.number) {
          found = each;
        } else if (inConstructor) {
          return each;
        }
      }
    }
    return found;
  }

  private @Nullable Entry managerOf(Entry entry) {
    String name = entry.get() instanceof Thread thread ? thread.getName() : "";
    Entry only = null;
    for (Entry each : live) {
      if (each.kind == LeakKind.CLEANUP_MANAGER) {
        if (each.get() instanceof CleanupManager manager && name.startsWith(manager.name() + "-")) {
          return each;
        }
        only = each;
      }
    }
    return entry.kind == LeakKind.THREAD && !name.isEmpty() ? null : only;
  }

  /** The first thing of the same part of the JDK, by the same owner. */
  private @Nullable Entry firstOfPart(Entry entry) {
    String part = entry.birth().part();
    return live.stream()
        .filter(each -> each.owner == entry.owner && each.birth().part().equals(part))
        .findFirst()
        .filter(each -> each != entry)
        .orElse(null);
  }
}
