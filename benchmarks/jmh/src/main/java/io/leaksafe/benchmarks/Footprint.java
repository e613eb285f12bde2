package io.leaksafe.benchmarks;

import io.leaksafe.handle.Tracking;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.openjdk.jol.info.ClassLayout;
import org.openjdk.jol.info.GraphLayout;
import org.openjdk.jol.vm.VM;

/**
 * Prints what a live handle takes of the heap, beside an entry of a concurrent set.
 *
 * <pre>{@code
 * java -Djdk.attach.allowAttachSelf=true -XX:+EnableDynamicAgentLoading -Djol.magicFieldOffset=true \
 *   -cp benchmarks/jmh/target/benchmarks.jar io.leaksafe.benchmarks.Footprint
 * }</pre>
 *
 * On JDK 17 leave {@code -XX:+EnableDynamicAgentLoading} out.
 */
public final class Footprint {

  private static final int MORE = 10_000;

  private Footprint() {}

  /** Prints it. */
  public static void main(String[] args) {
    Thread.currentThread()
        .setContextClassLoader(null); // a manager keeps it, and it keeps half the JDK
    System.out.println(VM.current().details());
    for (Tracking tracking : new Tracking[] {Tracking.DISABLED, Tracking.SIMPLE}) {
      Live live = new Live(tracking, MORE);
      Object handle = live.scope.register("resource", live, Live.NOTHING);
      if (tracking == Tracking.SIMPLE) {
        System.out.println(ClassLayout.parseInstance(handle).toPrintable());
      }
      print("scope, " + tracking, live);
      live.root.close();
    }
    Set<Object> set = ConcurrentHashMap.newKeySet();
    Runnable add = () -> set.add(new RegisterAndClose.Entry(set));
    print("ConcurrentHashMap.newKeySet with a holder each", set, add);
  }

  private static void print(String what, Live live) {
    print(what, live, () -> live.scope.register("live", live, Live.NOTHING));
  }

  /** What {@value #MORE} more of them add, divided by their number: what is there once and not per handle cancels out. */
  private static void print(String what, Object holder, Runnable addOne) {
    for (int i = 0; i < MORE; i++) {
      addOne.run();
    }
    GraphLayout before = GraphLayout.parseInstance(holder);
    for (int i = 0; i < MORE; i++) {
      addOne.run();
    }
    GraphLayout after = GraphLayout.parseInstance(holder);
    double bytes = (double) (after.totalSize() - before.totalSize()) / MORE;
    System.out.printf("%-50s %6.1f bytes per handle%n", what, bytes);
  }
}
