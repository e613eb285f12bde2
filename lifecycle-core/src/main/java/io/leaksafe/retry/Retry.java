package io.leaksafe.retry;

import io.leaksafe.cleanup.Scope;
import io.leaksafe.handle.ClosedScopeException;
import io.leaksafe.internal.check.Check;
import io.leaksafe.internal.check.Text;
import io.leaksafe.internal.tree.OwnerNode;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Tries something again until it succeeds, a number of times and no longer than a limit, and leaves nothing behind.
 *
 * <pre>{@code
 * static final Retry LOAD = Retry.attempts(3)
 *     .backoff(ofMillis(200), ofSeconds(3))
 *     .jitter(0.2)
 *     .eachWithin(ofSeconds(2))
 *     .within(ofSeconds(8))
 *     .named("load-price");
 *
 * CompletableFuture<Price> price = LOAD.run(session, () -> client.price(id));
 * Price same = LOAD.call(session, () -> client.awaitPrice(id));
 * }</pre>
 *
 * <p>A run has an owner, and ends with it: then the attempt under way is cancelled, or the wait between two of them ends. Both
 * are listed with the owner as handles of kind {@code TIMEOUT}, by name and number of the attempt.
 *
 * <p><b>What is tried again.</b> Every exception, or those that {@link #retryIf} picks; but never an {@link Error}, an {@link
 * InterruptedException}, a {@link CancellationException} or a {@link ClosedScopeException}, which end the run at once. A {@link
 * java.util.concurrent.CompletionException} is judged by its cause.
 *
 * <p><b>What a run fails with.</b> The exception of its last attempt, itself and not wrapped. Those before it are suppressed
 * exceptions of it, the latest 10 of them, each as the cause of one that says which attempt it was. If the time of {@link
 * #within} is over during an attempt, it is a {@link TimeoutException}. If what is left of it is shorter than the next wait,
 * the run fails at once: waiting would be in vain.
 *
 * <p>Every method returns a new value and changes nothing; setting the same thing twice is an error. One value may be used by
 * any number of runs, at the same time, from any thread.
 */
public final class Retry {

  /** Told between two attempts. */
  @FunctionalInterface
  public interface Listener {

    /**
     * An attempt has failed and there will be another. What this throws is logged and stops nothing.
     *
     * @param attempt the one that failed, from 1
     * @param delay   how long until the next
     * @param error   why it failed
     */
    void onRetry(int attempt, Duration delay, Throwable error);
  }

  /** What can be set, each once; null is not set. */
  private record Settings(
      @Nullable Duration first,
      @Nullable Duration cap,
      @Nullable Double jitter,
      @Nullable RandomGenerator random,
      @Nullable Predicate<? super Exception> retryIf,
      @Nullable Duration each,
      @Nullable Duration total,
      @Nullable Listener listener,
      @Nullable String name) {

    static final Settings NONE = new Settings(null, null, null, null, null, null, null, null, null);
  }

  private static final Duration DEFAULT_FIRST = Duration.ofMillis(100);
  private static final Duration DEFAULT_CAP = Duration.ofSeconds(10);

  final int attempts;
  final Backoff backoff;
  final @Nullable Predicate<? super Exception> retryIf;
  final long eachNanos;
  final long totalNanos;
  final @Nullable Listener listener;
  final String name;
  private final Settings settings;

  private Retry(int attempts, Settings settings) {
    this.attempts = attempts;
    this.settings = settings;
    this.backoff = new Backoff(
        Check.saturatedNanos(settings.first == null ? DEFAULT_FIRST : settings.first),
        Check.saturatedNanos(settings.cap == null ? DEFAULT_CAP : settings.cap),
        settings.jitter == null ? 0 : settings.jitter,
        settings.random);
    this.retryIf = settings.retryIf;
    this.eachNanos = settings.each == null ? Long.MAX_VALUE : Check.saturatedNanos(settings.each);
    this.totalNanos =
        settings.total == null ? Long.MAX_VALUE : Check.saturatedNanos(settings.total);
    this.listener = settings.listener;
    this.name = settings.name == null ? "retry" : settings.name;
  }

  /**
   * Begins with the number of attempts. The rest has defaults: waits of 100 ms, doubled each time up to 10 s, without jitter and
   * without a limit to any attempt or to the whole.
   *
   * @param most how often to try, the first time included; 1 or more
   * @return a retry that makes so many attempts
   */
  public static Retry attempts(int most) {
    return new Retry(Check.positive(most, "attempts"), Settings.NONE);
  }

  /**
   * Sets the waits between attempts: the first one, doubled each time, and never longer than the cap.
   *
   * @param first zero or longer; zero tries again at once, every time
   * @param cap   not shorter than the first; the same, if all waits are to be equal
   * @return a new retry
   */
  public Retry backoff(Duration first, Duration cap) {
    once(settings.first, "backoff");
    Check.notNegativeNanos(first, "first");
    Check.notNull(cap, "cap");
    if (cap.compareTo(first) < 0) {
      throw new IllegalArgumentException("cap must not be shorter than the first wait of "
          + Text.duration(first) + ", was " + Text.duration(cap) + ". Give the longest wait.");
    }
    Settings s = settings;
    return with(new Settings(
        first, cap, s.jitter, s.random, s.retryIf, s.each, s.total, s.listener, s.name));
  }

  /**
   * Spreads the waits, so that many who failed together do not try again together: each is longer or shorter by up to this
   * part of itself, evenly distributed, and still never longer than the cap. Each thread's own generator decides.
   *
   * @param part from 0 to 1
   * @return a new retry
   */
  public Retry jitter(double part) {
    return jittering(part, null);
  }

  /**
   * As {@link #jitter(double)}, by a generator of one's own.
   *
   * @param part   from 0 to 1
   * @param random for example one with a seed, so that a test knows the waits; must be safe for use by several threads if the
   *               runs are
   * @return a new retry
   */
  public Retry jitter(double part, RandomGenerator random) {
    return jittering(part, Check.notNull(random, "random"));
  }

  private Retry jittering(double part, @Nullable RandomGenerator random) {
    once(settings.jitter, "jitter");
    if (!(part >= 0 && part <= 1)) {
      throw new IllegalArgumentException(
          "jitter must be from 0 to 1, was " + part + ". It is a part of the wait: 0.2 is 20 %.");
    }
    Settings s = settings;
    return with(
        new Settings(s.first, s.cap, part, random, s.retryIf, s.each, s.total, s.listener, s.name));
  }

  /**
   * Sets which exceptions are tried again; all of them if not set. It is not asked about what is never tried again. If it
   * throws, the run fails with what the attempt threw, to which that is added as a suppressed exception.
   *
   * @param picks true for what may go well the next time; called on the thread on which the attempt ended
   * @return a new retry
   */
  public Retry retryIf(Predicate<? super Exception> picks) {
    once(settings.retryIf, "retryIf");
    Check.notNull(picks, "retryIf");
    Settings s = settings;
    return with(new Settings(
        s.first, s.cap, s.jitter, s.random, picks, s.each, s.total, s.listener, s.name));
  }

  /**
   * Limits each attempt: at its limit it is cancelled, or interrupted, and counts as failed with a {@link TimeoutException}.
   *
   * @param limit longer than zero
   * @return a new retry
   */
  public Retry eachWithin(Duration limit) {
    once(settings.each, "eachWithin");
    Check.positiveNanos(limit, "eachWithin");
    Settings s = settings;
    return with(new Settings(
        s.first, s.cap, s.jitter, s.random, s.retryIf, limit, s.total, s.listener, s.name));
  }

  /**
   * Limits the whole: all attempts and the waits between them.
   *
   * @param total longer than zero
   * @return a new retry
   */
  public Retry within(Duration total) {
    once(settings.total, "within");
    Check.positiveNanos(total, "within");
    Settings s = settings;
    return with(new Settings(
        s.first, s.cap, s.jitter, s.random, s.retryIf, s.each, total, s.listener, s.name));
  }

  /**
   * Sets who is told of each attempt that failed and is followed by another.
   *
   * @param told called on the thread on which the attempt ended
   * @return a new retry
   */
  public Retry onRetry(Listener told) {
    once(settings.listener, "onRetry");
    Check.notNull(told, "onRetry");
    Settings s = settings;
    return with(
        new Settings(s.first, s.cap, s.jitter, s.random, s.retryIf, s.each, s.total, told, s.name));
  }

  /**
   * Sets what listings and messages call it; {@code retry} if not set.
   *
   * @param given not blank
   * @return a new retry
   */
  public Retry named(String given) {
    once(settings.name, "named");
    Check.name(given, "name");
    Settings s = settings;
    return with(new Settings(
        s.first, s.cap, s.jitter, s.random, s.retryIf, s.each, s.total, s.listener, given));
  }

  private Retry with(Settings changed) {
    return new Retry(attempts, changed);
  }

  private void once(@Nullable Object value, String what) {
    if (value == null) {
      return;
    }
    String first = value instanceof Duration duration
        ? ", first to " + Text.duration(duration)
        : value instanceof Number || value instanceof String ? ", first to " + value : "";
    throw new IllegalStateException(
        what + " of '" + name + "' is set twice" + first + ". Set it once.");
  }

  /**
   * Tries something that returns a stage.
   *
   * <p>The first attempt begins on this thread, further ones on a thread of the manager. The result ends with the stage of an
   * attempt that succeeds, on the thread that completes it; otherwise as {@linkplain Retry above}, or with its owner, or by its
   * holder. If the run ends while an attempt is under way, the stage of that is cancelled. Cancelling the result, or a stage
   * derived from it, ends the run.
   *
   * @param <T>   what the result is of
   * @param owner who ends it
   * @param body  begins an attempt; what it throws counts as the attempt's failure
   * @return the result; if the owner is closed already, it has a {@link ClosedScopeException}
   */
  public <T extends @Nullable Object> CompletableFuture<T> run(
      Scope owner, Supplier<? extends CompletionStage<T>> body) {
    OwnerNode.of(owner);
    Check.notNull(body, "body");
    return RetryRun.start(this, owner, body);
  }

  /**
   * Tries something on this thread, and waits between attempts on it.
   *
   * <p>An interrupt ends the wait with an {@link InterruptedException}; what the latest attempt failed with is a suppressed
   * exception of it. An attempt is interrupted at its limit, at the limit of the whole, and when its owner closes, as {@link
   * io.leaksafe.timeout.Timeouts#call} says.
   *
   * @param <T>   what it returns
   * @param owner who ends it
   * @param body  an attempt
   * @return what the first attempt that succeeded returned
   * @throws TimeoutException     if the time was over, of the last attempt or of the whole
   * @throws InterruptedException if this thread was interrupted
   * @throws ClosedScopeException if the owner closed
   * @throws Exception            what the last attempt threw
   */
  public <T extends @Nullable Object> T call(Scope owner, Callable<T> body) throws Exception {
    OwnerNode.of(owner);
    Check.notNull(body, "body");
    return new RetryCall<T>(this, owner, body).run();
  }

  /** Returns what it does, in words. */
  @Override
  public String toString() {
    return "Retry '" + name + "', " + Text.count(attempts, "attempt");
  }
}
