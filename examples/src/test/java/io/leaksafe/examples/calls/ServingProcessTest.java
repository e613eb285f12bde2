package io.leaksafe.examples.calls;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.leaksafe.cleanup.CleanupManager;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The service as it runs in production: a JVM of its own, ended by SIGTERM. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "no SIGTERM")
class ServingProcessTest {

  private static final Pattern PORT = Pattern.compile("listening at http://127.0.0.1:(\\d+)");

  @TempDir
  private Path data;

  private Process process;
  private BufferedReader out;
  private int port;

  @BeforeEach
  void start() throws Exception {
    process = new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx64m",
            "-cp",
            System.getProperty("java.class.path"),
            Calls.class.getName(),
            "--serve",
            "--port",
            "0",
            "--data",
            data.toString())
        .redirectError(data.resolve("stderr").toFile())
        .start();
    out = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
    port = readPort();
  }

  @AfterEach
  void end() throws Exception {
    process.destroyForcibly().waitFor();
    out.close();
  }

  @Test
  void sigterm_closesInOrderReportsAndKeepsEveryWebhook() throws Exception {
    for (String event : List.of("queued", "ringing", "answered")) {
      assertThat(RawHttp.post(port, Webhooks.json("c-1", event)).status()).isEqualTo(200);
    }
    assertThat(Files.readAllLines(data.resolve("journal.jsonl")))
        .as("the flush is 60 s away")
        .isEmpty();

    process.toHandle().destroy(); // SIGTERM; process.destroy() would close the stream we read from
    List<String> printed = out.lines().toList();

    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(stderr()).isEqualTo(128 + 15);
    assertThat(String.join("\n", printed))
        .contains("calls", "http", "timers", "final flush", "journal file");
    assertThat(Files.readAllLines(data.resolve("journal.jsonl")))
        .hasSize(3)
        .allMatch(line -> line.contains("\"callId\":\"c-1\"") && line.endsWith("}"));
    assertThat(stderr()).as("nothing to warn of").isEmpty();
  }

  @Test
  void data_ofARunningProcess_isRefusedToAnotherUntilThatHasEnded() throws Exception {
    StringWriter err = new StringWriter();
    int code = Calls.commandLine(System.out)
        .setErr(new PrintWriter(err, true))
        .execute("--serve", "--port", "0", "--data", data.toString());
    assertThat(code).isEqualTo(2);
    assertThat(err.toString()).startsWith("calls: '" + data + "' is in use by another process");
    assertThat(RawHttp.get(port, "/health").status()).as("the first goes on").isEqualTo(200);

    process.destroyForcibly().waitFor(); // as after a crash: nobody has to clear anything away
    try (CleanupManager next = CleanupManager.create("next")) {
      DataFolder.claim(next, data);
      assertThat(next.handles()).hasSize(1);
    }
  }

  private int readPort() throws IOException {
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      Matcher matcher = PORT.matcher(line);
      if (matcher.find()) {
        return Integer.parseInt(matcher.group(1));
      }
    }
    throw new IOException("the service did not start: " + stderr());
  }

  private String stderr() throws IOException {
    return Files.readString(data.resolve("stderr"));
  }
}
