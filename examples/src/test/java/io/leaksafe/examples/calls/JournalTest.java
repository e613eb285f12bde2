package io.leaksafe.examples.calls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leaksafe.cleanup.CleanupManager;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class JournalTest {

  private final List<String> written = new ArrayList<>();
  private final CleanupManager app = CleanupManager.create("app");
  private final Journal journal = journal(written::addAll);

  @AfterEach
  void close() {
    app.close();
  }

  @Test
  void add_50000Lines_neverHoldsMoreThan10000() {
    int largest = 0;
    for (int i = 0; i < 50_000; i++) {
      journal.add("line " + i);
      largest = Math.max(largest, journal.figures().inMemory());
    }

    assertThat(largest).isEqualTo(10_000);
  }

  @Test
  void add_full_dropsExactlyThe1000Oldest() throws Exception {
    add(0, 10_000);
    assertThat(journal.figures()).extracting("inMemory", "dropped").containsExactly(10_000, 0L);

    add(10_000, 10_001);

    assertThat(journal.figures()).extracting("inMemory", "dropped").containsExactly(9_001, 1_000L);
    journal.flush();
    assertThat(written).hasSize(9_001).startsWith("line 1000").endsWith("line 10000");
    assertThat(journal.figures()).extracting("saved", "lost").containsExactly(9_001L, 1_000L);
  }

  @Test
  void add_fullOfWrittenLines_losesNone() throws Exception {
    add(0, 10_000);
    journal.flush();
    add(10_000, 10_500);
    journal.flush();

    assertThat(written).hasSize(10_500);
    assertThat(journal.figures()).extracting("dropped", "lost").containsExactly(1_000L, 0L);
  }

  @Test
  void flush_nothingNew_doesNotWrite() throws Exception {
    journal.flush();
    add(0, 3);
    journal.flush();
    journal.flush();

    assertThat(journal.figures().writes()).isEqualTo(1);
  }

  @Test
  void flush_linesOfAFormerRun_areNotWrittenAgain() throws Exception {
    Journal later = new Journal(app, written::addAll, Path.of("j"), List.of("old 1", "old 2"));
    later.add("new");
    later.flush();

    assertThat(written).containsExactly("new");
    assertThat(later.figures()).extracting("inMemory", "loaded", "saved").containsExactly(3, 2, 1L);
  }

  @Test
  void flush_failed_namesTheFileAndTakesTheLinesAlongNextTime() throws Exception {
    boolean[] full = {true};
    Journal failing = journal(lines -> {
      if (full[0]) {
        throw new IOException("No space left on device");
      }
      written.addAll(lines);
    });
    failing.add("a");

    assertThatThrownBy(failing::flush)
        .isInstanceOf(IOException.class)
        .hasMessage(
            "'journal.jsonl' cannot be written: No space left on device. 1 webhook will go along with the"
                + " next flush, or be dropped when the journal is full. Check the disk and its permissions.");
    full[0] = false;
    failing.add("b");
    failing.flush();

    assertThat(written).containsExactly("a", "b");
    assertThat(failing.figures())
        .extracting("saved", "failures", "lost")
        .containsExactly(2L, 1L, 0L);
  }

  @Test
  void add_duringAFlush_isLeftForTheNext() throws Exception {
    List<Journal> self = new ArrayList<>();
    Journal busy = journal(lines -> {
      written.addAll(lines);
      if (written.size() == 10_000) {
        self.get(0).add("during"); // full: drops 1,000 that are just being written
      }
    });
    self.add(busy);
    IntStream.range(0, 10_000).forEach(i -> busy.add("line " + i));

    busy.flush();
    busy.flush();

    assertThat(written).hasSize(10_001).endsWith("line 9999", "during");
    assertThat(busy.figures())
        .extracting("saved", "dropped", "lost")
        .containsExactly(10_001L, 1_000L, 0L);
  }

  private Journal journal(Journal.Sink sink) {
    return new Journal(app, sink, Path.of("journal.jsonl"), List.of());
  }

  private void add(int from, int to) {
    IntStream.range(from, to).forEach(i -> journal.add("line " + i));
  }
}
