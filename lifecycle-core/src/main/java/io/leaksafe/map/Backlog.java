package io.leaksafe.map;

import io.leaksafe.internal.check.Text;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Warns when more and more has left a map of which its listener has not been told, and says what the listener is busy with. */
final class Backlog {
  /*
   * Nobody waits for a listener, so what it has not been told of is outside the map's bound. There are two ways to pile it up: many
   * removals of one key while one of them is being told of; and many keys that expire while all workers are in the listener.
   * All entries of a map may expire at once, so only what is more than that is worth a warning.
   *
   * Each doubling is warned of once in the life of a map, so that a listener which is slow every day fills no log.
   */
  private static final Logger LOG = LoggerFactory.getLogger(Backlog.class.getPackageName());
  private static final int MANY = 1_000;
  private static final List<String> NOT_OF_A_LISTENER =
      List.of("java.", "jdk.", "sun.", Backlog.class.getPackageName() + ".");

  private final Removals removals;
  private final Supplier<String> path;
  private final AtomicLong ofOneKey = new AtomicLong(MANY);
  private final AtomicLong ofAll;

  Backlog(Removals removals, Supplier<String> path, long maximum) {
    this.removals = removals;
    this.path = path;
    this.ofAll = new AtomicLong(Math.max(maximum + 1, MANY));
  }

  /** One more follows another of its key, whose stripe is locked. Returns a warning that is to be run after that, if any. */
  @Nullable
  Removal follows(Removal first) {
    return first.followers >= ofOneKey.get() && isNewlyReached(ofOneKey, first.followers)
        ? new Warning(this, removals, first)
        : null;
  }

  /** Looks at what expired and was given to workers; under no lock. */
  void look() {
    int untold = removals.untold();
    if (untold >= ofAll.get() && isNewlyReached(ofAll, untold)) {
      List<Removal> firsts = removals.firsts();
      firsts.stream()
          .filter(each -> each.teller() != null)
          .findFirst()
          .or(() -> firsts.stream().findFirst())
          .ifPresent(first -> warn(Text.count(untold, "removal"), first));
    }
  }

  /** Whether this thread is the one to warn of a count that has been reached; the next one is twice that. */
  private static boolean isNewlyReached(AtomicLong limit, long count) {
    long reached = limit.get();
    long next = reached;
    while (next <= count) {
      next *= 2;
    }
    return count >= reached && limit.compareAndSet(reached, next);
  }

  private void warn(String what, Removal busyWith) {
    LOG.warn(
        "{} of map '{}' wait to be told of: its removal listener is busy with key '{}'{}. Each keeps its value until then. Let the "
            + "listener return sooner, or hand its work to an executor that has a bound.",
        what,
        path.get(),
        busyWith.key,
        where(busyWith.teller()));
  }

  private static String where(@Nullable Thread teller) {
    if (teller == null) {
      return ", which no worker has begun with";
    }
    String on = " on '" + teller.getName() + "'";
    return innermost(teller.getStackTrace())
        .map(frame -> on + ", at " + Text.frame(frame))
        .orElse(on);
  }

  /** Where the listener is: neither in what the JDK does for it nor in what this map does. */
  private static Optional<StackTraceElement> innermost(StackTraceElement[] stack) {
    return Arrays.stream(stack)
        .takeWhile(frame -> !isTheCall(frame))
        .filter(frame -> NOT_OF_A_LISTENER.stream().noneMatch(frame.getClassName()::startsWith))
        .findFirst();
  }

  private static boolean isTheCall(StackTraceElement frame) {
    return frame.getClassName().equals(Removals.class.getName())
        && frame.getMethodName().equals("call");
  }

  /** What is to be run like a removal, and warns of those that wait behind one. */
  static final class Warning extends Removal {
    private final Backlog backlog;
    private final Removal first;
    private final String what;

    Warning(Backlog backlog, Removals to, Removal first) {
      super(to, first.hash, first.key, first.value, first.cause);
      this.backlog = backlog;
      this.first = first;
      this.what = Text.count(first.followers, "removal") + " of one key";
    }

    @Override
    public void run() {
      backlog.warn(what, first);
    }
  }
}
