package io.leaksafe.map;

import java.util.Map;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jspecify.annotations.Nullable;

/** What is done to a map by several threads at once: few keys, so that they meet. */
@Param(name = "key", gen = IntGen.class, conf = "1:2")
@Param(name = "value", gen = IntGen.class, conf = "1:3")
public abstract class Operations {

  private final Map<Integer, Integer> map;

  Operations(Map<Integer, Integer> map) {
    this.map = map;
  }

  /** A value that tells what it was made of. */
  static int joined(@Nullable Integer old, int value) {
    return old == null ? value : old % 100 * 10 + value;
  }

  @Operation
  public @Nullable Integer get(@Param(name = "key") int key) {
    return map.get(key);
  }

  @Operation
  public @Nullable Integer put(@Param(name = "key") int key, @Param(name = "value") int value) {
    return map.put(key, value);
  }

  @Operation
  public @Nullable Integer putIfAbsent(
      @Param(name = "key") int key, @Param(name = "value") int value) {
    return map.putIfAbsent(key, value);
  }

  @Operation
  public @Nullable Integer remove(@Param(name = "key") int key) {
    return map.remove(key);
  }

  @Operation
  public boolean removeEqual(@Param(name = "key") int key, @Param(name = "value") int value) {
    return map.remove(key, value);
  }

  @Operation
  public @Nullable Integer replace(@Param(name = "key") int key, @Param(name = "value") int value) {
    return map.replace(key, value);
  }

  @Operation
  public boolean replaceEqual(
      @Param(name = "key") int key,
      @Param(name = "value") int expected,
      @Param(name = "value") int value) {
    return map.replace(key, expected, value);
  }

  @Operation
  public @Nullable Integer compute(@Param(name = "key") int key, @Param(name = "value") int value) {
    return map.compute(key, (k, old) -> joined(old, value));
  }

  @Operation
  public @Nullable Integer computeIfPresent(@Param(name = "key") int key) {
    return map.computeIfPresent(key, (k, old) -> old % 2 == 0 ? null : old + 1);
  }

  @Operation
  public @Nullable Integer merge(@Param(name = "key") int key, @Param(name = "value") int value) {
    return map.merge(key, value, Operations::joined);
  }
}
