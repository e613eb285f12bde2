package io.leaksafe.testkit.assertj;

import io.leaksafe.handle.Kind;
import io.leaksafe.internal.check.Check;
import io.leaksafe.internal.measure.Bytes;
import io.leaksafe.testkit.SoakReport;
import java.util.Map;
import org.assertj.core.api.AbstractAssert;
import org.jspecify.annotations.Nullable;

/** Assertions on what many cycles left. */
public final class SoakReportAssert extends AbstractAssert<SoakReportAssert, SoakReport> {

  SoakReportAssert(@Nullable SoakReport actual) {
    super(actual, SoakReportAssert.class);
  }

  /**
   * Fails if there are more live handles of any kind, more threads or more open files after the cycles than before. The heap is
   * for {@link #heapGrowsAtMost} to judge.
   *
   * @return this
   */
  public SoakReportAssert leftNothing() {
    return hasNoMoreLiveHandles().hasNoMoreThreads().hasNoMoreOpenFiles();
  }

  /**
   * Fails if there are more live handles of any kind than before.
   *
   * @return this
   */
  public SoakReportAssert hasNoMoreLiveHandles() {
    isNotNull();
    for (Map.Entry<Kind, Integer> more : actual.handlesMore().entrySet()) {
      if (more.getValue() > 0) {
        throw more(more.getValue(), "live handles of kind " + more.getKey());
      }
    }
    return this;
  }

  /**
   * Fails if the JVM has more platform threads than before.
   *
   * @return this
   */
  public SoakReportAssert hasNoMoreThreads() {
    isNotNull();
    if (actual.threadsMore() > 0) {
      throw more(actual.threadsMore(), "threads");
    }
    return this;
  }

  /**
   * Fails if the process has more open files than before; passes where the platform does not tell.
   *
   * @return this
   */
  public SoakReportAssert hasNoMoreOpenFiles() {
    isNotNull();
    if (actual.filesMore() > 0) {
      throw more(actual.filesMore(), "open files");
    }
    return this;
  }

  /**
   * Fails if the heap grows faster than this, beyond what chance explains: if all of the interval in which the true slope lies
   * in 95 of 100 cases is above it.
   *
   * @param bytesPerCycle zero or more
   * @return this
   */
  public SoakReportAssert heapGrowsAtMost(long bytesPerCycle) {
    isNotNull();
    if (bytesPerCycle < 0) {
      throw new IllegalArgumentException(
          "bytesPerCycle must be 0 or more, was " + bytesPerCycle + ".");
    }
    if (Check.notNull(actual.heap(), "heap").low() > bytesPerCycle) {
      throw failure(
          "Expected the heap to grow by %s a cycle at most, but it grows by %s: %s%nassertThatCycle(..).doesNotGrowTheHeap() names the class and what holds it.",
          Bytes.text(bytesPerCycle), actual.heap(), actual);
    }
    return this;
  }

  private AssertionError more(long number, String what) {
    return failure(
        "Expected no more %s than before, but there are %d more: %s", what, number, actual);
  }
}
