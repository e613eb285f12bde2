package io.leaksafe.health;

import io.leaksafe.handle.Kind;
import io.leaksafe.handle.Priority;
import io.leaksafe.internal.tree.OwnerNode;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.HashSet;
import java.util.Set;
import javax.management.ListenerNotFoundException;
import javax.management.Notification;
import javax.management.NotificationEmitter;
import javax.management.NotificationListener;
import javax.management.openmbean.CompositeData;
import javax.management.openmbean.TabularData;
import org.jspecify.annotations.Nullable;

/** What the heap has in use after each collection, as the JVM notifies; needs the module java.management. */
final class GcWatch {
  /*
   * The notification is that of com.sun.management, read as open data, so that the module jdk.management need not be there at
   * compile time: its user data has gcInfo, which has memoryUsageAfterGc, a table from pool to usage.
   */
  private static final String TYPE = "com.sun.management.gc.notification";

  /** The heap after a collection, and which one it was. */
  record Heap(long used, long number) {}

  private final Set<String> pools = new HashSet<>();
  private volatile @Nullable Heap latest;

  GcWatch(OwnerNode scope) {
    for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
      if (pool.getType() == MemoryType.HEAP) {
        pools.add(pool.getName());
      }
    }
    NotificationListener listener = (notification, any) -> collected(notification);
    for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      if (collector instanceof NotificationEmitter emitter) {
        emitter.addNotificationListener(listener, null, null);
        scope.attach(
            collector.getName(),
            Kind.LISTENER,
            Priority.EARLY,
            emitter,
            its -> remove(its, listener));
      }
    }
  }

  private static void remove(NotificationEmitter emitter, NotificationListener listener)
      throws ListenerNotFoundException {
    emitter.removeNotificationListener(listener);
  }

  @Nullable
  Heap latest() {
    return latest;
  }

  private void collected(Notification notification) {
    if (!TYPE.equals(notification.getType())
        || !(notification.getUserData() instanceof CompositeData data)
        || !(data.get("gcInfo") instanceof CompositeData info)
        || !(info.get("memoryUsageAfterGc") instanceof TabularData after)) {
      return;
    }
    long used = 0;
    for (Object row : after.values()) {
      if (row instanceof CompositeData pool
          && pools.contains(String.valueOf(pool.get("key")))
          && pool.get("value") instanceof CompositeData usage) {
        used += MemoryUsage.from(usage).getUsed();
      }
    }
    Heap before = latest;
    latest = new Heap(used, before == null ? 1 : before.number() + 1); // notified one at a time
  }
}
