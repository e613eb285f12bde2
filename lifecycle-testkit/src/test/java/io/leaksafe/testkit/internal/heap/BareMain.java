package io.leaksafe.testkit.internal.heap;

import io.leaksafe.testkit.HeapCycle;

/** What {@link BareJvmTest} runs. */
final class BareMain {

  private BareMain() {}

  public static void main(String[] arguments) throws Exception {
    System.out.println(HeapCycle.of(() -> {}).warmup(1).windows(2, 2).measure());
  }
}
