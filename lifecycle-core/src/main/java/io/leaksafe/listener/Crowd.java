package io.leaksafe.listener;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import io.leaksafe.handle.HandleInfo;
import io.leaksafe.handle.Tracking;
import io.leaksafe.internal.check.Text;
import io.leaksafe.internal.tree.Root;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Notices that the listeners of a registry become many, or that one is there twice, and says who adds them. */
final class Crowd {
  /*
   * A stack costs as much as twenty additions, so it is recorded only where the listeners are more than ever before: in a leak
   * that is each time, and in a registry whose listeners come and go it is never. Above 128 one in 16 is enough to tell who
   * adds most.
   *
   * A listener that is added twice is looked for among the latest, at each addition, and among all when there is a warning
   * anyway. So no addition costs more because there are many.
   */
  private static final Logger LOG = LoggerFactory.getLogger(Crowd.class.getPackageName());
  private static final int FEW = 128;
  private static final int ONE_IN = 16;
  private static final int MOST_PLACES = 3;

  private final AtomicInteger most = new AtomicInteger();
  private final AtomicInteger warnAt = new AtomicInteger(10);
  private final AtomicInteger twice = new AtomicInteger();

  void warnAbove(int listeners) {
    warnAt.set(listeners);
  }

  /** One has been added, which may stand beside another one of itself. */
  <L> void added(
      LiveListeners<L> all, Subscription<L> newest, int count, @Nullable Subscription<L> twin) {
    if (twin != null) {
      addedTwice(all, newest, twin);
    }
    if (count <= most.get()) {
      return;
    }
    most.accumulateAndGet(count, Math::max);
    Root root = all.node().root();
    if (root.tracking == Tracking.DISABLED) {
      return;
    }
    int limit = warnAt.get();
    if (count >= limit || count <= FEW || count % ONE_IN == 0) {
      newest.node().recordOrigin();
    }
    if (count >= limit
        && limit < Integer.MAX_VALUE
        && warnAt.compareAndSet(limit, doubled(limit, count))) {
      many(all, newest, count);
    }
  }

  private static int doubled(int limit, int count) {
    long next = limit;
    while (next <= count) {
      next *= 2;
    }
    return (int) Math.min(next, Integer.MAX_VALUE);
  }

  private <L> void many(LiveListeners<L> all, Subscription<L> newest, int count) {
    List<Subscription<L>> present = all.present();
    LOG.warn(
        "{} listeners in '{}': {}. Close the handle of each when its work is done, or add it together with the scope that "
            + "listens: add(scope, listener).",
        Text.count(count),
        all.node().path(),
        places(present));
    all.node().root().events.tellGrowing(newest.node().info(), count);
    IdentityHashMap<Object, Subscription<L>> seen = new IdentityHashMap<>();
    for (Subscription<L> each : present) {
      Object listener = each.listener;
      Subscription<L> twin = listener == null ? null : seen.put(listener, each);
      if (twin != null) {
        addedTwice(all, each, twin);
        return;
      }
    }
  }

  /** Where most of them were added, with their numbers. */
  private static <L> String places(List<Subscription<L>> present) {
    Map<String, Long> byPlace = present.stream()
        .map(each -> place(each.node().info()))
        .collect(groupingBy(place -> place, LinkedHashMap::new, counting()));
    List<String> parts = new ArrayList<>();
    byPlace.entrySet().stream()
        .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
        .limit(MOST_PLACES)
        .forEach(each -> parts.add(Text.count(each.getValue()) + " " + each.getKey()));
    long rest = byPlace.values().stream().mapToLong(Long::longValue).sum()
        - byPlace.values().stream()
            .sorted(Comparator.reverseOrder())
            .limit(MOST_PLACES)
            .mapToLong(Long::longValue)
            .sum();
    if (rest > 0) {
      parts.add(Text.count(rest) + " elsewhere");
    }
    return String.join(", ", parts);
  }

  private static String place(HandleInfo info) {
    return info.origin().isEmpty()
        ? "added by '" + info.openedBy() + "'"
        : "added at " + Text.frame(info.origin().get(0)) + from(info);
  }

  /** As {@link HandleInfo#opening}, and from where: emitters have a method of their own in which they add to the registry. */
  static String opening(Subscription<?> subscription) {
    HandleInfo info = subscription.node().info();
    return info.opening() + from(info);
  }

  private static String from(HandleInfo info) {
    return info.origin().size() < 2 ? "" : " from " + Text.frame(info.origin().get(1));
  }

  /** Warns of the first, second, fourth and so on. */
  private <L> void addedTwice(LiveListeners<L> all, Subscription<L> newest, Subscription<L> twin) {
    if (Integer.bitCount(twice.incrementAndGet()) != 1) {
      return;
    }
    newest.node().recordOrigin();
    LOG.warn(
        "The same listener is in '{}' twice, and is called twice: it was {}, and it was {}. Close the first handle before "
            + "you add it again, or keep one.",
        all.node().path(),
        opening(twin),
        opening(newest));
  }
}
