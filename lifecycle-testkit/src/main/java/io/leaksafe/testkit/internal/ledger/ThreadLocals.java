package io.leaksafe.testkit.internal.ledger;

import io.leaksafe.testkit.leak.Leak;
import io.leaksafe.testkit.leak.LeakKind;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/** Which thread locals a thread had; those that came are found in the thread itself. Empty where the agent opened nothing. */
final class ThreadLocals {
  private final WeakReference<Thread> thread = new WeakReference<>(Thread.currentThread());

  /** By identity, as thread locals have no other equality. */
  private final Set<ThreadLocal<?>> before = Collections.newSetFromMap(new WeakHashMap<>());

  private final long since = Moments.now();

  static ThreadLocals ofThisThread() {
    ThreadLocals locals = new ThreadLocals();
    locals.read().forEach(value -> locals.before.add(value.local));
    return locals;
  }

  List<Leak> leaks() {
    List<Leak> found = new ArrayList<>();
    for (Value value : read()) {
      if (!before.contains(value.local)
          && !Ledger.isOwn(value.local)
          && isUsers(value.local, value.value)) {
        found.add(Found.of(
            LeakKind.THREAD_LOCAL,
            value.value.getClass().getName(),
            "left in a thread local of thread " + name(),
            since,
            "call remove() on the ThreadLocal in a finally block"));
      }
    }
    return found;
  }

  private String name() {
    Thread owner = thread.get();
    return owner == null ? "that has ended" : owner.getName();
  }

  /** Values and thread locals that are both the JDK's own are its caches, unless a user's code could have put them. */
  private static boolean isUsers(ThreadLocal<?> local, Object value) {
    boolean ownClass = local.getClass().getClassLoader() != null;
    boolean plain =
        local.getClass() == ThreadLocal.class || local.getClass() == InheritableThreadLocal.class;
    String type = value.getClass().getName();
    boolean internal = type.startsWith("sun.")
        || type.startsWith("jdk.")
        || type.startsWith("java.lang.ref.")
        || type.startsWith("org.junit.");
    return (ownClass || plain || local.getClass().getName().contains("Supplied")) && !internal;
  }

  private List<Value> read() {
    List<Value> values = new ArrayList<>();
    Thread owner = thread.get();
    for (String field : List.of("threadLocals", "inheritableThreadLocals")) {
      Object map = Peek.field(owner, field);
      if (Peek.field(map, "table") instanceof Object[] table) {
        read(table, values);
      }
    }
    return values;
  }

  private static void read(@Nullable Object[] table, List<Value> values) {
    Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Object slot : table) {
      Object value = Peek.field(slot, "value");
      if (slot instanceof Reference<?> key
          && key.get() instanceof ThreadLocal<?> local
          && value != null
          && seen.add(local)) {
        values.add(new Value(local, value));
      }
    }
  }

  private record Value(ThreadLocal<?> local, Object value) {}
}
