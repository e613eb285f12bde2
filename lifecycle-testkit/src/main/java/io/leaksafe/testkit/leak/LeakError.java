package io.leaksafe.testkit.leak;

import java.io.Serial;
import java.util.List;

/** Something was left behind; the message is the whole report. */
public final class LeakError extends AssertionError {

  @Serial
  private static final long serialVersionUID = 1L;

  private final transient List<Leak> leaks;

  /**
   * Made by the testkit.
   *
   * @param report the text of the report
   * @param leaks  what was left behind, at least one
   */
  public LeakError(String report, List<Leak> leaks) {
    super(report);
    this.leaks = List.copyOf(leaks);
  }

  /**
   * Returns what was left behind.
   *
   * @return the leaks in the order of the report; empty if this error was serialized
   */
  public List<Leak> leaks() {
    return leaks == null ? List.of() : leaks;
  }
}
