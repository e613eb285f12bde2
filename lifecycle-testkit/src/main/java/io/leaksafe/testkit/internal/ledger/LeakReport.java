package io.leaksafe.testkit.internal.ledger;

import io.leaksafe.internal.check.Text;
import io.leaksafe.testkit.leak.Leak;
import java.time.Duration;
import java.util.List;

/** The text of a report. */
public final class LeakReport {

  private static final int WIDTH = 88;

  /** How many lines are shown of a long way: the innermost, and those where it began. */
  private static final int INNERMOST = 4;

  private static final int OUTERMOST = 2;

  private LeakReport() {}

  /**
   * Says what was left behind.
   *
   * @param title  who left it: {@code OrderServiceTest.rejectsLateOrders()}
   * @param leaks  what was left, at least one
   * @param waited the grace it was given
   * @param tier   {@link Ledger#tier()}, and whatever the caller adds
   */
  public static String text(String title, List<Leak> leaks, Duration waited, String tier) {
    StringBuilder text = new StringBuilder(title)
        .append(" left ")
        .append(Text.count(leaks.size(), "thing"))
        .append(" behind (waited ")
        .append(Text.duration(waited))
        .append(")\n");
    for (int i = 0; i < leaks.size(); i++) {
      append(text, i + 1, leaks.get(i));
    }
    text.append('\n');
    leaks.stream().map(LeakReport::allowing).distinct().limit(3).forEach(text::append);
    return text.append(" leak check: ").append(tier).toString();
  }

  private static void append(StringBuilder text, int number, Leak leak) {
    String head = " " + number + ") " + leak;
    text.append('\n')
        .append(head)
        .append(" ".repeat(Math.max(2, WIDTH - head.length())))
        .append("age ")
        .append(Text.duration(leak.age()))
        .append('\n');
    if (!leak.holds().isEmpty()) {
      text.append("      holds  ").append(String.join(", ", leak.holds())).append('\n');
    }
    appendFrames(text, leak);
    if (!leak.fix().isEmpty()) {
      text.append("      fix    ").append(leak.fix()).append('\n');
    }
  }

  private static void appendFrames(StringBuilder text, Leak leak) {
    String lead = "      made by ";
    int size = leak.frames().size();
    int between = size - INNERMOST - OUTERMOST;
    for (int i = 0; i < size; i++) {
      boolean last = i == size - 1;
      text.append(lead).append(Text.frame(leak.frames().get(i)));
      text.append(last && !leak.thread().isEmpty() ? "      on thread " + leak.thread() : "");
      text.append('\n');
      lead = "           <- ";
      if (between > 0 && i == INNERMOST - 1) {
        text.append(lead).append(Text.count(between, "more line")).append('\n');
        i += between;
      }
    }
    if (leak.frames().isEmpty() && !leak.thread().isEmpty()) {
      text.append("      made on thread ").append(leak.thread()).append('\n');
    }
  }

  private static String allowing(Leak leak) {
    String place =
        leak.openedAt().isEmpty() ? "" : "openedAt = \"" + leak.openedAt().get(0) + "\", ";
    return " to allow: @AllowLeak(kind = " + leak.kind() + ", " + place + "because = \"...\")\n";
  }
}
