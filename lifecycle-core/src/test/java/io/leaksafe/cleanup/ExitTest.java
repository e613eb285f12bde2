package io.leaksafe.cleanup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leaksafe.handle.ClosedScopeException;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** closeOnExit: each test starts a JVM of its own and lets it exit in one of the ways there are. */
class ExitTest {

  /** Longer than any exit takes on a busy machine, and far shorter than a closer's share of the time. */
  private static final long PATIENCE_SECONDS = 40;

  private static final Duration TIMEOUT = Duration.ofMinutes(30);

  @TempDir
  private Path dir;

  // ---- what the other JVM does

  /** The other JVM's main class; prints what happens. */
  static final class App {

    private static final CountDownLatch IGNORED = new CountDownLatch(1);

    private App() {}

    public static void main(String[] args) throws Exception {
      // what close() throws may or may not be printed before the JVM is gone
      Thread.setDefaultUncaughtExceptionHandler((thread, thrown) -> {
        if (!(thrown instanceof CleanupException)) {
          thrown.printStackTrace();
        }
      });
      switch (args[0]) {
        case "sigterm" -> {
          CleanupManager app = app("app");
          say(app, "b");
          long pid = ProcessHandle.current().pid();
          new ProcessBuilder("sh", "-c", "kill -TERM " + pid).start();
          new CountDownLatch(1).await();
        }
        case "end" -> app("app");
        case "fails" -> {
          CleanupManager app = app("app");
          app.defer("bad", () -> {
            throw new IOException("disk full");
          });
          System.exit(7);
        }
        case "hangs" -> {
          CleanupManager app = app("app");
          app.defer("next", IGNORED::await);
          app.defer("hung", App::ignoreInterrupts).timeout(Duration.ofMillis(100));
          System.exit(7);
        }
        case "hangsToTheEnd" -> {
          CleanupManager app = CleanupManager.builder("app")
              .timeout(Duration.ofMillis(100))
              .build()
              .closeOnExit();
          app.defer("hung", App::ignoreInterrupts);
          System.exit(7);
        }
        case "closed" -> {
          CleanupManager app = app("app");
          app.close();
          print("hook gone: " + (installedHook() == null));
          System.exit(7);
        }
        case "twice" -> {
          app("app").closeOnExit().closeOnExit();
          System.exit(7);
        }
        case "several" -> several();
        case "exitInCloser" -> {
          CleanupManager app = app("app");
          say(app.child("child"), "in the child");
          app.defer("exits", () -> {
            print("exiting");
            System.exit(7);
          });
          say(app, "before it");
          app.close();
          print("never printed");
        }
        case "exitInChildsCloser" -> {
          CleanupManager app = app("app");
          Scope child = app.child("child");
          say(child, "in the child");
          child.defer("exits", () -> {
            print("exiting");
            System.exit(7);
          });
          child.close();
          print("never printed");
        }
        case "exitInHandlesCloser" -> {
          CleanupManager app = app("app");
          app.defer("exits", () -> {
                print("exiting");
                System.exit(7);
              })
              .close();
          print("never printed");
        }
        case "exitWhileClosing" -> {
          CleanupManager app = app("app");
          CountDownLatch closing = new CountDownLatch(1);
          CountDownLatch never = new CountDownLatch(1);
          app.defer("slow", () -> {
            closing.countDown();
            if (!never.await(1, TimeUnit.SECONDS)) {
              print("slow");
            }
          });
          Thread closer = new Thread(app::close);
          closer.start();
          closing.await();
          System.exit(7);
        }
        case "halts" -> {
          Runtime.getRuntime()
              .addShutdownHook(new Thread(App::ignoreInterrupts, "somebody else's hook"));
          CleanupManager app = CleanupManager.builder("app")
              .timeout(Duration.ofMillis(100))
              .haltAfter(Duration.ofMillis(300))
              .build()
              .closeOnExit();
          say(app, "app a");
          System.exit(7);
        }
        case "drains" -> {
          CleanupManager app = CleanupManager.builder("app")
              .timeout(TIMEOUT)
              .drainDelay(Duration.ofMillis(100))
              .build()
              .closeOnExit();
          app.defer("look", () -> print("ready: " + app.isReady()));
          System.exit(7);
        }
        case "tooLate" -> {
          Runtime.getRuntime()
              .addShutdownHook(new Thread(() -> print(
                  "too late: " + thrownBy(() -> CleanupManager.create("late").closeOnExit()))));
          System.exit(7);
        }
        default -> throw new IllegalArgumentException(args[0]);
      }
    }

