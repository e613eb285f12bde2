package io.leaksafe.testkit.internal.heap;

import io.leaksafe.handle.Action;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Runs an action again and again, and says of which classes more objects stay each time. */
public final class GrowthCheck {
  /*
   * Idea. Used bytes tell nothing: caches warm up, code is compiled, classes are loaded. But what a cycle leaves behind is there
   * after each window of cycles, and after windows of twice the length there is twice as much of it. So:
   *
   *   1. After the warm-up, a window of cycles, and a count of live objects by class; and so on. Classes that took more
   *      bytes at every count are suspects. Mostly there are none, and that is it.
   *   2. The same with windows of twice the length. A suspect must grow at every count again, and per cycle as fast as before,
   *      by a half at least: what grows with time, or ever more slowly, does not.
   *   3. The same without any cycles. What grows now as well, grows without them.
   *
   * What is left grows with the cycles. Two dumps around one more window then say what holds it.
   *
   * What this does not find: an array that grows by doubling and holds no objects, unless a window is longer than a doubling.
   */
  /** Half the speed of before is still the same. */
  private static final double SAME = 0.5;

  /**
   * One class that grows.
   *
   * @param name      its name
   * @param bytes     how many bytes more a cycle leaves
   * @param instances how many objects more a cycle leaves
   * @param container what holds them; empty if that was not found
   * @param heldBy    that, and the way from it, in one line
   */
  public record Growing(
      String name, double bytes, double instances, String container, String heldBy) {

    private Growing heldBy(String found, String line) {
      return new Growing(name, bytes, instances, found, line);
    }
  }

  private final Action action;
  private final int warmup;
  private final int windows;
  private final int cycles;

  /** So many windows of so many cycles, after so many others. */
  public GrowthCheck(Action action, int warmup, int windows, int cycles) {
    this.action = action;
    this.warmup = warmup;
    this.windows = windows;
    this.cycles = cycles;
  }

  /** The classes that grow, the fastest first. */
  public List<Growing> run() throws Exception {
    Census census = new Census(2 * windows + windows + 3);
    cycles(warmup);
    BitSet suspects = series(census, cycles);
    if (suspects.isEmpty()) {
      return List.of();
    }
    suspects.and(series(census, 2 * cycles));
    suspects.stream().filter(slot -> !isAsFast(census, slot)).forEach(suspects::clear);
    if (suspects.isEmpty()) {
      return List.of();
    }
    Map<Integer, String> names = census.names(suspects);
    BitSet always = series(census, 0);
    suspects.andNot(always);
    census.forgetTexts();
    List<Growing> growing = growing(census, suspects, names);
    return growing.isEmpty() ? growing : withContainers(growing);
  }

  /** Counts, and again after each window; the classes that grew in all of them. */
  private BitSet series(Census census, int perWindow) throws Exception {
    int first = census.size();
    Garbage.settle(); // what is finalized now does not count as growing less
    census.count();
    for (int i = 0; i < windows; i++) {
      cycles(perWindow);
      census.count();
    }
    return census.growing(first, first + windows);
  }

  private void cycles(int number) throws Exception {
    for (int i = 0; i < number; i++) {
      action.run();
    }
  }

  private boolean isAsFast(Census census, int slot) {
    double before = perCycle(census.bytes(slot, 0, windows), cycles);
    double now = perCycle(census.bytes(slot, windows + 1, 2 * windows + 1), 2 * cycles);
    return now >= SAME * before;
  }

  private double perCycle(long all, int perWindow) {
    return (double) all / windows / perWindow;
  }

  private List<Growing> growing(Census census, BitSet slots, Map<Integer, String> names) {
    List<Growing> growing = new ArrayList<>();
    int from = windows + 1;
    int to = 2 * windows + 1;
    slots.stream()
        .forEach(slot -> growing.add(new Growing(
            names.getOrDefault(slot, "a class that was unloaded"),
            perCycle(census.bytes(slot, from, to), 2 * cycles),
            perCycle(census.instances(slot, from, to), 2 * cycles),
            "",
            "")));
    growing.sort(
        Comparator.comparingDouble(Growing::bytes).reversed().thenComparing(Growing::name));
    return growing;
  }

  private List<Growing> withContainers(List<Growing> growing) throws Exception {
    Map<String, Double> counted = new HashMap<>();
    growing.forEach(one -> counted.put(one.name(), one.bytes() * 2 * cycles));
    try {
      Map<String, Containers.Held> held = HeapDumps.growthBy(counted, () -> {
        cycles(2 * cycles);
        return counted;
      });
      return growing.stream()
          .map(one -> withContainer(one, held.get(one.name())))
          .toList();
    } catch (IOException | IllegalStateException noDump) {
      return growing.stream()
          .map(one -> one.heldBy("", "not known: " + noDump.getMessage()))
          .toList();
    }
  }

  private Growing withContainer(Growing one, Containers.@Nullable Held held) {
    return held == null
        ? one
        : one.heldBy(held.container(), Containers.text(held, one.name(), 2 * cycles));
  }
}
