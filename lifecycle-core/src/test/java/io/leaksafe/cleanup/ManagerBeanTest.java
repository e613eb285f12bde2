package io.leaksafe.cleanup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leaksafe.health.HealthMonitor;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.management.Attribute;
import javax.management.AttributeList;
import javax.management.AttributeNotFoundException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.ReflectionException;
import javax.management.openmbean.CompositeData;
import javax.management.openmbean.OpenMBeanInfo;
import javax.management.openmbean.TabularData;
import org.junit.jupiter.api.Test;

/** What JMX shows of a manager, through the server of this JVM. */
class ManagerBeanTest extends CleanupTestCase {

  private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();

  private CleanupManager visible(String name) {
    return build(CleanupManager.builder(name).jmx());
  }

  private static ObjectName bean(String manager, String more) throws Exception {
    return new ObjectName(
        "io.leaksafe:type=CleanupManager,name=" + ObjectName.quote(manager) + more);
  }

  private Object read(String manager, String attribute) throws Exception {
    return server.getAttribute(bean(manager, ""), attribute);
  }

  private static CompositeData row(Object table, Object key) {
    return ((TabularData) table).get(new Object[] {key});
  }

  @Test
  void manager_withoutJmx_isNotVisible() throws Exception {
    manager("hidden");

    assertThat(server.isRegistered(bean("hidden", ""))).isFalse();
  }

  @Test
  void attributes_ofAnOpenManager_showWhatIsLive() throws Exception {
    CleanupManager app = visible("shop: \"one\"");
    open(app.child("session"), "socket");
    time.advance(seconds(90));
    String name = "shop: \"one\"";

    assertThat(read(name, "Name")).isEqualTo(name);
    assertThat(read(name, "State")).isEqualTo("OPEN");
    assertThat(read(name, "Ready")).isEqualTo(true);
    assertThat(read(name, "Live")).isEqualTo(2);
    assertThat((String) read(name, "Tree")).isEqualTo(app.describe()).contains("socket");
    assertThat((String) read(name, "Report")).isEqualTo(app.report().toString());
    assertThat(row(read(name, "LiveByKind"), "RESOURCE").get("value")).isEqualTo("1");
    assertThat(row(read(name, "LiveByKind"), "SCOPE").get("value")).isEqualTo("1");
    CompositeData first = row(read(name, "Handles"), 1);
    assertThat(first.getAll(new String[] {"path", "kind", "priority", "ageSeconds"}))
        .containsExactly(name + "/session/socket", "RESOURCE", "NORMAL", 90L);
    assertThat((String) first.get("opened")).startsWith("opened 1 min 30 s ago by '");
  }

  @Test
  void health_ofAManagerWithoutAMonitor_isEmpty() throws Exception {
    visible("plain");

    assertThat((TabularData) read("plain", "Health")).isEqualTo(OpenTables.pairs(Map.of()));
  }

  @Test
  void health_ofAManagerWithAMonitor_isWhatThatSaysUntilItCloses() throws Exception {
    CleanupManager app = visible("healthy");
    Scope below = app.child("below");
    HealthMonitor.in(below, "health");

    assertThat(row(read("healthy", "Health"), "ready").get("value")).isEqualTo("true");
    assertThat(row(read("healthy", "Health"), "level").get("value")).isNotNull();
    below.close();
    assertThat(((TabularData) read("healthy", "Health")).isEmpty()).isTrue();
  }

  @Test
  void check_throughJmx_returnsWhatIsTooOld() throws Exception {
    CleanupManager app = visible("checked");
    open(app, "upload").warnAfter(seconds(10));
    time.advance(seconds(11));

    Object old = server.invoke(bean("checked", ""), "check", null, null);

    assertThat(((TabularData) old).size()).isEqualTo(1);
    assertThat(row(old, 1).get("path")).isEqualTo("checked/upload");
  }

  @Test
  void managers_ofOneName_haveNumbersAndComeOutOneByOne() throws Exception {
    CleanupManager first = visible("twin");
    CleanupManager second = visible("twin");
    open(second, "only here");

    assertThat(server.getAttribute(bean("twin", ",number=2"), "Live")).isEqualTo(1);
    assertThat(read("twin", "Live")).isEqualTo(0);
    time.run(first::shutdown);
    assertThat(server.isRegistered(bean("twin", ""))).isFalse();
    assertThat(server.isRegistered(bean("twin", ",number=2"))).isTrue();
    time.run(second::shutdown);
    assertThat(server.isRegistered(bean("twin", ",number=2"))).isFalse();
  }

  @Test
  void close_ofAVisibleManager_takesItOutBeforeItReturns() throws Exception {
    CleanupManager app = visible("gone");
    openDeaf(app, "hung", seconds(100));
    time.run(app::shutdown);

    Set<ObjectName> left = server.queryNames(bean("gone", ",*"), null);
    assertThat(left).isEmpty();
  }

  @Test
  void bean_takenOutBySomebodyElse_doesNotDisturbTheClose() throws Exception {
    CleanupManager app = visible("stolen");
    server.unregisterMBean(bean("stolen", ""));

    assertThat(time.call(app::shutdown).clean()).isTrue();
  }

  @Test
  void info_listsEveryAttributeWithAnOpenType_andNoneCanBeSet() throws Exception {
    visible("described");
    OpenMBeanInfo info = (OpenMBeanInfo) server.getMBeanInfo(bean("described", ""));

    assertThat(info.getAttributes()).hasSize(9).allSatisfy(attribute -> {
      assertThat(attribute.isReadable()).isTrue();
      assertThat(attribute.isWritable()).isFalse();
    });
    AttributeList read =
        server.getAttributes(bean("described", ""), new String[] {"Name", "NoSuch", "Live"});
    assertThat(read.asList()).extracting(Attribute::getName).isEqualTo(List.of("Name", "Live"));
    assertThatThrownBy(
            () -> server.setAttribute(bean("described", ""), new Attribute("Name", "other")))
        .isInstanceOf(AttributeNotFoundException.class)
        .hasMessageContaining("'Name' cannot be set");
    assertThatThrownBy(() -> server.getAttribute(bean("described", ""), "NoSuch"))
        .isInstanceOf(AttributeNotFoundException.class)
        .hasMessageStartingWith("There is no attribute 'NoSuch'; there are [Name, State,");
    assertThatThrownBy(() -> server.invoke(bean("described", ""), "stop", null, null))
        .isInstanceOf(ReflectionException.class)
        .hasMessage("There is no operation 'stop'; there is 'check'.");
  }
}
