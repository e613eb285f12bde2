package io.leaksafe.examples.docs;

import static io.leaksafe.testkit.assertj.LifecycleAssertions.assertThat;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static org.assertj.core.api.Assertions.assertThat;

import io.leaksafe.cleanup.CleanupManager;
import io.leaksafe.cleanup.CloseReport;
import io.leaksafe.cleanup.Scope;
import io.leaksafe.schedule.ManagedScheduler;
import io.leaksafe.testkit.VirtualTime;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The README's proof. */
class ProveItTest {

  // region prove
  @Test
  void close_afterAnHourOfWork_leavesNothing() throws Exception {
    VirtualTime time = VirtualTime.create();
    CleanupManager app = CleanupManager.builder("feed").timeSource(time).build();
    Feed feed = new Feed(app);

    time.advance(ofHours(1)); // takes milliseconds
    assertThat(feed.sweeps()).isEqualTo(12);

    CloseReport report = time.call(app::shutdown);
    assertThat(report).isClean(); // or the failure is the report
    assertThat(app).hasNoLiveHandles(); // or each is named, with its age and opener
  }

  // endregion

  private static final class Feed {
    private final AtomicInteger sweeps = new AtomicInteger();

    Feed(Scope owner) {
      ManagedScheduler.in(owner, "timers").every("sweep", ofMinutes(5), sweeps::incrementAndGet);
    }

    int sweeps() {
      return sweeps.get();
    }
  }
}
