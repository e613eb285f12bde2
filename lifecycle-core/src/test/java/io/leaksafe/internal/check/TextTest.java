package io.leaksafe.internal.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextTest {

  @ParameterizedTest
  @CsvSource({
    "PT0S, 0 ns",
    "PT0.000000001S, 1 ns",
    "PT0.000000999S, 999 ns",
    "PT0.000001S, 1 µs",
    "PT0.0000012S, 1.2 µs",
    "PT0.000009999S, 9.9 µs",
    "PT0.00001S, 10 µs",
    "PT0.000999999S, 999 µs",
    "PT0.001S, 1 ms",
    "PT0.00125S, 1.2 ms",
    "PT0.009999S, 9.9 ms",
    "PT0.01S, 10 ms",
    "PT0.999999S, 999 ms",
    "PT1S, 1 s",
    "PT1.25S, 1.2 s",
    "PT10.05S, 10 s",
    "PT59.999S, 59.9 s",
    "PT1M, 1 min",
    "PT1M0.9S, 1 min",
    "PT4M12S, 4 min 12 s",
    "PT59M59S, 59 min 59 s",
    "PT1H, 1 h",
    "PT3H12M, 3 h 12 min",
    "PT23H59M59S, 23 h 59 min",
    "PT24H, 1 d",
    "PT49H30M, 2 d 1 h",
    "PT-1S, -1 s",
    "PT-0.000000001S, -1 ns",
  })
  void duration_ofAnyLength_namesTheTwoLargestUnitsThatSaySomething(
      Duration duration, String text) {
    assertThat(Text.duration(duration)).isEqualTo(text);
  }

  @Test
  void duration_ofTheSmallestAndLargest_doesNotOverflow() {
    assertThat(Text.duration(Long.MAX_VALUE)).isEqualTo("106751 d 23 h");
    assertThat(Text.duration(Long.MIN_VALUE)).isEqualTo("-106751 d 23 h");
    assertThat(Text.duration(Duration.ofSeconds(Long.MAX_VALUE))).isEqualTo("106751 d 23 h");
  }

  @Test
  void count_ofLargeNumbers_groupsDigitsWhateverTheLocale() {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.GERMANY);
      assertThat(Text.count(1_234_567)).isEqualTo("1,234,567");
      assertThat(Text.count(0)).isEqualTo("0");
      assertThat(Text.count(-1_000)).isEqualTo("-1,000");
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void count_withANoun_usesThePluralExceptForOne() {
    assertThat(Text.count(0, "handle")).isEqualTo("0 handles");
    assertThat(Text.count(1, "handle")).isEqualTo("1 handle");
    assertThat(Text.count(1_000, "handle")).isEqualTo("1,000 handles");
  }

  @Test
  void frame_ofAClassInAPackage_dropsThePackage() {
    StackTraceElement frame = new StackTraceElement("com.acme.Feed", "connect", "Feed.java", 88);
    assertThat(Text.frame(frame)).isEqualTo("Feed.connect(Feed.java:88)");
    assertThat(Text.fullFrame(frame)).isEqualTo("com.acme.Feed.connect(Feed.java:88)");
  }

  @Test
  void frame_ofANestedClass_keepsItsOuterClass() {
    assertThat(Text.frame(new StackTraceElement("com.acme.Feed$Reader", "run", "Feed.java", 9)))
        .isEqualTo("Feed$Reader.run(Feed.java:9)");
  }

  @Test
  void frame_ofAClassWithoutPackage_isItself() {
    StackTraceElement frame = new StackTraceElement("Main", "main", "Main.java", 1);
    assertThat(Text.frame(frame)).isEqualTo("Main.main(Main.java:1)");
    assertThat(Text.fullFrame(frame)).isEqualTo("Main.main(Main.java:1)");
  }

  @Test
  void frame_withoutFileOrLine_saysWhatIsKnown() {
    assertThat(Text.frame(new StackTraceElement("com.acme.Feed", "connect", null, -1)))
        .isEqualTo("Feed.connect(Unknown Source)");
    assertThat(Text.frame(new StackTraceElement("com.acme.Feed", "connect", "Feed.java", -1)))
        .isEqualTo("Feed.connect(Feed.java)");
    assertThat(Text.frame(new StackTraceElement("com.acme.Feed", "connect", "Feed.java", -2)))
        .isEqualTo("Feed.connect(Feed.java)");
  }

  @Test
  void fullFrame_inANamedModule_leavesTheModuleOut() {
    StackTraceElement frame = new StackTraceElement(
        "app", "java.base", "17", "java.lang.Thread", "run", "Thread.java", 1);
    assertThat(Text.fullFrame(frame)).isEqualTo("java.lang.Thread.run(Thread.java:1)");
  }
}
