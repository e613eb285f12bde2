package io.leaksafe.hitratios;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class HitRatiosTest {

  @TempDir
  private Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void folderAndSynthetic_printALineForEachTraceAndSizeAndWhatItComesTo() throws IOException {
    Files.writeString(folder.resolve("lirs-four"), "1\n2\n1\n2\n");

    int exit = run(
        "--traces",
        folder.toString(),
        "--synthetic",
        "loop",
        "--length",
        "100",
        "--keys",
        "10",
        "--sizes",
        "2,20");

    assertThat(err.toString()).isEmpty();
    assertThat(exit).isZero();
    String[] lines = out.toString().lines().toArray(String[]::new);
    assertThat(lines[0].split(" +"))
        .containsExactly(
            "trace",
            "accesses",
            "size",
            "optimal",
            "ours",
            "Caffeine",
            "LRU",
            "S3-FIFO",
            "ours",
            "-",
            "C");
    assertThat(lines[1].split(" +"))
        .containsExactly(
            "lirs-four", "4", "2", "50.00", "50.00", "50.00", "50.00", "50.00", "+0.00");
    assertThat(lines[2]).startsWith("lirs-four ").contains(" 20 ");
    assertThat(lines[3]).startsWith("loop ").contains(" 0.00 ");
    assertThat(lines[4].split(" +"))
        .containsExactly("loop", "100", "20", "90.00", "90.00", "90.00", "90.00", "90.00", "+0.00");
    assertThat(lines[6]).contains("over 4 pairs of trace and size; ");
    assertThat(lines).hasSize(7);
  }

  @Test
  void help_namesEveryKindOfTrace() {
    assertThat(run("--help")).isZero();
    assertThat(out.toString())
        .contains("--traces", "--sizes", "zipf-<exponent>", "webhooks", "Exit codes:");
  }

  @Test
  void unknownSynthetic_isRefusedBeforeAnythingRuns() {
    assertThat(run("--synthetic", "loop,lop", "--sizes", "10")).isEqualTo(2);
    assertThat(err.toString())
        .contains("There is no synthetic trace 'lop'. There are zipf-<exponent>, ");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void sizeZero_isRefused() {
    assertThat(run("--synthetic", "loop", "--sizes", "10,0")).isEqualTo(2);
    assertThat(err.toString()).contains("--sizes must be 1 to 2,147,483,647, was 0.");
  }

  @Test
  void lengthZero_isRefused() {
    assertThat(run("--synthetic", "loop", "--sizes", "10", "--length", "0")).isEqualTo(2);
    assertThat(err.toString()).contains("--length must be 1 to 100,000,000, was 0.");
  }

  @Test
  void noSizes_isRefused() {
    assertThat(run("--synthetic", "loop")).isEqualTo(2);
    assertThat(err.toString()).contains("--sizes");
  }

  @Test
  void nothingToReplay_isRefused() {
    assertThat(run("--sizes", "10")).isEqualTo(2);
    assertThat(err.toString()).contains("Nothing to replay: give --traces, --synthetic or both.");
  }

  @Test
  void missingFolder_isOneLine() {
    Path missing = folder.resolve("missing");

    assertThat(run("--traces", missing.toString(), "--sizes", "10")).isEqualTo(1);
    assertThat(err.toString().strip())
        .isEqualTo("hit-ratios: '" + missing
            + "' is not a folder. --traces takes a folder of trace files.");
  }

  @Test
  void brokenTrace_isOneLine() throws IOException {
    Path broken = Files.writeString(folder.resolve("arc-broken.xz"), "no archive");

    assertThat(run("--traces", folder.toString(), "--sizes", "10")).isEqualTo(1);
    assertThat(err.toString().lines()).hasSize(1);
    assertThat(err.toString()).startsWith("hit-ratios: '" + broken + "' cannot be read: ");
  }

  private int run(String... arguments) {
    CommandLine line = HitRatios.commandLine();
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(err, true));
    return line.execute(arguments);
  }
}
