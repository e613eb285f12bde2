package io.leaksafe.examples.calls;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.leaksafe.cleanup.CleanupManager;
import io.leaksafe.cleanup.CloseReport;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** The service started and closed again and again in one JVM: what a reload, or a test suite, does to it. */
@Isolated("counts the threads of this JVM")
class CallServiceCyclesTest {

  @Test
  void startAndClose_60Times_leavesNoHandleAndNoThread(@TempDir Path data) throws Exception {
    Set<Thread> before = Footprint.threads();
    for (int cycle = 0; cycle < 60; cycle++) {
      CleanupManager calls = CleanupManager.create("calls").closeOnExit();
      CallService service = new CallService(calls, Settings.of(data, 0));
      assertThat(RawHttp.post(service.port(), Webhooks.json("c-1", "ringing")).status())
          .isEqualTo(200);
      assertThat(calls.handles()).as("cycle " + cycle).hasSize(13);

      CloseReport report = calls.shutdown();

      assertThat(report.clean()).as(report.toString()).isTrue();
      assertThat(calls.handles()).isEmpty();
    }
    assertThat(Footprint.threadsSince(before, ofSeconds(1))).isEmpty();
    assertThat(DataFolder.lines(data)).isEqualTo(60);
  }
}
