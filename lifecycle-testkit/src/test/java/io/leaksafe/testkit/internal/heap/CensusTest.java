package io.leaksafe.testkit.internal.heap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class CensusTest {

  private static final String HEAD = """
       num     #instances         #bytes  class name (module)
      -------------------------------------------------------
         1:           100           2400  java.lang.String (java.base@25)
      """;

  @Test
  void total_ofAHistogram_isTheSecondNumberOfItsLastLine() {
    assertThat(Census.total(HEAD + "Total           100           2400\n")).isEqualTo(2_400);
  }

  @Test
  void total_withFillersOfTheCollector_leavesThemOut() {
    String fillers = """
         2:            12           3440  [Ljdk.internal.vm.FillerElement; (java.base@25)
         3:             2             32  jdk.internal.vm.FillerObject (java.base@25)
        """;
    assertThat(Census.total(HEAD + fillers + "Total           114           5872\n"))
        .isEqualTo(2_400);
  }

  @Test
  void total_ofSomethingElse_saysWhatItWas() {
    assertThatThrownBy(() -> Census.total("no such command"))
        .hasMessage("HotSpot's class histogram has no line with the total: no such command");
  }
}
