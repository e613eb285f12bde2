package io.leaksafe.testkit.internal.ledger;

import io.leaksafe.internal.check.Text;
import java.time.Duration;
import java.util.Locale;

/** How things are called in a report. */
final class Words {

  private Words() {}

  /** {@code daemon, waiting}. */
  static String state(Thread thread) {
    String doing = switch (thread.getState()) {
      case NEW -> "not started";
      case RUNNABLE -> "running";
      case BLOCKED -> "blocked";
      case WAITING, TIMED_WAITING -> "waiting";
      case TERMINATED -> "ended";
    };
    return (thread.isDaemon() && !isVirtual(thread) ? "daemon, " : "") + doing;
  }

  /** {@code thread order-expiry-1 (daemon, waiting)}. */
  static String thread(Thread thread) {
    String kind = isVirtual(thread) ? "virtual thread" : "thread";
    String name = thread.getName().isEmpty() ? "" : " " + thread.getName();
    return kind + name + " (" + state(thread) + ")";
  }

  static boolean isVirtual(Thread thread) {
    return thread.getClass().getSimpleName().toLowerCase(Locale.ROOT).contains("virtual");
  }

  /** A type's name; that of a lambda, which differs from run to run, by where it was written. */
  static String type(String name) {
    int lambda = name.indexOf("$$Lambda");
    return lambda < 0 ? name : "lambda in " + name.substring(0, lambda);
  }

  static String nanos(long nanos) {
    return Text.duration(Duration.ofNanos(nanos));
  }

  /** What threads of one kind are called: their name without its number. */
  static String family(String name) {
    String family = name.replaceFirst("(-thread|-worker|-Worker)?[-_ #]?\\d+$", "");
    return family.isEmpty() ? name : family;
  }
}
