package com.acme.check;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.reporting.ReportEntry;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Runs test classes inside of a test, and keeps what came of it. */
final class Launch implements TestExecutionListener {

  private final Map<String, TestExecutionResult> results = new ConcurrentHashMap<>();
  private final List<String> entries = new ArrayList<>();

  private Launch() {}

  static Launch of(Class<?> type, Map<String, String> configuration) {
    return of(type, configuration, new LauncherSessionListener[0]);
  }

  static Launch of(
      Class<?> type, Map<String, String> configuration, LauncherSessionListener... listeners) {
    Launch launch = new Launch();
    LauncherConfig config = LauncherConfig.builder()
        .enableLauncherSessionListenerAutoRegistration(false)
        .addLauncherSessionListeners(listeners)
        .build();
    try (LauncherSession session = LauncherFactory.openSession(config)) {
      session
          .getLauncher()
          .execute(
              LauncherDiscoveryRequestBuilder.request()
                  .selectors(selectClass(type))
                  .configurationParameter("junit.jupiter.execution.parallel.enabled", "false")
                  .configurationParameters(configuration)
                  .build(),
              launch);
    }
    return launch;
  }

  @Override
  public void executionFinished(TestIdentifier test, TestExecutionResult result) {
    results.put(test.getDisplayName().replace("()", ""), result);
  }

  @Override
  public synchronized void reportingEntryPublished(TestIdentifier test, ReportEntry entry) {
    entries.add(test.getDisplayName() + ": " + entry.getKeyValuePairs());
  }

  synchronized List<String> entries() {
    return List.copyOf(entries);
  }

  /** The failure of a test or class, null if it was successful. */
  Throwable failure(String name) {
    TestExecutionResult result = results.get(name);
    if (result == null) {
      throw new AssertionError(name + " did not run; these did: " + results);
    }
    return result.getThrowable().orElse(null);
  }
}
