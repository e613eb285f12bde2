package io.leaksafe.testkit.internal.ledger;

import io.leaksafe.internal.check.Check;
import io.leaksafe.internal.watch.RootWatch;
import io.leaksafe.testkit.leak.LeakKind;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one list of what is alive in this JVM and was made for somebody. It keeps nothing alive, and forgets what was judged.
 *
 * <p>Thread safety: callable from any thread.
 */
public final class Ledger {

  private static final Logger LOG = LoggerFactory.getLogger("io.leaksafe.testkit.leak");

  private static final Index INDEX = new Index();
  private static final ThreadLocal<Context> CONTEXTS =
      ThreadLocal.withInitial(() -> new Context(INDEX.find(Thread.currentThread())));

  private final AgentLoader agent = new AgentLoader();
  private final Recorder recorder = new Recorder(INDEX, CONTEXTS);

  private final OwnManagers managers = new OwnManagers(this, recorder);

  private Ledger() {
    Context context = context();
    context.busy = true;
    try {
      agent.load(recorder::sink);
      RootWatch.install(managers);
      recorder.attached();
    } finally {
      context.busy = false;
    }
  }

  /** Made on first use: loading the agent takes a moment. */
  private static final class Holder {
    static final Ledger SHARED = new Ledger();
  }

  /** Returns the ledger of this JVM; the first call loads the agent. */
  public static Ledger shared() {
    return Holder.SHARED;
  }

  /** Makes an owner; what a child owns and has not been judged is judged with its parent. */
  public Owner owner(String name, @Nullable Owner parent, Set<LeakKind> optIns) {
    return new Owner(this, Check.name(name, "An owner's name"), parent, optIns);
  }

  /** The owner of what the calling thread makes; null if nobody asked. */
  public @Nullable Owner currentOwner() {
    return context().current;
  }

  /** Whether there is an agent: without one, what other threads do cannot be told apart from what the owner does. */
  public boolean isExact() {
    return agent.isActive();
  }

  /** How much is seen: {@code agent (self-loaded), 21/21 probes, JDK 25.0.3}. */
  public String tier() {
    return agent.tier() + ", JDK " + System.getProperty("java.version");
  }

  OwnManagers managers() {
    return managers;
  }

  Context context() {
    return CONTEXTS.get();
  }

  static Index index() {
    return INDEX;
  }

  static boolean isOwn(ThreadLocal<?> local) {
    return local == CONTEXTS;
  }

  /** Says once what went wrong while it listened: some things were then not seen. */
  void logFailure() {
    Throwable failure = agent.failure();
    if (failure != null) {
      LOG.warn("The leak check missed something, since its listener failed", failure);
    }
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
