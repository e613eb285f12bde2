package io.leaksafe.hitratios;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

class TraceFileTest {

  @TempDir
  private Path folder;

  @Test
  void read_plain_takesItsNameWithoutEnding() throws IOException {
    Trace trace = TraceFile.read(write("lirs-some.trace", "1\n2\n"));

    assertThat(trace.name()).isEqualTo("lirs-some");
    assertThat(trace.accesses()).containsExactly(0, 1);
  }

  @Test
  void read_gzip_isUnpacked() throws IOException {
    Path file = folder.resolve("lirs-some.trace.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write("1\n2\n1\n".getBytes(StandardCharsets.ISO_8859_1));
    }

    assertThat(TraceFile.read(file).accesses()).containsExactly(0, 1, 0);
    assertThat(TraceFile.read(file).name()).isEqualTo("lirs-some");
  }

  @Test
  void read_xz_isUnpacked() throws IOException {
    Path file = folder.resolve("cache2k-some.xz");
    try (OutputStream out = new XZOutputStream(Files.newOutputStream(file), new LZMA2Options(1))) {
      out.write(new byte[] {0, 0, 0, 1, 0, 0, 0, 2});
    }

    assertThat(TraceFile.read(file).distinct()).isEqualTo(2);
    assertThat(TraceFile.read(file).name()).isEqualTo("cache2k-some");
  }

  @Test
  void read_brokenArchive_namesTheFile() throws IOException {
    Path file = write("arc-broken.gz", "no archive");

    assertThatThrownBy(() -> TraceFile.read(file))
        .isInstanceOf(CannotRead.class)
        .hasMessageContaining("'" + file + "' cannot be read: ")
        .hasMessageContaining("GZIP");
  }

  @Test
  void read_malformedLine_saysWhereAndWhatWasExpected() throws IOException {
    Path file = write("lirs-odd", "1\nx\n");

    assertThatThrownBy(() -> TraceFile.read(file))
        .hasMessage("'" + file + "' cannot be read: line 2 must begin with a number, was 'x'");
  }

  @Test
  void read_withoutAccesses_isRefused() throws IOException {
    Path file = write("lirs-empty", "*\n");

    assertThatThrownBy(() -> TraceFile.read(file)).hasMessage("'" + file + "' has no access.");
  }

  @Test
  void read_missing_namesTheFile() {
    Path file = folder.resolve("lirs-missing");

    assertThatThrownBy(() -> TraceFile.read(file))
        .hasMessageContaining("'" + file + "' cannot be read");
  }

  @Test
  void in_knowsTracesByTheBeginningOfTheirNames() throws IOException {
    Path lirs = write("lirs-b", "1\n");
    Path arc = write("arc-a.gz", "");
    write("README.md", "");
    write("lirsfoo", "");
    Files.createDirectory(folder.resolve("corda-folder"));

    assertThat(TraceFile.in(folder)).containsExactly(arc, lirs);
  }

  @Test
  void in_noFolder_isRefused() {
    Path missing = folder.resolve("missing");

    assertThatThrownBy(() -> TraceFile.in(missing))
        .isInstanceOf(CannotRead.class)
        .hasMessage("'" + missing + "' is not a folder. --traces takes a folder of trace files.");
  }

  @Test
  void in_withoutTraces_saysHowTheyAreNamed() {
    assertThatThrownBy(() -> TraceFile.in(folder))
        .hasMessage("'" + folder
            + "' has no trace: a name must begin with arc-, cache2k-, corda- or lirs-.");
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }
}
