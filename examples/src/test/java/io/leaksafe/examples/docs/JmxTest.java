package io.leaksafe.examples.docs;

import static io.leaksafe.examples.docs.Docs.assertShown;
import static java.time.Duration.ofMinutes;
import static org.assertj.core.api.Assertions.assertThat;

import io.leaksafe.cleanup.CleanupManager;
import io.leaksafe.schedule.ManagedScheduler;
import io.leaksafe.testkit.VirtualTime;
import java.lang.management.ManagementFactory;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.openmbean.TabularData;
import org.junit.jupiter.api.Test;

/** How to see a manager through JMX. */
class JmxTest {

  private final VirtualTime time = VirtualTime.create();

  @Test
  void bean_ofAManager_showsItsTree() throws Exception {
    CleanupManager shop = Docs.madeBy("main", this::visible);
    Docs.onThreadNamed("main", () -> open(shop));
    time.advance(ofMinutes(12));
    // region read
    MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    ObjectName name = new ObjectName("io.leaksafe:type=CleanupManager,name=\"shop\"");
    String tree = (String) server.getAttribute(name, "Tree");
    TabularData suspects = (TabularData) server.invoke(name, "check", null, null);
    // endregion
    assertThat(suspects.size()).isEqualTo(1);
    assertShown("JmxTest", "tree", tree);
    time.run(shop::close);
    assertThat(server.isRegistered(name)).isFalse();
  }

  private CleanupManager visible() {
    // region visible
    CleanupManager shop = CleanupManager.builder("shop").jmx().timeSource(time).build();
    // endregion
    return shop;
  }

  private static void open(CleanupManager shop) {
    ManagedScheduler.in(shop, "timers").every("sweep", ofMinutes(5), () -> {});
    shop.child("session-7").register("upload", "upload", upload -> {}).warnAfter(ofMinutes(10));
  }
}