    private static void several() {
      CyclicBarrier bothClose = new CyclicBarrier(2);
      for (String name : List.of("one", "two")) {
        CleanupManager app = app(name);
        app.defer("waits for the other", () -> {
          try {
            bothClose.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
          } catch (BrokenBarrierException e) {
            throw new AssertionError(e);
          }
        });
      }
      CleanupManager closed = app("closed before");
      closed.close();
      System.exit(7);
    }

    private static CleanupManager app(String name) {
      CleanupManager app = CleanupManager.builder(name).timeout(TIMEOUT).build().closeOnExit();
      say(app, name + " a");
      return app;
    }

    private static void say(Scope scope, String name) {
      scope.register(name, name, resource -> print("closed " + resource));
    }

    private static void print(String line) {
      System.out.println(line);
      System.out.flush();
    }

    private static void ignoreInterrupts() {
      CountDownLatch never = new CountDownLatch(1);
      boolean waiting = true;
      while (waiting) {
        try {
          never.await();
          waiting = false;
        } catch (InterruptedException e) {
          print("ignored an interrupt");
          IGNORED.countDown();
        }
      }
    }

    private static String thrownBy(Runnable action) {
      try {
        action.run();
        return "nothing";
      } catch (RuntimeException e) {
        return e.getClass().getSimpleName() + ", " + e.getMessage();
      }
    }
  }

  private static Object installedHook() {
    try {
      Field installed = ExitHook.class.getDeclaredField("installed");
      installed.setAccessible(true);
      return installed.get(null);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("ExitHook.installed is not there any more.", e);
    }
  }

  // ---- starting it

  /** What a JVM printed and how it ended. */
  private record Ended(int code, List<String> out, String err) {}

