package io.leaksafe.examples.calls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leaksafe.cleanup.CleanupManager;
import io.leaksafe.handle.ClosedScopeException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalFileTest {

  private final CleanupManager owner = CleanupManager.create("journal");
  private Path folder;
  private Path path;

  @BeforeEach
  void folder(@TempDir Path data) {
    folder = data.resolve("not/there/yet");
    path = folder.resolve("journal.jsonl");
  }

  @AfterEach
  void close() {
    owner.close();
  }

  @Test
  void open_noFile_makesItWithItsFolder() throws Exception {
    JournalFile file = open(10);

    assertThat(file.takeNewest()).isEmpty();
    assertThat(path).isEmptyFile();
  }

  @Test
  void open_largeFile_readsTheNewestLinesOnly() throws Exception {
    existing(IntStream.range(0, 25_000).mapToObj(i -> "{" + i + "}").toList(), "");

    List<String> newest = open(10_000).takeNewest();

    assertThat(newest).hasSize(10_000).startsWith("{15000}").endsWith("{24999}");
  }

  @Test
  void open_fileThatEndsInHalfALine_cutsItOff() throws Exception {
    existing(List.of("{1}", "{2}"), "{\"callId\":\"c-");

    JournalFile file = open(10);
    file.write(List.of("{3}"));

    assertThat(file.takeNewest()).containsExactly("{1}", "{2}");
    assertThat(path).hasContent("{1}\n{2}\n{3}\n");
  }

  @Test
  void write_fileIsFull_setsItAsideAndKeepsOneOldFile() throws Exception {
    JournalFile file = open(10);
    List<String> half =
        IntStream.range(0, JournalFile.LINES_PER_FILE / 2).mapToObj(i -> "{}").toList();
    for (int i = 0; i < 5; i++) {
      file.write(half);
    }

    assertThat(Files.readAllLines(path)).hasSize(half.size());
    assertThat(Files.readAllLines(folder.resolve("journal.1.jsonl"))).hasSize(2 * half.size());
    assertThat(owner.handles()).as("the full file is closed").hasSize(1);
  }

  @Test
  void write_afterTheClose_isRefused() throws Exception {
    JournalFile file = open(10);
    file.write(List.of("{1}"));
    owner.close();

    assertThatThrownBy(() -> file.write(List.of("{2}"))).isInstanceOf(ClosedScopeException.class);
    assertThat(path).hasContent("{1}\n");
  }

  private JournalFile open(int keep) throws Exception {
    return new JournalFile(owner, folder, keep);
  }

  private void existing(List<String> lines, String half) throws Exception {
    Files.createDirectories(folder);
    Files.writeString(path, String.join("\n", lines) + "\n" + half);
  }
}
