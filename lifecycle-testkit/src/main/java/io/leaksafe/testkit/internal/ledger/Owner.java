package io.leaksafe.testkit.internal.ledger;

import io.leaksafe.internal.check.Check;
import io.leaksafe.testkit.leak.Leak;
import io.leaksafe.testkit.leak.LeakKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** One execution of a test, a class or a session: owns what is made on its behalf. */
public final class Owner {

  private static final long FIRST_PAUSE = 1_000_000;
  private static final long LONGEST_PAUSE = 64_000_000;

  /** How often what moves on while it is looked at is followed: it may run every few milliseconds, always anew. */
  private static final int MOST_CHASES = 50;

  private static final long CHASE_PAUSE = 50_000;

  /** Those that have not been forgotten. */
  private static final Set<Owner> ALL = ConcurrentHashMap.newKeySet();

  private final Ledger ledger;
  private final String name;
  private final @Nullable Owner parent;
  private final Set<LeakKind> optIns;
  private final Set<Entry> entries = ConcurrentHashMap.newKeySet();
  private final Set<Owner> children = ConcurrentHashMap.newKeySet();
  private final Before before;
  private volatile boolean forgotten;

  /** Whether another one, neither above nor below, was at work at the same time. */
  private volatile boolean overlapped;

  Owner(Ledger ledger, String name, @Nullable Owner parent, Set<LeakKind> optIns) {
    this.ledger = ledger;
    this.name = name;
    this.parent = parent;
    this.optIns = Set.copyOf(optIns);
    this.before = Before.of(this.optIns, ledger.isExact());
    if (parent != null) {
      parent.children.add(this);
    }
    ALL.forEach(other -> {
      if (!isWithin(other)) {
        other.overlapped = true;
        overlapped = true;
      }
    });
    ALL.add(this);
  }

  /** Whether it is the given one or a part of it. */
  public boolean isWithin(Owner whole) {
    for (Owner each = this; each != null; each = each.parent) {
      if (each == whole) {
        return true;
      }
    }
    return false;
  }

  /** As the report's title calls it. */
  public String name() {
    return name;
  }

  /** Makes it the calling thread's owner; closing the result restores the former one, on the same thread. */
  public AutoCloseable bind() {
    Context context = ledger.context();
    Owner former = context.current;
    context.current = this;
    before.bound();
    return () -> ledger.context().current = former;
  }

  /** What is live and not allowed, asked again until nothing is or the grace is over. */
  public List<Leak> look(Duration grace, Predicate<Leak> allowed) {
    long graceNanos = Check.notNegativeNanos(grace, "grace");
    Context context = ledger.context();
    boolean wasBusy = context.busy;
    context.busy = true;
    try {
      return look(graceNanos, allowed);
    } finally {
      context.busy = wasBusy;
      ledger.logFailure();
    }
  }

  private List<Leak> look(long graceNanos, Predicate<Leak> allowed) {
    long start = Moments.now();
    boolean collected = false;
    int chases = 0;
    for (long pause = FIRST_PAUSE; ; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
      List<Entry> all = all();
      List<Leak> found = among(all).stream().filter(allowed.negate()).toList();
      for (; found.isEmpty() && chases < MOST_CHASES && isHandedOver(all); chases++) {
        Moments.pause(CHASE_PAUSE);
        all = all();
        found = among(all).stream().filter(allowed.negate()).toList();
      }
      long left = graceNanos - (Moments.now() - start);
      if (found.isEmpty() || (left <= 0 && (collected || !Collector.mayHelp(found)))) {
        return found;
      }
      if (left <= 0) {
        Collector.collect();
        collected = true;
      } else {
        Moments.pause(Math.min(pause, left));
      }
    }
  }

  private List<Entry> all() {
    List<Entry> all = new ArrayList<>();
    collect(all);
    return all;
  }

  /** Whether nothing was found only since it was on its way: made meanwhile, or between its queue and its thread. */
  private boolean isHandedOver(List<Entry> seen) {
    List<Entry> all = all();
    return !all.isEmpty()
        && (!new HashSet<>(seen).containsAll(all)
            || all.stream().anyMatch(Liveness::isBetweenQueueAndThread));
  }

  private List<Leak> among(List<Entry> all) {
    List<Leak> found = new ArrayList<>(new Grouping(all).leaks());
    before.changes(!overlapped).stream()
        .filter(change -> found.stream().noneMatch(leak -> OwnManagers.isThreadOf(leak, change)))
        .toList()
        .forEach(found::add);
    return found;
  }

  private void collect(List<Entry> all) {
    all.addAll(entries);
    children.forEach(child -> child.collect(all));
  }

  /** As {@link #look}; then forgets everything. */
  public List<Leak> judge(Duration grace, Predicate<Leak> allowed) {
    try {
      return look(grace, allowed);
    } finally {
      forget();
    }
  }

  /** Drops what it and its children own, and takes no more. */
  public void forget() {
    if (forgotten) {
      return;
    }
    forgotten = true;
    ALL.remove(this);
    children.forEach(Owner::forget);
    if (parent != null) {
      parent.children.remove(this);
    }
    for (Owner above = parent; above != null && !overlapped; above = above.parent) {
      above.before.absorb();
    }
    entries.forEach(Ledger.index()::remove);
    entries.clear();
    ledger.managers().forget(this);
    before.forget();
  }

  /** Whether it still takes things, of this kind. */
  boolean wants(LeakKind kind) {
    return !forgotten && (!kind.isOptIn() || optIns.contains(kind));
  }

  void add(Entry entry) {
    entries.add(entry);
  }

  void remove(Entry entry) {
    entries.remove(entry);
  }
}
