package io.leaksafe.cleanup;

import io.leaksafe.cleanup.CloseReport.Entry;
import io.leaksafe.cleanup.CloseReport.Outcome;
import io.leaksafe.handle.HandleInfo;
import io.leaksafe.internal.check.Text;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Writes a report for a person on call: the summary, what went wrong with reasons, then how long the rest took. */
final class ReportTable {

  private static final int MOST_ROWS = 40;
  private static final int MOST_FRAMES = 8;
  private static final List<String> MACHINERY = List.of(
      "java.", "javax.", "jdk.", "sun.", "io.leaksafe.time.", "io.leaksafe.internal.virtual.");
  private static final String VIRTUAL_TIME = "io.leaksafe.testkit.VirtualTime";

  private ReportTable() {}

  static String of(CloseReport report) {
    StringBuilder text = new StringBuilder(summary(report));
    List<Entry> problems = new ArrayList<>();
    List<Entry> closed = new ArrayList<>();
    for (Entry entry : report.entries()) {
      (entry.outcome() == Outcome.CLOSED ? closed : problems).add(entry);
    }
    int width = report.entries().stream()
        .limit(2 * MOST_ROWS)
        .mapToInt(entry -> shortPath(report, entry).length())
        .max()
        .orElse(0);
    problems.stream().limit(MOST_ROWS).forEach(entry -> {
      text.append(row(report, entry, width));
      text.append(reasons(entry));
    });
    text.append(more(problems, "more that did not close cleanly"));
    closed.stream().limit(MOST_ROWS).forEach(entry -> text.append(row(report, entry, width)));
    text.append(more(closed, "more closed"));
    return text.toString();
  }

  private static String more(List<Entry> entries, String what) {
    return entries.size() <= MOST_ROWS
        ? ""
        : "\n  ... and " + Text.count(entries.size() - MOST_ROWS) + " " + what;
  }

  private static String summary(CloseReport report) {
    String state = report.clean()
        ? "closed cleanly"
        : report.complete() ? "closed, not cleanly," : "is not closed";
    Map<Outcome, Integer> counts = new EnumMap<>(Outcome.class);
    report.entries().forEach(entry -> counts.merge(entry.outcome(), 1, Integer::sum));
    String outcomes = counts.entrySet().stream()
        .map(each -> Text.count(each.getValue()) + " " + words(each.getKey()))
        .collect(Collectors.joining(", "));
    return "'" + report.scope() + "' " + state + (report.complete() ? " in " : " after ")
        + Text.duration(report.took()) + ": " + (outcomes.isEmpty() ? "nothing was open" : outcomes)
        + ", "
        + Text.count(report.live().size()) + " live";
  }

  private static String words(Outcome outcome) {
    return outcome.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  private static String row(CloseReport report, Entry entry, int width) {
    HandleInfo handle = entry.handle();
    return "\n  " + pad(entry.outcome().name(), 9) + "  " + pad(shortPath(report, entry), width)
        + "  "
        + pad(handle.kind().name(), 9) + "  " + pad(handle.priority().name(), 6) + "  "
        + Text.duration(entry.took());
  }

  private static String reasons(Entry entry) {
    StringBuilder text =
        new StringBuilder("\n             ").append(entry.handle().opening());
    if (entry.error() != null) {
      text.append("\n             threw ").append(entry.error());
    }
    for (StackTraceElement frame : entry.stuckAt().stream().limit(MOST_FRAMES).toList()) {
      text.append("\n             stuck at ").append(Text.fullFrame(frame));
    }
    return text.toString();
  }

  private static String shortPath(CloseReport report, Entry entry) {
    String path = entry.handle().path();
    return path.startsWith(report.scope() + "/")
        ? path.substring(report.scope().length() + 1)
        : path;
  }

  private static String pad(String text, int width) {
    return text + " ".repeat(Math.max(0, width - text.length()));
  }

  /** What went wrong with one handle, as sentences. */
  static String problem(Entry entry) {
    HandleInfo handle = entry.handle();
    String took = Text.duration(entry.took());
    String what = switch (entry.outcome()) {
      case CLOSED -> "closed in " + took + ".";
      case FAILED -> "failed to close: " + withoutStop(String.valueOf(entry.error())) + ".";
      case TIMED_OUT ->
        "did not close in time and was interrupted after " + took
            + ". Raise its timeout(), or look for what it waits for.";
      case HUNG ->
        "is not closed: its closer ignored an interrupt and has been running for " + took + ".";
      case LATE -> "closed late, after " + took + ".";
      case PENDING -> "is not closed: its closer has not ended.";
    };
    return "'" + handle.path() + "' (" + handle.opening() + ") " + what + where(entry);
  }

  /** Says that a closer is overdue. */
  static String overdue(Entry entry) {
    return "The closer of '" + entry.handle().path() + "' (" + entry.handle().opening()
        + ") has been running for " + Text.duration(entry.took())
        + ", longer than its share of the time." + where(entry);
  }

  private static String withoutStop(String sentence) {
    return sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) : sentence;
  }

  private static String where(Entry entry) {
    return entry.stuckAt().isEmpty()
        ? ""
        : " It is at " + Text.fullFrame(outsideTheJdk(entry.stuckAt())) + ".";
  }

  /** The innermost frame that is not the JDK's nor of what waits here for time; what waits there is known, who waits is wanted. */
  private static StackTraceElement outsideTheJdk(List<StackTraceElement> stack) {
    return stack.stream()
        .filter(frame -> !isMachinery(frame.getClassName()))
        .findFirst()
        .orElse(stack.get(0));
  }

  private static boolean isMachinery(String type) {
    return MACHINERY.stream().anyMatch(type::startsWith) || type.equals(VIRTUAL_TIME);
  }
}
