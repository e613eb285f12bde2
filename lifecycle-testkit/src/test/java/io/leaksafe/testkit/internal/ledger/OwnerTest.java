package io.leaksafe.testkit.internal.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.leaksafe.testkit.leak.Leak;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnerTest {

  @TempDir
  Path folder;

  private final Deque<AutoCloseable> opened = new ArrayDeque<>();

  private void open(String name) {
    try {
      opened.add(new FileOutputStream(folder.resolve(name).toFile()));
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** Ends the one before and begins another, as a task does that schedules itself again. */
  private boolean handOver(String name) {
    Ledger.close(opened.remove());
    open(name);
    return true;
  }

  @Test
  void look_whileOneThingHandsOverToTheNext_findsTheNext() {
    Ledger ledger = Ledger.shared();
    Assumptions.assumeTrue(ledger.isExact());
    Owner owner = ledger.owner("hands over", null, Set.of());
    AutoCloseable binding = owner.bind();
    try {
      open("first");
      List<Leak> found = owner.look(
          Duration.ZERO, leak -> leak.name().endsWith("first") && whileRecorded("second"));

      assertThat(found)
          .singleElement()
          .satisfies(leak -> assertThat(leak.name()).endsWith("second"));
    } finally {
      Ledger.close(binding);
      opened.forEach(Ledger::close);
      owner.forget();
    }
  }

  /** What a look makes itself is not recorded; this is as if another thread had made it. */
  private boolean whileRecorded(String name) {
    Context context = Ledger.shared().context();
    boolean wasBusy = context.busy;
    context.busy = false;
    try {
      return handOver(name);
    } finally {
      context.busy = wasBusy;
    }
  }
}
