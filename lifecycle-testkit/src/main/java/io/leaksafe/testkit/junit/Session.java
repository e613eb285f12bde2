package io.leaksafe.testkit.junit;

import io.leaksafe.internal.check.Check;
import io.leaksafe.testkit.internal.ledger.LeakReport;
import io.leaksafe.testkit.internal.ledger.Ledger;
import io.leaksafe.testkit.internal.ledger.Owner;
import io.leaksafe.testkit.leak.Leak;
import io.leaksafe.testkit.leak.LeakError;
import io.leaksafe.testkit.leak.LeakKind;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run of the engine: what all its classes share, and the owner of what other extensions make for longer than a test.
 *
 * <p>Judged when JUnit closes the root store, that is after everything that other extensions keep there.
 */
@SuppressWarnings("deprecation") // what JUnit 5.12 closes; newer ones close every AutoCloseable
final class Session implements ExtensionContext.Store.CloseableResource, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger("io.leaksafe.testkit.junit");

  private final Ledger ledger = Ledger.shared();
  private final ConcurrentMap<String, Rules> packages = new ConcurrentHashMap<>();
  private final Rules rules;
  private final Owner owner;
  private final String mode;
  private final ExtensionContext root;

  private Session(ExtensionContext root) {
    List<String> mistakes = new ArrayList<>();
    this.root = root;
    this.rules = Settings.configured(root, mistakes);
    this.owner = ledger.owner(Titles.of(root), null, rules.also());
    this.mode = root.getConfigurationParameter("junit.jupiter.execution.parallel.enabled")
            .filter("true"::equals)
            .isPresent()
        ? "concurrent"
        : "sequential";
    mistakes.forEach(mistake -> LOG.error("{}", mistake));
  }

  /** The session of a test or class. */
  static Session of(ExtensionContext context) {
    ExtensionContext root = context.getRoot();
    return Check.notNull(
        root.getStore(LeakCheckExtension.STORE)
            .getOrComputeIfAbsent(Session.class, key -> new Session(root), Session.class),
        "session");
  }

  Ledger ledger() {
    return ledger;
  }

  Owner owner() {
    return owner;
  }

  /** The rules for classes of a package. */
  Rules rules(Package home) {
    return packages.computeIfAbsent(home.getName(), name -> Settings.ofPackage(home, rules));
  }

  Rules rules() {
    return rules;
  }

  /** Fails with the report, which has the stacks that count; that of the check says nothing. */
  LeakError error(String title, Rules judged, List<Leak> leaks) {
    LeakError error = new LeakError(text(title, judged, leaks), leaks);
    error.setStackTrace(new StackTraceElement[0]);
    return error;
  }

  private String text(String title, Rules judged, List<Leak> leaks) {
    return LeakReport.text(title, leaks, judged.grace(), ledger.tier() + ", " + mode);
  }

  /** Says which entries have allowed nothing; without the agent that is not known. */
  void reportUnused(ExtensionContext context, String where, Rules judged) {
    if (!ledger.isExact()) {
      return;
    }
    for (Allowed unused : judged.unused()) {
      String text = unused + " at " + where + " allowed nothing: no such leak. Take it out.";
      LOG.warn("{}", text);
      context.publishReportEntry("leak check", text);
    }
  }

  /** What a shutdown hook of the session's own is going to close with the JVM is no leak: it is only named. */
  @Override
  public void close() {
    if (!rules.enabled()) {
      owner.forget();
      return;
    }
    List<Leak> leaks = owner.judge(rules.grace(), rules::allows);
    packages.forEach((name, each) -> reportUnused(root, "package " + name, each));
    if (leaks.stream().anyMatch(leak -> leak.kind() == LeakKind.SHUTDOWN_HOOK)) {
      LOG.info(
          "Left to the JVM's exit, for which there is a hook: {}",
          text(owner.name(), rules, leaks));
    } else if (!leaks.isEmpty()) {
      throw error(owner.name(), rules, leaks);
    }
  }
}
