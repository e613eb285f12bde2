package io.leaksafe.map;

import java.util.Map;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jspecify.annotations.Nullable;

/** What is done to one key by several threads at once: computations, and what overtakes them. */
@Param(name = "value", gen = IntGen.class, conf = "1:3")
public abstract class OneKey {

  private static final Integer KEY = 1;

  private final Map<Integer, Integer> map;

  OneKey(Map<Integer, Integer> map) {
    this.map = map;
  }

  @Operation
  public @Nullable Integer put(@Param(name = "value") int value) {
    return map.put(KEY, value);
  }

  @Operation
  public @Nullable Integer remove() {
    return map.remove(KEY);
  }

  @Operation
  public @Nullable Integer compute(@Param(name = "value") int value) {
    return map.compute(KEY, (k, old) -> Operations.joined(old, value));
  }

  @Operation
  public @Nullable Integer computeIfPresent() {
    return map.computeIfPresent(KEY, (k, old) -> old % 2 == 0 ? null : old + 1);
  }
}
