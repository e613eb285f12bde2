package io.leaksafe.examples.calls;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.leaksafe.cleanup.CleanupManager;
import io.leaksafe.handle.Action;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Isolated("the drill counts the threads of this JVM")
class CallsTest {

  private @Nullable Action atHalf;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final StringWriter err = new StringWriter();

  @Test
  void drill_200Calls_leavesNothingAndExitsWith0() {
    assertThat(run("--calls", "200")).as(err.toString()).isZero();

    assertThat(out.toString(UTF_8))
        .contains(
            "half-way, live now:",
            "live handles   0",
            "threads left   0",
            "nothing is left, and every figure agrees")
        .doesNotContain("differs");
  }

  @Test
  void drill_withAFolder_leavesTheJournalThere(@TempDir Path data) throws Exception {
    assertThat(run("--calls", "20", "--seed", "7", "--threads", "1", "--data", data.toString()))
        .isZero();

    assertThat(Files.readAllLines(data.resolve("journal.jsonl")))
        .isNotEmpty()
        .allMatch(line -> line.endsWith("}"));
  }

  @Test
  void drill_threadLeft_isNamedAndExitsWith1() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    Thread stray = new Thread(() -> awaitQuietly(end), "stray");
    atHalf = stray::start;

    assertThat(run("--calls", "20")).isEqualTo(1);

    assertThat(out.toString(UTF_8))
        .contains("threads left   1: [stray]")
        .endsWith("FAILED: threads left: [stray]" + System.lineSeparator());
    end.countDown();
    stray.join();
  }

  @Test
  void drill_figureDiffers_isNamedAndExitsWith1(@TempDir Path data) {
    Path journal = data.resolve("journal.jsonl");
    atHalf = () -> Files.writeString(journal, "{}\n", StandardOpenOption.APPEND);

    assertThat(run("--calls", "20", "--data", data.toString())).isEqualTo(1);

    assertThat(out.toString(UTF_8))
        .containsPattern("lines on disk +\\d+ +\\d+  differs")
        .containsPattern("FAILED: lines on disk: \\d+ expected, \\d+ counted");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
          --calls 0               | --calls must be 1 to 10,000,000, was 0.
          --calls many            | Invalid value for option '--calls'
          --threads 65            | --threads must be 1 to 64, was 65.
          --port 80               | --port needs --serve; the drill takes any free port.
          --serve --port 65536    | --port must be 0 to 65,535, was 65,536.
          --serve --port -1       | --port must be 0 to 65,535, was -1.
          --serve --calls 5       | --calls drills; leave out --serve.
          --listen                | Unknown option: '--listen'
          run                     | Unmatched argument at index 0: 'run'
          """)
  void run_wrongArguments_saysWhichAndExitsWith2(String arguments, String message) {
    assertThat(run(arguments.split(" "))).isEqualTo(2);

    assertThat(err.toString()).contains(message);
  }

  @Test
  void run_help_namesEveryExitCode() {
    assertThat(run("--help")).isZero();
  }

  @Test
  void serve_portInUse_printsOneLineAndExitsWith1() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = taken.getLocalPort();

      assertThat(run("--serve", "--port", "" + port)).isEqualTo(1);

      assertThat(err.toString().lines())
          .containsExactly(
              "calls: Port " + port
                  + " is in use. End the program that listens there, or choose another one with --port; 0 takes any that is free.");
      assertThat(out.toString(UTF_8)).isEmpty();
    }
  }

  @Test
  void serve_dataIsAFile_printsOneLineAndExitsWith1(@TempDir Path folder) throws Exception {
    Path file = Files.createFile(folder.resolve("taken"));

    assertThat(run("--serve", "--port", "0", "--data", file.toString())).isEqualTo(1);

    assertThat(err.toString().lines())
        .containsExactly("calls: The journal cannot be opened in '" + file
            + "': FileAlreadyExistsException. Choose a folder that can be written, with --data.");
  }

  @Test
  void run_dataInUse_printsOneLineAndExitsWith2(@TempDir Path data) throws Exception {
    try (CleanupManager other = CleanupManager.create("other")) {
      DataFolder.claim(other, data);

      assertThat(run("--serve", "--port", "0", "--data", data.toString())).isEqualTo(2);
      assertThat(run("--calls", "20", "--data", data.toString())).isEqualTo(2);

      assertThat(err.toString().lines())
          .hasSize(2)
          .containsOnly("calls: '" + data + "' is in use by another process, which would write into"
              + " the same journal. Choose another folder with --data, or end that process.");
    }
    assertThat(run("--calls", "20", "--data", data.toString())).isZero();
  }

  private int run(String... arguments) {
    return Calls.commandLine(new HookedStream(out))
        .setErr(new PrintWriter(err, true))
        .setOut(new PrintWriter(err, true))
        .execute(arguments);
  }

  private static void awaitQuietly(CountDownLatch end) {
    try {
      end.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Lets a test do something while the drill is under way. */
  private final class HookedStream extends PrintStream {
    HookedStream(ByteArrayOutputStream target) {
      super(target, true, UTF_8);
    }

    @Override
    public void println(String line) {
      super.println(line);
      if (atHalf != null && line.contains("half-way")) {
        try {
          atHalf.run();
        } catch (Exception e) {
          throw new AssertionError(e);
        }
      }
    }
  }
}
