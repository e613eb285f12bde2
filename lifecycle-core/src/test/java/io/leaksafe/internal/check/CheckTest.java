package io.leaksafe.internal.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CheckTest {

  @Test
  void notNull_ofAValue_returnsThatValue() {
    Object value = new Object();
    assertThat(Check.notNull(value, "value")).isSameAs(value);
  }

  @Test
  void notNull_ofNull_saysWhatMustNotBeNull() {
    assertThatThrownBy(() -> Check.notNull(null, "closer"))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("closer must not be null.");
  }

  @Test
  void name_ofANameWithSpacesAround_keepsIt() {
    assertThat(Check.name(" a ", "name")).isEqualTo(" a ");
  }

  @Test
  void name_ofNull_saysWhatMustNotBeNull() {
    assertThatThrownBy(() -> Check.name(null, "name"))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("name must not be null.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\t\n", "\u2003"})
  void name_ofWhiteSpace_quotesIt(String blank) {
    assertThatThrownBy(() -> Check.name(blank, "name"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "name must not be blank, was \"" + blank + "\". It is how reports and logs call this.");
  }

  @Test
  void positiveNanos_ofTheShortestDuration_isOne() {
    assertThat(Check.positiveNanos(Duration.ofNanos(1), "timeout")).isEqualTo(1);
  }

  @Test
  void positiveNanos_ofMoreThanALongHolds_isTheLargestLong() {
    assertThat(Check.positiveNanos(Duration.ofSeconds(Long.MAX_VALUE), "timeout"))
        .isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void positiveNanos_ofNull_saysWhatMustNotBeNull() {
    assertThatThrownBy(() -> Check.positiveNanos(null, "timeout"))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("timeout must not be null.");
  }

  @ParameterizedTest
  @CsvSource({
    "PT0S, 0 ns",
    "PT-0.000000001S, -1 ns",
    "PT-5S, -5 s",
    "PT-2562047788015215H, -106751 d 23 h"
  })
  void positiveNanos_ofZeroOrLess_quotesItWithItsUnit(Duration duration, String shown) {
    assertThatThrownBy(() -> Check.positiveNanos(duration, "timeout"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("timeout must be longer than zero, was " + shown + ".");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, Integer.MAX_VALUE})
  void positive_ofOneOrMore_returnsIt(int number) {
    assertThat(Check.positive(number, "width")).isEqualTo(number);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
  void positive_ofZeroOrLess_quotesIt(int number) {
    assertThatThrownBy(() -> Check.positive(number, "width"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("width must be 1 or more, was " + number + ".");
  }

  @Test
  void saturatedNanos_ofWhatFits_isExact() {
    assertThat(Check.saturatedNanos(Duration.ofNanos(Long.MAX_VALUE))).isEqualTo(Long.MAX_VALUE);
    assertThat(Check.saturatedNanos(Duration.ofNanos(Long.MIN_VALUE))).isEqualTo(Long.MIN_VALUE);
    assertThat(Check.saturatedNanos(Duration.ofMillis(-3))).isEqualTo(-3_000_000);
  }

  @Test
  void saturatedNanos_ofWhatDoesNotFit_staysAtTheEnd() {
    assertThat(Check.saturatedNanos(Duration.ofNanos(Long.MAX_VALUE).plusNanos(1)))
        .isEqualTo(Long.MAX_VALUE);
    assertThat(Check.saturatedNanos(Duration.ofNanos(Long.MIN_VALUE).minusNanos(1)))
        .isEqualTo(Long.MIN_VALUE);
  }
}
