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
  private volatile @Nullable JvmState state;
  private volatile @Nullable ThreadDiff threads;
  private volatile @Nullable DescriptorDiff descriptors;
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

  /** What has changed; what others may have done is only said if none was there. */
  List<Leak> changes(boolean alone) {
    List<Leak> found = new ArrayList<>();
    ThreadDiff formerThreads = threads;
    DescriptorDiff formerDescriptors = descriptors;
    JvmState formerState = state;
    if (formerThreads != null && alone) {
      found.addAll(formerThreads.leaks());
    }
    if (formerDescriptors != null && alone) {
      found.addAll(formerDescriptors.leaks());
    }
    if (formerState != null) {
      found.addAll(formerState.leaks());
    }
    ThreadLocals former = locals;
    if (former != null) {
      found.addAll(former.leaks());
    }
    return found;
  }

  /** What an owner below has been told of is not told again. */
  void absorb() {
    ThreadDiff formerThreads = threads;
    if (formerThreads != null) {
      formerThreads.absorb();
    }
    DescriptorDiff formerDescriptors = descriptors;
    if (formerDescriptors != null) {
      formerDescriptors.absorb();
    }
  }

  void forget() {
    state = null;
    threads = null;
    descriptors = null;
    locals = null;
  }
}
