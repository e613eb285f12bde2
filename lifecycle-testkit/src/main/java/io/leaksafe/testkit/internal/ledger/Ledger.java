package io.leaksafe.testkit.internal.ledger;

import io.leaksafe.testkit.leak.LeakKind;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The one list of what is alive in this JVM. */
public final class Ledger {

  private static final Ledger SHARED = new Ledger();

  private final ThreadLocal<@Nullable Owner> current = new ThreadLocal<>();

  /** Returns the ledger of this JVM; the first call loads the agent. */
  public static Ledger shared() {
    return SHARED;
  }

  /** Makes an owner; what a child owns and has not been judged is judged with its parent. */
  public Owner owner(String name, @Nullable Owner parent, Set<LeakKind> optIns) {
    return new Owner(this, name, parent, optIns);
  }

  /** The owner of what the calling thread makes; null if nobody asked. */
  public @Nullable Owner currentOwner() {
    return current.get();
  }

  void currentOwner(@Nullable Owner owner) {
    if (owner == null) {
      current.remove();
    } else {
      current.set(owner);
    }
  }

  /** How much is seen: {@code agent (self-loaded), 21/21 probes, JDK 25.0.3}. */
  public String tier() {
    return "no agent, JDK " + Runtime.version();
  }

  /** Ends a binding. */
  public static void close(AutoCloseable binding) {
    try {
      binding.close();
    } catch (Exception failed) {
      throw new IllegalStateException("A binding could not be ended: " + failed, failed);
    }
  }
}
