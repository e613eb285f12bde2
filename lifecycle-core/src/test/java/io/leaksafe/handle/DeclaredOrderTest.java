package io.leaksafe.handle;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Orders and names that users see: in code by comparison, in reports by eye. */
class DeclaredOrderTest {

  @Test
  void priority_values_areInClosingOrder() {
    assertThat(Priority.values())
        .containsExactly(
            Priority.FIRST, Priority.EARLY, Priority.NORMAL, Priority.LATE, Priority.LAST);
  }

  @Test
  void tracking_values_recordMoreAndMore() {
    assertThat(Tracking.values())
        .containsExactly(Tracking.DISABLED, Tracking.SIMPLE, Tracking.ADVANCED, Tracking.PARANOID);
  }

  @Test
  void kind_names_fitTheColumnOfAReport() {
    assertThat(Kind.values()).allMatch(kind -> kind.name().length() <= 9);
    assertThat(Priority.values()).allMatch(priority -> priority.name().length() <= 6);
  }

  @Test
  void closedScopeException_ofAMessage_isAnIllegalState() {
    assertThat(new ClosedScopeException("'app' is closed."))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("'app' is closed.")
        .hasNoCause();
  }
}
