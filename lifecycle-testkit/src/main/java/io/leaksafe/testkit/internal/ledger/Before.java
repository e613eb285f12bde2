package io.leaksafe.testkit.internal.ledger;

import io.leaksafe.testkit.leak.Leak;
import io.leaksafe.testkit.leak.LeakKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What was there before an owner began, for what can only be found by comparing. */
final class Before {

  private final boolean threadLocals;
  private @Nullable JvmState state;
  private @Nullable ThreadDiff threads;
  private @Nullable DescriptorDiff descriptors;
  private volatile @Nullable ThreadLocals locals;

  private Before(boolean threadLocals) {
    this.threadLocals = threadLocals;
  }

  static Before of(Set<LeakKind> optIns, boolean exact) {
    Before before = new Before(optIns.contains(LeakKind.THREAD_LOCAL));
    before.state = optIns.contains(LeakKind.JVM_STATE) ? JvmState.now() : null;
    before.threads = exact ? null : ThreadDiff.now();
    before.descriptors = exact ? null : DescriptorDiff.now();
    return before;
  }

  /** The owner begins to work on this thread. */
  void bound() {
    if (threadLocals && locals == null) {
      locals = ThreadLocals.ofThisThread();
    }
  }

  List<Leak> changes() {
    List<Leak> found = new ArrayList<>();
    if (threads != null) {
      found.addAll(threads.leaks());
    }
    if (descriptors != null) {
      found.addAll(descriptors.leaks());
    }
    if (state != null) {
      found.addAll(state.leaks());
    }
    ThreadLocals former = locals;
    if (former != null) {
      found.addAll(former.leaks());
    }
    return found;
  }

  void forget() {
    state = null;
    threads = null;
    descriptors = null;
    locals = null;
  }
}
