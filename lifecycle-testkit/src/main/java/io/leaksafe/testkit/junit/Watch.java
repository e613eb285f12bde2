package io.leaksafe.testkit.junit;

import io.leaksafe.internal.check.Check;
import io.leaksafe.testkit.internal.ledger.Ledger;
import io.leaksafe.testkit.internal.ledger.Owner;
import io.leaksafe.testkit.leak.Leak;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Watches one execution of a test, an invocation, a template or a class, from before its first callback to after its last.
 *
 * <p>It stands in the execution's store and is judged when JUnit closes that. JUnit closes what was put there last first, so
 * that what other extensions and temporary folders keep there has ended by then.
 */
/*
 * Who owns what is made, by who is at work on the thread:
 *
 *                                         in a test      in a class
 *     the user's methods, constructor     the test       the class
 *     other extensions                    the test       the session
 *     ... between constructor and         the session    -
 *         the first beforeEach
 *
 * What other extensions make around a class, or when they fill a test's instance, they often keep in the root store or a
 * static cache, for all classes that come. The session is judged after the root store has been closed.
 *
 * Threads. JUnit runs an execution's callbacks, and closes its store, on one thread; that thread's owner is set in between
 * ("the base"), also while it helps with other executions, which set and restore their own. The user's methods may run on
 * another thread (@Timeout in a separate one): they are bound each for itself.
 */
@SuppressWarnings("deprecation") // what JUnit 5.12 closes; newer ones close every AutoCloseable
final class Watch implements ExtensionContext.Store.CloseableResource, AutoCloseable {

  private final ExtensionContext context;
  private final Session session;
  private final Rules rules;
  private final Owner owner;
  private final boolean test;
  private final Thread thread = Thread.currentThread();
  private AutoCloseable base;

  private Watch(ExtensionContext context, Session session, @Nullable Watch outer) {
    this.context = context;
    this.session = session;
    this.rules = Settings.of(context, outer == null ? rulesAround(context, session) : outer.rules);
    this.test = context.getTestMethod().isPresent();
    this.owner = session
        .ledger()
        .owner(Titles.of(context), outer == null ? session.owner() : outer.owner, rules.also());
    this.base = (test ? owner : session.owner()).bind();
  }

  private static Rules rulesAround(ExtensionContext context, Session session) {
    return context
        .getTestClass()
        .map(type -> session.rules(type.getPackage()))
        .orElse(session.rules());
  }

  /** The watch of an execution, which begins with the first call. */
  static Watch of(ExtensionContext context) {
    Watch outer = outer(context);
    return Check.notNull(
        context
            .getStore(LeakCheckExtension.STORE)
            .getOrComputeIfAbsent(
                context.getUniqueId(),
                id -> new Watch(context, Session.of(context), outer),
                Watch.class),
        "watch");
  }

  private static @Nullable Watch outer(ExtensionContext context) {
    Optional<ExtensionContext> parent = context.getParent();
    return parent.isEmpty() || parent.get().getParent().isEmpty() ? null : of(parent.get());
  }

  /** Fails if the annotations are wrong. */
  void refuseMistakes() {
    if (!rules.mistakes().isEmpty()) {
      throw new ExtensionConfigurationException(String.join("\n", rules.mistakes()));
    }
  }

  /** What the user's code makes on this thread is its own until the result is closed, or a probe's of its own. */
  AutoCloseable own() {
    Owner current = session.ledger().currentOwner();
    return current != null && current.isWithin(owner) ? () -> {} : owner.bind();
  }

  /** What is made on this thread now lives for longer than the test. */
  void beginFilling() {
    rebase(session.owner());
  }

  /** What is made on this thread is the test's again. */
  void endFilling() {
    rebase(owner);
  }

  private void rebase(Owner next) {
    if (test && Thread.currentThread() == thread) {
      Ledger.close(base);
      base = next.bind();
    }
  }

  /** Judges what is left. */
  @Override
  public void close() {
    if (Thread.currentThread() == thread) {
      Ledger.close(base);
    }
    if (!rules.enabled()) {
      owner.forget();
      return;
    }
    List<Leak> leaks = owner.judge(rules.grace(), rules::allows);
    if (context.getExecutionException().isEmpty()) {
      session.reportUnused(context, owner.name(), rules);
    }
    if (!leaks.isEmpty()) {
      throw session.error(owner.name(), rules, leaks);
    }
  }
}
