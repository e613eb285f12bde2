package com.acme.leaks;

import static com.acme.leaks.Probed.left;
import static com.acme.leaks.Probed.leftInTheEnd;
import static org.assertj.core.api.Assertions.assertThat;

import io.leaksafe.testkit.leak.Leak;
import io.leaksafe.testkit.leak.LeakKind;
import java.io.File;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

class JvmLeaksTest {
  private static final String PROPERTY = "com.acme.leaks.JvmLeaksTest";

  @Test
  void shutdownHook_stillRegistered_isFound() throws Exception {
    Thread hook = new Thread(() -> {}, "bye");
    List<Leak> leaks = left(() -> Runtime.getRuntime().addShutdownHook(hook));
    Runtime.getRuntime().removeShutdownHook(hook);

    assertThat(leaks)
        .extracting(Leak::toString)
        .containsExactly("SHUTDOWN HOOK \"bye\", still registered");
  }

  @Test
  void shutdownHook_removed_isNoLeak() throws Exception {
    Thread hook = new Thread(() -> {}, "bye");
    assertThat(left(() -> {
          Runtime.getRuntime().addShutdownHook(hook);
          Runtime.getRuntime().removeShutdownHook(hook);
        }))
        .isEmpty();
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "no sleep command")
  void process_alive_isFoundWithItsCommand() throws Exception {
    Process[] process = new Process[1];
    List<Leak> leaks = left(() -> process[0] = new ProcessBuilder("sleep", "60").start());
    process[0].destroyForcibly().waitFor();

    assertThat(leaks).extracting(Leak::kind).containsExactly(LeakKind.PROCESS);
    assertThat(leaks.get(0).name()).isEqualTo(process[0].pid() + " sleep 60");
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "no true command")
  void process_ended_isNoLeak() throws Exception {
    assertThat(leftInTheEnd(() -> new ProcessBuilder("true").start().waitFor())).isEmpty();
  }

  @Test
  void systemProperty_changed_isFoundOnRequestAlone() throws Exception {
    assertThat(left(() -> System.setProperty(PROPERTY, "a"))).isEmpty();

    List<Leak> leaks = left(() -> System.setProperty(PROPERTY, "b"), LeakKind.JVM_STATE);
    System.clearProperty(PROPERTY);

    assertThat(leaks)
        .extracting(Leak::toString)
        .contains("JVM STATE system property \"" + PROPERTY + "\", was \"a\", is \"b\"");
  }

  @Test
  void threadLocal_notRemoved_isFoundOnRequestAlone() throws Exception {
    ThreadLocal<StringBuilder> local = new ThreadLocal<>();
    assertThat(left(() -> local.set(new StringBuilder()))).isEmpty();
    local.remove();

    List<Leak> leaks = left(() -> local.set(new StringBuilder()), LeakKind.THREAD_LOCAL);
    local.remove();

    assertThat(leaks).extracting(Leak::name).containsExactly("java.lang.StringBuilder");
  }

  @Test
  void threadLocal_removed_isNoLeak() throws Exception {
    ThreadLocal<StringBuilder> local = new ThreadLocal<>();
    assertThat(left(
            () -> {
              local.set(new StringBuilder());
              local.remove();
            },
            LeakKind.THREAD_LOCAL))
        .isEmpty();
  }

  @Test
  void directBuffer_stillReferenced_isFoundOnRequestAlone() throws Exception {
    ByteBuffer[] kept = new ByteBuffer[1];
    assertThat(left(() -> kept[0] = ByteBuffer.allocateDirect(1_024))).isEmpty();

    List<Leak> leaks =
        left(() -> kept[0] = ByteBuffer.allocateDirect(2_048), LeakKind.DIRECT_MEMORY);

    assertThat(kept[0].capacity()).isEqualTo(2_048);
    assertThat(leaks).extracting(Leak::name).containsExactly("2,048 bytes");
  }

  @Test
  void directBuffer_noLongerReferenced_isCollectedBeforeTheVerdict() throws Exception {
    assertThat(left(() -> ByteBuffer.allocateDirect(1_024), LeakKind.DIRECT_MEMORY))
        .isEmpty();
  }

  @Test
  void deleteOnExit_asked_isFoundOnRequestAlone() throws Exception {
    File file = new File("target", "no-such-file-1");
    assertThat(left(file::deleteOnExit)).isEmpty();

    List<Leak> leaks =
        left(new File("target", "no-such-file-2")::deleteOnExit, LeakKind.DELETE_ON_EXIT);

    assertThat(leaks).extracting(Leak::kind).containsExactly(LeakKind.DELETE_ON_EXIT);
    assertThat(leaks.get(0).name()).endsWith("no-such-file-2");
  }
}
