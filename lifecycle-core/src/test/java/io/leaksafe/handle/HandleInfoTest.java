package io.leaksafe.handle;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HandleInfoTest {

  private static final StackTraceElement FRAME =
      new StackTraceElement("com.acme.Feed", "connect", "Feed.java", 88);
  private static final StackTraceElement CALLER =
      new StackTraceElement("com.acme.Main", "main", "Main.java", 5);

  private static HandleInfo info(
      String openedBy, List<StackTraceElement> origin, Map<String, String> details) {
    return new HandleInfo(
        "orders/session-7/socket",
        "socket",
        Kind.RESOURCE,
        Priority.LATE,
        Instant.EPOCH,
        Duration.ofSeconds(252),
        openedBy,
        origin,
        details);
  }

  @Test
  void openedAtFrame_withAStack_isTheInnermost() {
    assertThat(info("main", List.of(FRAME, CALLER), Map.of()).openedAtFrame()).contains(FRAME);
  }

  @Test
  void openedAtFrame_withoutAStack_isEmpty() {
    assertThat(info("main", List.of(), Map.of()).openedAtFrame()).isEmpty();
  }

  @Test
  void opening_withThreadAndFrame_saysAgeThreadAndFrame() {
    assertThat(info("ws-reader-3", List.of(FRAME), Map.of()).opening())
        .isEqualTo("opened 4 min 12 s ago by 'ws-reader-3' at Feed.connect(Feed.java:88)");
  }

  @Test
  void opening_withThreadAlone_saysAgeAndThread() {
    assertThat(info("main", List.of(), Map.of()).opening())
        .isEqualTo("opened 4 min 12 s ago by 'main'");
  }

  @Test
  void opening_withFrameAlone_saysAgeAndFrame() {
    assertThat(info("", List.of(FRAME), Map.of()).opening())
        .isEqualTo("opened 4 min 12 s ago at Feed.connect(Feed.java:88)");
  }

  @Test
  void opening_withNeither_saysTheAge() {
    assertThat(info("", List.of(), Map.of()).opening()).isEqualTo("opened 4 min 12 s ago");
  }

  @Test
  void toString_withDetails_isOneLineInTheirOrder() {
    Map<String, String> details = new LinkedHashMap<>();
    details.put("entries", "9");
    details.put("closed again", "1 time");
    assertThat(info("main", List.of(FRAME), details))
        .hasToString("'orders/session-7/socket' RESOURCE, LATE, entries 9, closed again 1 time,"
            + " opened 4 min 12 s ago by 'main' at Feed.connect(Feed.java:88)");
  }

  @Test
  void toString_withoutDetails_isOneLine() {
    assertThat(info("main", List.of(), Map.of()))
        .hasToString("'orders/session-7/socket' RESOURCE, LATE, opened 4 min 12 s ago by 'main'");
  }
}
