package io.leaksafe.testkit.junit;

import io.leaksafe.testkit.leak.Leak;
import io.leaksafe.testkit.leak.LeakKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How one execution is checked: the settings of its own annotations upon those of what it is part of.
 *
 * @param enabled  whether it is checked
 * @param grace    how long what is about to end may take to end
 * @param also     kinds that are looked for only on request
 * @param own      what its own annotations allow
 * @param outer    the rules of what it is part of; null for the configuration
 * @param mistakes what is wrong with its own annotations, one text each
 */
record Rules(
    boolean enabled,
    Duration grace,
    Set<LeakKind> also,
    List<Allowed> own,
    @Nullable Rules outer,
    List<String> mistakes) {

  private static final long LONGEST_GRACE_MILLIS = 600_000;

  /** The rules where no annotation says anything. */
  static Rules configured(boolean enabled, long graceMillis, Set<LeakKind> also) {
    return new Rules(enabled, Duration.ofMillis(graceMillis), also, List.of(), null, List.of());
  }

  /** The rules of a part that says nothing itself. */
  Rules inside() {
    return new Rules(enabled, grace, also, List.of(), this, List.of());
  }

  /**
   * The rules of a part with annotations.
   *
   * @param where  the part, for messages
   * @param check  its settings, if it has any
   * @param allows what it allows
   */
  Rules inside(String where, @Nullable LeakCheck check, List<AllowLeak> allows) {
    List<String> mistakes = new ArrayList<>();
    List<Allowed> entries = entries(allows, mistakes);
    Rules rules = inside();
    if (check != null) {
      mistakesOf(check, mistakes);
      if (!entries.isEmpty() && !check.value()) {
        mistakes.add(
            entries.get(0) + " has no effect under @LeakCheck(false). Leave one of the two out.");
      }
      rules = inside(check, mistakes);
    }
    List<String> placed =
        mistakes.stream().map(mistake -> where + ": " + mistake).toList();
    return new Rules(rules.enabled, rules.grace, rules.also, entries, this, placed);
  }

  private Rules inside(LeakCheck check, List<String> mistakes) {
    EnumSet<LeakKind> kinds = EnumSet.noneOf(LeakKind.class);
    kinds.addAll(also);
    try {
      kinds.addAll(List.of(check.also()));
    } catch (EnumConstantNotPresentException unknown) {
      mistakes.add(unknownKind("also", unknown.constantName()));
    }
    Duration time = check.graceMillis() < 0 ? grace : Duration.ofMillis(check.graceMillis());
    return new Rules(check.value(), time, kinds, List.of(), this, List.of());
  }

  /** What to say of a kind that does not exist. */
  static String unknownKind(String where, String name) {
    return where + " names the kind '" + name
        + "', which this version of the testkit does not know. Kinds are "
        + EnumSet.allOf(LeakKind.class) + ".";
  }

  private static void mistakesOf(LeakCheck check, List<String> mistakes) {
    long millis = check.graceMillis();
    if (millis < -1 || millis > LONGEST_GRACE_MILLIS) {
      mistakes.add("graceMillis of @LeakCheck must be between 0 and 600,000, was " + millis
          + ". Leave it out for the 250 ms that most tests need.");
    }
    if (!check.value() && millis >= 0) {
      mistakes.add("@LeakCheck(false) waits for nothing, so its graceMillis = " + millis
          + " has no effect. Leave one of the two out.");
    }
  }

  private static List<Allowed> entries(List<AllowLeak> allows, List<String> mistakes) {
    List<Allowed> entries = new ArrayList<>();
    for (AllowLeak each : allows) {
      Allowed entry;
      try {
        entry = new Allowed(each);
      } catch (EnumConstantNotPresentException unknown) {
        mistakes.add(unknownKind("@AllowLeak", unknown.constantName()));
        continue;
      }
      if (entry.because().isEmpty()) {
        mistakes.add("because of " + entry
            + " must not be blank. Say why the leak is accepted, for who reads this in a year.");
      }
      if (entries.stream().anyMatch(entry::isLike)) {
        mistakes.add(entry + " is there twice. Leave one of the two out.");
      }
      entries.add(entry);
    }
    return List.copyOf(entries);
  }

  /** Whether an annotation here or further out allows the leak. Each that does counts as used. */
  boolean allows(Leak leak) {
    boolean allowed = false;
    for (Rules each = this; each != null; each = each.outer) {
      for (Allowed entry : each.own) {
        allowed |= entry.allows(leak);
      }
    }
    return allowed;
  }

  /** Its own entries that have allowed nothing. */
  List<Allowed> unused() {
    return own.stream().filter(entry -> !entry.isUsed()).toList();
  }
}
