package io.leaksafe.testkit.leak;

import io.leaksafe.handle.Action;
import io.leaksafe.internal.check.Check;
import io.leaksafe.testkit.internal.ledger.LeakReport;
import io.leaksafe.testkit.internal.ledger.Ledger;
import io.leaksafe.testkit.internal.ledger.Owner;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Sees what a piece of code leaves behind, with any test framework or none.
 *
 * <pre>{@code
 * try (var probe = LeakProbe.start()) {
 *   service.start();
 *   service.stop();
 *   probe.assertNothingLeft();
 * }
 * }</pre>
 *
 * <p>What the calling thread makes between {@link #start} and {@link #close()} belongs to the probe, and so does what the
 * threads do that it starts, however deep. Code that runs at the same time on other threads is not seen, so probes may run
 * concurrently. Where there is no agent this cannot be told apart; {@link #tier()} says so.
 *
 * <p>A probe is started and closed by one thread; the other methods may be called from any.
 */
public final class LeakProbe implements AutoCloseable {

  /** How long what is about to end may take to end. */
  static final Duration GRACE = Duration.ofMillis(250);

  private final Owner owner;
  private final AutoCloseable binding;

  private LeakProbe(String name, Set<LeakKind> optIns) {
    Ledger ledger = Ledger.shared();
    this.owner = ledger.owner(name, ledger.currentOwner(), optIns);
    this.binding = owner.bind();
  }

  /**
   * Starts to look.
   *
   * @param optIns kinds that are looked for only on request; others in the list are looked for anyway
   * @return a probe, to be closed by this thread
   */
  public static LeakProbe start(LeakKind... optIns) {
    EnumSet<LeakKind> kinds = EnumSet.noneOf(LeakKind.class);
    for (LeakKind kind : Check.notNull(optIns, "optIns")) {
      kinds.add(Check.notNull(kind, "an opt-in kind"));
    }
    return new LeakProbe("the probed code", kinds);
  }

  /**
   * Runs something and fails if it leaves anything behind after 250 ms of grace.
   *
   * @param action what to run, on the calling thread
   * @throws LeakError if something is left behind; if the action failed, that is thrown and the leaks are suppressed in it
   * @throws Exception whatever the action threw
   */
  public static void assertNothingLeaksFrom(Action action) throws Exception {
    Check.notNull(action, "action");
    try (LeakProbe probe = start()) {
      Throwable failure = null;
      try {
        action.run();
      } catch (Throwable thrown) {
        failure = thrown;
        throw thrown;
      } finally {
        probe.check(GRACE, failure);
      }
    }
  }

  /**
   * Returns what is left, after as much of 250 ms as it takes to become nothing. Looking again looks afresh.
   *
   * @return what is still live, roots first; empty if nothing is
   */
  public List<Leak> leaks() {
    return leaks(GRACE);
  }

  /**
   * Returns what is left.
   *
   * @param grace how long to wait at most for it to become nothing; zero looks once
   * @return what is still live; empty if nothing is
   * @throws IllegalArgumentException if the grace is negative
   */
  public List<Leak> leaks(Duration grace) {
    Check.notNegativeNanos(grace, "grace");
    return owner.look(grace, leak -> false);
  }

  /**
   * Fails if something is left, after 250 ms of grace.
   *
   * @throws LeakError with the whole report
   */
  public void assertNothingLeft() {
    assertNothingLeft(GRACE);
  }

  /**
   * Fails if something is left.
   *
   * @param grace how long to wait at most for it to become nothing
   * @throws LeakError                with the whole report
   * @throws IllegalArgumentException if the grace is negative
   */
  public void assertNothingLeft(Duration grace) {
    Check.notNegativeNanos(grace, "grace");
    check(grace, null);
  }

  private void check(Duration grace, @Nullable Throwable failure) {
    List<Leak> leaks = leaks(grace);
    if (leaks.isEmpty()) {
      return;
    }
    LeakError error = new LeakError(
        LeakReport.text(owner.name(), leaks, grace, Ledger.shared().tier()), leaks);
    if (failure == null) {
      throw error;
    }
    failure.addSuppressed(error);
  }

  /**
   * Says how much is seen in this JVM.
   *
   * @return for example {@code agent (self-loaded), 21/21 probes, JDK 25.0.3}
   */
  public String tier() {
    return Ledger.shared().tier();
  }

  /** Stops looking and forgets what was found; what it found is nobody's any more. A second call does nothing. */
  @Override
  public void close() {
    Ledger.close(binding);
    owner.forget();
  }
}
