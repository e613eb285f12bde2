package io.leaksafe.testkit.scenarios;

import static io.leaksafe.testkit.leak.LeakKind.EXECUTOR;
import static io.leaksafe.testkit.leak.LeakKind.THREAD;

import io.leaksafe.testkit.junit.AllowLeak;
import io.leaksafe.testkit.junit.LeakCheck;
import io.leaksafe.testkit.leak.LeakKind;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.TestInstancePostProcessor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is judged, when, and what is allowed. */
final class OwnerScenarios {

  private OwnerScenarios() {}

  static ExecutorService pool() throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(1);
    pool.submit(() -> {}).get();
    return pool;
  }

  static ExecutorService leftPool() throws Exception {
    return Later.end(pool(), ExecutorService::shutdownNow);
  }

  @LeakCheck(graceMillis = 20_000) // its threads end by themselves, on a busy machine not at once
  static class ClassCloses {
    private static ExecutorService pool;

    @BeforeAll
    static void open() throws Exception {
      pool = pool();
    }

    @AfterAll
    static void close() {
      pool.shutdown();
    }

    @Test
    void usesIt() throws Exception {
      pool.submit(() -> {}).get();
    }

    @Test
    void usesItAgain() throws Exception {
      pool.submit(() -> {}).get();
    }
  }

  @Left(
      value = EXECUTOR,
      by = "OwnerScenarios.pool(",
      says = {"OwnerScenarios.ClassLeaves left", "ClassLeaves.open("})
  static class ClassLeaves {
    @BeforeAll
    static void open() throws Exception {
      leftPool();
    }

    @Test
    void isNotToBlame() {}

    @Test
    @Left(value = EXECUTOR, by = "OwnerScenarios.pool(", says = "ClassLeaves.leavesOneItself()")
    void leavesOneItself() throws Exception {
      leftPool();
    }
  }

  static class EachTestHasItsInstance {
    private final ExecutorService pool = pool();

    EachTestHasItsInstance() throws Exception {}

    @Test
    void closesIt() {
      pool.shutdown();
    }

    @Test
    @Left(value = EXECUTOR, by = "OwnerScenarios.pool(", says = "EachTestHasItsInstance.<init>")
    void doesNot() {
      Later.end(pool, ExecutorService::shutdownNow);
    }
  }

  @TestInstance(TestInstance.Lifecycle.PER_CLASS)
  static class OneInstance {
    @AutoClose("shutdown")
    private final ExecutorService pool = pool();

    OneInstance() throws Exception {}

    @Test
    void usesIt() throws Exception {
      pool.submit(() -> {}).get();
    }
  }

  @TestInstance(TestInstance.Lifecycle.PER_CLASS)
  @Left(value = EXECUTOR, by = "OwnerScenarios.pool(", says = "OneInstanceLeaves")
  static class OneInstanceLeaves {
    private final ExecutorService pool = leftPool();

    OneInstanceLeaves() throws Exception {}

    @Test
    void usesIt() throws Exception {
      pool.submit(() -> {}).get();
    }
  }

  static class Around {
    private ExecutorService pool;

    @BeforeEach
    void open() throws Exception {
      pool = pool();
    }

    @AfterEach
    void close() {
      pool.shutdown();
    }

    @Test
    void isClean() {}

    @ParameterizedTest
    @ValueSource(strings = {"one", "two", "three"})
    @Left(value = EXECUTOR, in = "two", by = "OwnerScenarios.pool(", says = "parameterized() ")
    void parameterized(String value) throws Exception {
      if (value.equals("two")) {
        leftPool();
      }
    }

    @RepeatedTest(3)
    @Left(value = EXECUTOR, in = "repetition 3", by = "OwnerScenarios.pool(")
    void repeated(RepetitionInfo info) throws Exception {
      if (info.getCurrentRepetition() == info.getTotalRepetitions()) {
        leftPool();
      }
    }

    @TestFactory
    @Left(value = EXECUTOR, in = "leaves one", by = "OwnerScenarios.pool(")
    Stream<DynamicNode> dynamic() {
      return Stream.of(
          DynamicTest.dynamicTest("clean", () -> {}),
          DynamicContainer.dynamicContainer(
              "container",
              Stream.of(
                  DynamicTest.dynamicTest("leaves one", OwnerScenarios::leftPool),
                  DynamicTest.dynamicTest("clean, too", () -> pool().shutdown()))));
    }

    @Nested
    class Inside {
      @Test
      @Left(value = EXECUTOR, by = "OwnerScenarios.pool(", says = "Around.Inside.nested()")
      void nested() throws Exception {
        leftPool();
      }

      @Test
      void clean() {}
    }

    @Test
    @Left(value = EXECUTOR, behind = "IllegalStateException", by = "OwnerScenarios.pool(")
    void failsAndLeaves() throws Exception {
      leftPool();
      throw new IllegalStateException("a failure of its own");
    }

    @Test
    void aborted() {
      Assumptions.assumeTrue(false, "not here");
    }

    @Test
    @Disabled("on purpose: what is not run leaves nothing")
    void disabled() throws Exception {
      leftPool();
    }

    @Test
    @Left(value = EXECUTOR, things = 3, by = "OwnerScenarios.pool(")
    void leavesSeveral() throws Exception {
      leftPool();
      leftPool();
      leftPool();
    }
  }

  // ---- other extensions

  static final class RootKeeps implements BeforeAllCallback, TestInstancePostProcessor {
    @Override
    public void beforeAll(ExtensionContext context) {
      keep(context, "class");
    }

    @Override
    public void postProcessTestInstance(Object instance, ExtensionContext context) {
      keep(context, "instance");
    }

    @SuppressWarnings("deprecation")
    private static void keep(ExtensionContext context, String what) {
      context
          .getRoot()
          .getStore(Namespace.create(RootKeeps.class))
          .getOrComputeIfAbsent(what, key -> kept());
    }

    private static AutoCloseable kept() {
      try {
        return pool()::shutdown;
      } catch (Exception failed) {
        throw new IllegalStateException(failed);
      }
    }
  }

  @Unclear
  @ExtendWith(RootKeeps.class)
  static class KeptInTheRootStore {
    @Test
    @Unclear
    void isClean() {}

    @Test
    @Unclear
    void isCleanAgain() {}
  }

  static final class LeavesBeforeEach implements BeforeEachCallback {
    @Override
    public void beforeEach(ExtensionContext context) throws Exception {
      leftPool();
    }
  }

  static class ExtensionLeaves {
    @Test
    @ExtendWith(LeavesBeforeEach.class)
    @Left(value = EXECUTOR, by = "OwnerScenarios.pool(", says = "LeavesBeforeEach.beforeEach(")
    void byAnExtension() {}
  }

  static final class ClosesAtTheEnd implements BeforeEachCallback {
    @Override
    public void beforeEach(ExtensionContext context) throws Exception {
      AutoCloseable closing = pool()::shutdown;
      context.getStore(Namespace.create(ClosesAtTheEnd.class)).put("pool", closing);
    }
  }

  static class StoreCloses {
    @Test
    @ExtendWith(ClosesAtTheEnd.class)
    void isClean() {}
  }

  // ---- allowed

  @AllowLeak(
      kind = THREAD,
      openedAt = "io.leaksafe.testkit.scenarios.OwnerScenarios",
      because = "shown here")
  static class Allowed {
    @Test
    @AllowLeak(kind = EXECUTOR, because = "shown here")
    void anyOfAKind() throws Exception {
      leftPool();
    }

    @Test
    @AllowLeak(
        kind = EXECUTOR,
        openedAt = "io.leaksafe.testkit.scenarios.OwnerScenarios",
        because = "shown here")
    void byTheClassAround() throws Exception {
      leftPool();
    }

    @Test
    @AllowLeak(kind = EXECUTOR, openedAt = "io.leaksafe.testkit.scenarios", because = "shown here")
    void byThePackage() throws Exception {
      leftPool();
    }

    @Test
    void byTheClass() {
      new Thread(Later::idle, "allowed").start();
    }

    @Test
    @AllowLeak(kind = LeakKind.SERVER_SOCKET, because = "shown here")
    void aServerWithItsThreads() throws Exception {
      Later.close(Jdk.httpServer(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
    }

    @Test
    @Left(value = EXECUTOR, by = "OwnerScenarios.pool(")
    @AllowLeak(kind = EXECUTOR, openedAt = "com.acme.Elsewhere", because = "shown here")
    void openedElsewhere() throws Exception {
      leftPool();
    }

    @Test
    @Left(value = EXECUTOR, by = "OwnerScenarios.pool(")
    @AllowLeak(kind = LeakKind.FILE, because = "shown here")
    void anotherKind() throws Exception {
      leftPool();
    }

    @Test
    @LeakCheck(false)
    void unchecked() throws Exception {
      leftPool();
    }
  }

  @LeakCheck(false)
  static class Unchecked {
    @Test
    void leavesWhatItWants() throws Exception {
      leftPool();
    }

    @Test
    @LeakCheck
    @Left(value = EXECUTOR, by = "OwnerScenarios.pool(")
    void checkedAfterAll() throws Exception {
      leftPool();
    }
  }
}
