package io.leaksafe.hitratios;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A trace made up by name, length, number of keys and seed; the same four give the same trace. The keys are scattered
 * numbers, so that no hash table gains by their order.
 */
final class Synthetic {

  /** The kinds of trace; those that draw by Zipf's law take an exponent behind their name. */
  enum Kind {
    ZIPF("zipf-<exponent>", "popularity by Zipf's law, for good"),
    DRIFT("drift-<exponent>", "the same, but what is popular changes slowly"),
    CHURN("churn-<exponent>", "the same, but all keys are new 20 times"),
    SCAN("scan-<exponent>", "Zipf's law, and now and then a scan of keys never seen again"),
    LOOP("loop", "all keys in order, again and again"),
    ZIGZAG("zigzag", "all keys forth and back"),
    MIXED("mixed-<exponent>", "Zipf's law, and phases of a loop over a part of the keys"),
    WEBHOOKS("webhooks", "calls with a few events each, then silence for ever"),
    SESSIONS("sessions-<exponent>", "sessions of users who come back by Zipf's law");

    private final String form;
    private final String meaning;

    Kind(String form, String meaning) {
      this.form = form;
      this.meaning = meaning;
    }

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    boolean takesExponent() {
      return form.endsWith(">");
    }
  }

  private static final double MOST_STEEP = 5;

  private final String name;
  private final Kind kind;
  private final double exponent;

  private Synthetic(String name, Kind kind, double exponent) {
    this.name = name;
    this.kind = kind;
    this.exponent = exponent;
  }

  /** What can be asked for, each with what it is. */
  static List<String> kinds() {
    return Stream.of(Kind.values())
        .map(kind -> kind.form + " (" + kind.meaning + ")")
        .toList();
  }

  /**
   * Finds the kind of trace that a name asks for.
   *
   * @param name as {@link #kinds()} says, for instance {@code zipf-0.9}
   * @throws IllegalArgumentException if there is no such trace
   */
  static Synthetic named(String name) {
    int dash = name.indexOf('-');
    String word = dash < 0 ? name : name.substring(0, dash);
    for (Kind kind : Kind.values()) {
      if (kind.word().equals(word) && kind.takesExponent() == (dash >= 0)) {
        return new Synthetic(name, kind, dash < 0 ? 0 : exponent(name, name.substring(dash + 1)));
      }
    }
    throw new IllegalArgumentException("There is no synthetic trace '"
        + name
        + "'. There are "
        + Stream.of(Kind.values()).map(kind -> kind.form).collect(Collectors.joining(", "))
        + ".");
  }

  private static double exponent(String name, String text) {
    double exponent;
    try {
      exponent = Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(exponentIsWrong(name, text), e);
    }
    if (exponent >= 0 && exponent <= MOST_STEEP) {
      return exponent;
    }
    throw new IllegalArgumentException(exponentIsWrong(name, text));
  }

  private static String exponentIsWrong(String name, String text) {
    return "The exponent of '" + name + "' must be a number from 0 to 5, was '" + text + "'.";
  }

  /** Makes the trace. */
  Trace trace(int length, int keys, long seed) {
    return new SyntheticRun(name, kind, length, keys, seed, new Zipf(keys, exponent)).build();
  }
}
