package io.leaksafe.cleanup;

import io.leaksafe.cleanup.CloseReport.Entry;
import io.leaksafe.cleanup.CloseReport.Outcome;
import io.leaksafe.handle.HandleInfo;
import io.leaksafe.internal.check.Text;
import io.leaksafe.internal.event.Flight;
import io.leaksafe.internal.tree.Events;
import io.leaksafe.internal.tree.Node;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the log and the manager's listener what happens. Never throws. */
final class Announcer implements Events {

  private static final Logger LOG = LoggerFactory.getLogger(Announcer.class.getPackageName());

  private final @Nullable CleanupListener listener;
  private final AtomicLong decoratorFailures = new AtomicLong();
  private final Set<Thread> telling = ConcurrentHashMap.newKeySet();

  Announcer(@Nullable CleanupListener listener) {
    this.listener = listener;
  }

  @Override
  public boolean listening() {
    return listener != null;
  }

  @Override
  public void opened(Node node) {
    tell(told -> told.opened(node.info()));
  }

  @Override
  public void closed(Node node) {
    tell(told ->
        told.closed(Step.over(node, node.openedAt(), node.openedAt()).entry(node.openedAt())));
  }

  @Override
  public void growing(HandleInfo info, int live) {
    Flight.growing(info.path(), live);
    LOG.warn(
        "{} live handles named '{}' in '{}'. The newest: {}. Close them when their work is done, or give each "
            + "piece of work a child scope.",
        Text.count(live),
        info.name(),
        ownerPath(info),
        info.opening());
    tellGrowing(info, live);
  }

  @Override
  public void tellGrowing(HandleInfo newest, int live) {
    tell(told -> told.growing(newest, live));
  }

  @Override
  public void suspect(Node node, long limitNanos) {
    HandleInfo info = node.info();
    String reason = "'" + info.path() + "' has been live for " + Text.duration(info.age())
        + ", longer than the " + Text.duration(limitNanos) + " after which it is to be warned of.";
    suspect(info, reason);
  }

  private void suspect(HandleInfo info, String reason) {
    LOG.warn("{} It was {}.", reason, info.opening());
    Flight.suspect(info.path(), reason, info.opening());
    tell(told -> told.suspect(info, reason));
  }

  @Override
  public void leaked(Node node) {
    HandleInfo info = node.info();
    LOG.warn(
        "Lease '{}' leaked: it is open and was dropped, so nobody can close it before '{}' closes. It was {}. Keep the "
            + "handle and close it, best with try-with-resources, or lease it in a child scope that ends with the work.",
        info.path(),
        ownerPath(info),
        info.opening());
    Flight.leaked(info.path(), info.opening());
    tell(told -> told.leaked(info));
  }

  @Override
  public void dropped(Node node, long closed) {
    HandleInfo info = node.info();
    String reason = "'" + info.path()
        + "' is open and was dropped, so nobody can close it before its owner closes; "
        + (closed == 1 ? "another one" : Text.count(closed) + " others")
        + " from the same place " + (closed == 1 ? "was" : "were") + " closed.";
    suspect(info, reason);
  }

  @Override
  public void decoratorFailed(String sentence, @Nullable Throwable cause) {
    long times = decoratorFailures.incrementAndGet();
    if (Long.bitCount(times) == 1) { // it is the same for every task, and there may be millions
      LOG.error(
          "{} It is failure {} of this decorator, which must return a runnable that runs the one it is given, once "
              + "and on its own thread.",
          sentence,
          Text.count(times),
          cause);
    }
  }

  @Override
  public void doubleClosed(Node node, int times) {
    LOG.debug(
        "'{}' was closed again, {} beyond the first.", node.path(), Text.count(times, "time"));
    tell(told -> told.doubleClosed(node.info(), times));
  }

  /** A closing ended or was given up; null if it closed and nobody wants to hear of that. */
  void ended(@Nullable Entry entry) {
    if (entry == null) {
      return;
    }
    if (entry.error() != null) {
      LOG.warn("{}", ReportTable.problem(entry), entry.error());
    }
    tell(told -> told.closed(entry));
  }

  /** A closer has outlived its share. */
  void overdue(Entry entry) {
    LOG.warn("{} It is interrupted now.", ReportTable.overdue(entry));
    Flight.overdue(
        entry.handle().path(),
        entry.took().toNanos(),
        entry.stuckAt().isEmpty() ? "" : Text.frame(entry.stuckAt().get(0)));
    tell(told -> told.overdue(entry.handle(), entry.took(), entry.stuckAt()));
  }

  /** The close of a scope is through. */
  void finished(TreeScope scope, CloseRun run) {
    boolean root = scope == scope.top();
    if (!root && !LOG.isDebugEnabled() && run.wasClean(scope)) {
      return;
    }
    CloseReport report = run.report(scope);
    record(scope, report);
    if (!report.clean()) {
      LOG.warn("{}", report);
    } else if (root) {
      LOG.info(
          "'{}' closed {} in {}.", report.scope(), handles(report), Text.duration(report.took()));
    } else {
      LOG.debug(
          "'{}' closed {} in {}.", report.scope(), handles(report), Text.duration(report.took()));
    }
    if (root) {
      tell(told -> told.finished(report));
    }
  }

  private static void record(TreeScope scope, CloseReport report) {
    int notClosed = 0;
    for (Entry entry : report.entries()) {
      notClosed += entry.outcome() == Outcome.CLOSED ? 0 : 1;
    }
    Flight.scopeClosed(
        scope.path(),
        report.took().toNanos(),
        report.entries().size(),
        notClosed,
        report.complete());
  }

  /** A closer that had been given up came back after the close was through. */
  void cameBack(TreeScope scope, CloseRun run) {
    CloseReport report = run.report(scope);
    LOG.warn("A closer of '{}' came back after it had been given up.", scope.path());
    if (scope == scope.top()) {
      tell(told -> told.finished(report));
    }
  }

  /** There is no JMX in this JVM. */
  void noManagement(String manager) {
    LOG.warn(
        "'{}' cannot be seen through JMX, since this JVM lacks the module java.management. Add it with --add-modules "
            + "java.management, or leave jmx() out.",
        manager);
  }

  /** A thread could not be started. */
  void noThread(Throwable cause) {
    LOG.error("No thread could be started for closing; it goes on with those there are.", cause);
  }

  private static String handles(CloseReport report) {
    return Text.count(report.entries().size(), "handle");
  }

  private static String ownerPath(HandleInfo info) {
    return info.path()
        .substring(0, Math.max(0, info.path().length() - info.name().length() - 1));
  }

  /** Whether the thread is in a call of the listener, where to wait for a close would be to wait for itself. */
  boolean isTelling(Thread thread) {
    return telling.contains(thread);
  }

  private void tell(Consumer<CleanupListener> what) {
    if (listener == null) {
      return;
    }
    boolean outermost = telling.add(Thread.currentThread());
    try {
      what.accept(listener);
    } catch (Throwable failure) { // a listener must not keep anything from closing
      Flight.listenerFailed("CleanupListener", failure);
      LOG.error(
          "The listener {} failed; it stays registered.", listener.getClass().getName(), failure);
    } finally {
      if (outermost) {
        telling.remove(Thread.currentThread());
      }
    }
  }
}
