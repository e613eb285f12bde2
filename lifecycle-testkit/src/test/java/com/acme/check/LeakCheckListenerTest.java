package com.acme.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.leaksafe.testkit.junit.LeakCheckExtension;
import io.leaksafe.testkit.junit.LeakCheckListener;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.parallel.Isolated;

/** When the listener lets JUnit find the extension, and when it keeps out of it. */
@Isolated // system properties
class LeakCheckListenerTest {

  private static final String ENABLED = "junit.jupiter.extensions.autodetection.enabled";
  private static final String INCLUDE = "junit.jupiter.extensions.autodetection.include";
  private static final AtomicReference<String> SEEN = new AtomicReference<>();

  /** On the class path these tests are checked themselves: then the listener has been at work, and does nothing twice. */
  @BeforeEach
  void nobodyIsChecked() {
    assumeThat(System.getProperty(INCLUDE)).as("what has been set already").isNull();
  }

  static final class Look implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      SEEN.set(context.getConfigurationParameter(ENABLED) + " "
          + context.getConfigurationParameter(INCLUDE));
      return ConditionEvaluationResult.enabled("looked");
    }
  }

  @ExtendWith(Look.class)
  static class Looking {
    @Test
    void looks() {}
  }

  private static String seen(Map<String, String> configuration) {
    Launch launch = Launch.of(Looking.class, configuration, new LeakCheckListener());
    assertThat(launch.failure("looks")).isNull();
    return SEEN.get();
  }

  @Test
  void discovery_nothingConfigured_findsThisExtensionAlone() {
    assertThat(seen(Map.of()))
        .isEqualTo("Optional[true] Optional[" + LeakCheckExtension.class.getName() + "]");
  }

  @Test
  void discovery_configuredByTheUser_isLeftAlone() {
    assertThat(seen(Map.of(ENABLED, "false"))).isEqualTo("Optional[false] Optional.empty");
    assertThat(seen(Map.of(ENABLED, "true"))).isEqualTo("Optional[true] Optional.empty");
    assertThat(seen(Map.of(INCLUDE, "com.acme.*")))
        .isEqualTo("Optional.empty Optional[com.acme.*]");
  }

  @Test
  void session_closed_takesItsSystemPropertiesBack() {
    seen(Map.of());
    assertThat(System.getProperty(ENABLED)).isNull();
    assertThat(System.getProperty(INCLUDE)).isNull();
  }
}
