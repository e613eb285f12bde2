package io.leaksafe.schedule;

import io.leaksafe.cleanup.Scope;
import io.leaksafe.handle.Action;
import io.leaksafe.handle.ClosedScopeException;
import io.leaksafe.handle.Handle;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.concurrent.ScheduledExecutorService;

/**
 * Runs tasks later, or again and again, for as long as their owner lives.
 *
 * <p>Every task is a handle of kind {@code TIMER} below the scheduler: listed with its key, next run, period and opener, and
 * ended with its scope. Closing one, by its handle or with its owner, keeps it from running again and waits for a run under
 * way, except from within that run. A task that throws is logged with its key, counted, and, if it is periodic, runs again.
 *
 * <p>A task never overlaps itself. It runs on one of a few daemon threads of the manager, never on the thread that keeps the
 * time, with the context class loader of the thread that created the manager. A task is never early; one that is due while all
 * threads are busy is late.
 *
 * <p>Keys name a task within one scope: scheduling a second task under a key that is in use there replaces the first, which is
 * closed without waiting for its run under way, and never overlaps the second.
 *
 * <p>Thread safety: every method may be called from any thread.
 */
public sealed interface ManagedScheduler permits TaskScheduler {

  /**
   * Opens a scheduler in a scope; it closes with it, {@link io.leaksafe.handle.Priority#EARLY}.
   *
   * @param owner who ends its tasks
   * @param name  what reports call it
   * @return the scheduler; nothing runs and no thread is started until a task is scheduled
   * @throws ClosedScopeException if the owner's close has begun
   */
  static ManagedScheduler in(Scope owner, String name) {
    return TaskScheduler.open(owner, name);
  }

  /**
   * Returns a view of this scheduler whose tasks end with another scope, or with this scheduler if that closes first. Keys
   * are the view's own. Asking twice for one scope returns the same view.
   *
   * @param scope who ends its tasks; a scope of the same root
   * @return the view
   * @throws IllegalArgumentException if the scope belongs to another root
   * @throws ClosedScopeException     if the scope's close has begun
   */
  ManagedScheduler ownedBy(Scope scope);

  /**
   * Runs a task again and again, with a fixed delay between the end of a run and the start of the next. The first run is one
   * period from now.
   *
   * @param key    what reports call it, unique in this scope
   * @param period from end to start; longer than zero
   * @param task   what to run
   * @return the handle that ends it
   * @throws IllegalArgumentException if the period is zero or negative
   * @throws ClosedScopeException     if the scheduler or its scope is closed
   */
  Handle<Action> every(String key, Duration period, Action task);

  /**
   * Runs a task again and again at fixed moments, one period apart. The first run is one period from now. Moments that pass
   * while a run is under way, or while the machine sleeps, are run once together, not made up for one by one.
   *
   * @param key    what reports call it, unique in this scope
   * @param period from start to start; longer than zero
   * @param task   what to run
   * @return the handle that ends it
   * @throws IllegalArgumentException if the period is zero or negative
   * @throws ClosedScopeException     if the scheduler or its scope is closed
   */
  Handle<Action> everyAtFixedRate(String key, Duration period, Action task);

  /**
   * Runs a task once.
   *
   * @param key   what reports call it, unique in this scope until it has run
   * @param delay how long from now; zero or negative means at once, and one too large to count means never
   * @param task  what to run
   * @return the handle that cancels it; once it has run the handle is closed
   * @throws ClosedScopeException if the scheduler or its scope is closed
   */
  Handle<Action> after(String key, Duration delay, Action task);

  /**
   * Runs a task once, without a key: the cheap form, which replaces nothing. There may be a million of them.
   *
   * <p>While it is pending the task is listed and counted, and a close of the scope ends it, without an entry in the report.
   * A {@code timeout} or {@code warnAfter} of its own makes it as large as one with a key.
   *
   * @param delay how long from now; zero or negative means at once, and one too large to count means never
   * @param task  what to run
   * @return the handle that cancels it; once it has run the handle is closed
   * @throws ClosedScopeException if the scheduler or its scope is closed
   */
  Handle<Action> after(Duration delay, Action task);

  /**
   * Runs a task once, at a moment of the wall clock, which is read again at least every 15 min, so that it also holds when
   * somebody sets the clock.
   *
   * @param key  what reports call it, unique in this scope until it has run
   * @param when the moment; one in the past means at once
   * @param task what to run
   * @return the handle that cancels it; once it has run the handle is closed
   * @throws ClosedScopeException if the scheduler or its scope is closed
   */
  Handle<Action> at(String key, Instant when, Action task);

  /**
   * Runs a task once on every day of a time zone. When daylight saving skips the given time of day, it runs at the moment
   * of the change; when the time of day comes twice, it runs the first time.
   *
   * @param key  what reports call it, unique in this scope
   * @param at   the time of day
   * @param zone whose days are meant
   * @param task what to run
   * @return the handle that ends it
   * @throws ClosedScopeException if the scheduler or its scope is closed
   */
  Handle<Action> daily(String key, LocalTime at, ZoneId zone, Action task);

  /**
   * Opens an executor with the JDK's contract over this scheduler. It is a handle of its own: shutting it down ends its
   * tasks and no others, and the close of this scheduler shuts it down.
   *
   * @return a new executor
   * @throws ClosedScopeException if the scheduler or its scope is closed
   */
  ScheduledExecutorService asScheduledExecutorService();

  /**
   * Counts the tasks that are pending, periodic or running here, as they are listed; those of other views are theirs.
   *
   * @return zero or more
   */
  int size();
}