  private Ended run(String scenario) throws Exception {
    String basedir = System.getProperty("basedir", ".");
    String classPath = String.join(
        File.pathSeparator,
        Path.of(basedir, "target", "classes").toString(),
        Path.of(basedir, "target", "test-classes").toString(),
        Path.of(LoggerFactory.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI())
            .toString());
    Path out = dir.resolve("out");
    Path err = dir.resolve("err");
    Process process = new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-Dslf4j.internal.verbosity=ERROR",
            "-cp",
            classPath,
            App.class.getName(),
            scenario)
        .redirectOutput(out.toFile())
        .redirectError(err.toFile())
        .start();
    try {
      assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS))
          .as("exited within %d s", PATIENCE_SECONDS)
          .isTrue();
      return new Ended(process.exitValue(), Files.readAllLines(out), Files.readString(err));
    } finally {
      process.destroyForcibly();
    }
  }

  // ---- tests

  @Test
  void sigterm_closesInOrderAndPrintsNothingWhenClean() throws Exception {
    Ended ended = run("sigterm");
    assertThat(ended.out()).containsExactly("closed b", "closed app a");
    assertThat(ended.err()).isEmpty();
    assertThat(ended.code()).isEqualTo(128 + 15);
  }

  @Test
  void endOfTheLastThread_closes() throws Exception {
    Ended ended = run("end");
    assertThat(ended.out()).containsExactly("closed app a");
    assertThat(ended.err()).isEmpty();
    assertThat(ended.code()).isZero();
  }

  @Test
  void exit_withACloserThatThrows_printsTheReportToStderr() throws Exception {
    Ended ended = run("fails");
    assertThat(ended.code()).isEqualTo(7);
    assertThat(ended.out()).containsExactly("closed app a");
    assertThat(ended.err())
        .startsWith("'app' closed, not cleanly, in ")
        .contains("FAILED     bad")
        .contains("threw java.io.IOException: disk full");
  }

  @Test
  void exit_withACloserThatHangs_givesItUpAndClosesTheRest() throws Exception {
    Ended ended = run("hangs");
    assertThat(ended.code()).isEqualTo(7);
    assertThat(ended.out()).containsExactly("ignored an interrupt", "closed app a");
    assertThat(ended.err())
        .startsWith("'app' is not closed after ")
        .contains("HUNG       hung")
        .contains("stuck at ");
  }

  @Test
  void exit_withALastCloserThatHangs_isNotHeldUpBeyondTheTimeout() throws Exception {
    Ended ended = run("hangsToTheEnd");
    assertThat(ended.code()).isEqualTo(7);
    assertThat(ended.err()).startsWith("'app' is not closed after ").contains("1 live");
  }

  @Test
  void exit_afterClose_findsNoHookAndClosesNothingAgain() throws Exception {
    Ended ended = run("closed");
    assertThat(ended.code()).isEqualTo(7);
    assertThat(ended.out()).containsExactly("closed app a", "hook gone: true");
    assertThat(ended.err()).isEmpty();
  }

  @Test
  void closeOnExit_calledAgain_changesNothing() throws Exception {
    Ended ended = run("twice");
    assertThat(ended.out()).containsExactly("closed app a");
    assertThat(ended.err()).isEmpty();
  }

  @Test
  void exit_withSeveralManagers_closesThemAtTheSameTime() throws Exception {
    Ended ended = run("several");
    assertThat(ended.code()).isEqualTo(7);
    assertThat(ended.err()).isEmpty();
    assertThat(ended.out())
        .startsWith("closed closed before a")
        .containsExactlyInAnyOrder("closed closed before a", "closed one a", "closed two a");
  }

  @Test
  void exitFromInsideACloser_exitsPromptlyAndClosesEverythingElse() throws Exception {
    Ended ended = run("exitInCloser");
    assertThat(ended.code()).isEqualTo(7);
    assertThat(ended.out())
        .containsExactly("closed before it", "exiting", "closed in the child", "closed app a");
    assertThat(ended.err())
        .startsWith("'app' is not closed after ")
        .contains("exits")
        .contains("4 closed, 1 hung, 1 live");
  }

  @Test
  void exitFromInsideAChildsCloser_exitsPromptlyAndClosesEverythingElse() throws Exception {
    Ended ended = run("exitInChildsCloser");
    assertThat(ended.code()).isEqualTo(7);
    assertThat(ended.out()).containsExactly("exiting", "closed in the child", "closed app a");
    assertThat(ended.err()).contains("child/exits");
  }

  @Test
  void exitFromInsideAHandlesCloser_exitsPromptlyAndClosesEverythingElse() throws Exception {
    Ended ended = run("exitInHandlesCloser");
    assertThat(ended.code()).isEqualTo(7);
    assertThat(ended.out()).containsExactly("exiting", "closed app a");
  }

  @Test
  void exit_whileAnotherThreadCloses_waitsForThatClose() throws Exception {
    Ended ended = run("exitWhileClosing");
    assertThat(ended.out()).containsExactly("slow", "closed app a");
    assertThat(ended.err()).isEmpty();
    assertThat(ended.code()).isEqualTo(7);
  }

  @Test
  void exit_withAnothersHookThatHangs_isHaltedWhereThatIsWanted() throws Exception {
    Ended ended = run("halts");
    assertThat(ended.out()).containsExactly("closed app a");
    assertThat(ended.err())
        .startsWith(
            "The JVM is still there 300 ms after its exit began and is halted, as haltAfter of 'app' wants it. "
                + "It waits for ")
        .contains("'somebody else's hook'");
    assertThat(ended.code()).isEqualTo(1);
  }

  @Test
  void exit_withADrainDelay_closesAfterIt() throws Exception {
    Ended ended = run("drains");
    assertThat(ended.out()).containsExactly("ready: false");
    assertThat(ended.err()).isEmpty();
    assertThat(ended.code()).isEqualTo(7);
  }

  @Test
  void closeOnExit_whileTheJvmExits_saysThatItIsTooLate() throws Exception {
    Ended ended = run("tooLate");
    assertThat(ended.out())
        .containsExactly("too late: IllegalStateException, closeOnExit() of 'late' came too late:"
            + " the JVM is exiting. Close it yourself.");
  }

  @Test
  void closeOnExit_ofAClosedManager_throws() {
    CleanupManager app = CleanupManager.create("app");
    app.close();
    assertThatThrownBy(app::closeOnExit)
        .isInstanceOf(ClosedScopeException.class)
        .hasMessageStartingWith("'app' is closed; ")
        .hasMessageNotContaining("was closed at once");
    assertThat(installedHook()).isNull();
  }

  @Test
  void closeOnExit_ofSeveralManagers_installsOneHookUntilTheLastIsClosed() {
    CleanupManager one = CleanupManager.create("one").closeOnExit();
    Object hook = installedHook();
    CleanupManager two = CleanupManager.create("two").closeOnExit();
    assertThat(hook).isNotNull();
    assertThat(installedHook()).isSameAs(hook);
    one.close();
    assertThat(installedHook()).isSameAs(hook);
    two.close();
    assertThat(installedHook()).isNull();
  }

  @Test
  void closeOnExit_againstTheClose_neverKeepsAClosedManager() throws Exception {
    for (int round = 0; round < 300; round++) {
      CleanupManager app = CleanupManager.create("app");
      CyclicBarrier barrier = new CyclicBarrier(2);
      Thread closer = new Thread(() -> {
        try {
          barrier.await();
        } catch (InterruptedException | BrokenBarrierException e) {
          throw new AssertionError(e);
        }
        app.close();
      });
      closer.start();
      barrier.await();
      try {
        app.closeOnExit();
      } catch (ClosedScopeException late) {
        assertThat(late).hasMessageContaining("'app'");
      }
      closer.join();
      assertThat(installedHook()).as("round %d", round).isNull();
    }
  }
}
