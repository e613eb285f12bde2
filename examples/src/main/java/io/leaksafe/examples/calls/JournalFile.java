package io.leaksafe.examples.calls;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.leaksafe.cleanup.Scope;
import io.leaksafe.cleanup.Scope.State;
import io.leaksafe.handle.Handle;
import io.leaksafe.handle.Priority;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The journal on disk: JSON lines, only ever appended. A file that is full is set aside as {@code journal.1.jsonl}, in place
 * of the one before it, so two at most are kept.
 *
 * <p>Its owner closes it {@link Priority#LATE}, after the final flush; nothing can be written later. What is left of a write
 * that failed or a process that was killed half-way is cut off before the next write: there is never half a line in between.
 *
 * <p>The stream that {@link Files#newOutputStream} returns, unlike a channel, does not close when its thread is interrupted,
 * and interrupting is how a close hurries a task that takes too long.
 */
final class JournalFile {

  static final int LINES_PER_FILE = 100_000;

  private static final Logger log = LoggerFactory.getLogger(JournalFile.class);

  private final Scope owner;
  private final Path path;
  private final ArrayDeque<String> newest = new ArrayDeque<>();
  private Handle<OutputStream> out;
  private long lines;
  private long end;
  private boolean torn;

  /** Opens the file, or makes it with its folder, and reads the newest lines of what is there. */
  JournalFile(Scope owner, Path folder, int keep) throws IOException {
    this.owner = owner;
    path = Files.createDirectories(folder).resolve("journal.jsonl");
    out = append();
    if (Files.isRegularFile(path)) { // not a device or a pipe, which has no end
      cutBackTo(endOfLastLine());
      read(keep);
    }
  }

  Path path() {
    return path;
  }

  /** Hands over what was read at the start, oldest first. */
  synchronized List<String> takeNewest() {
    List<String> taken = List.copyOf(newest);
    newest.clear();
    return taken;
  }

  /** Writes all lines or, for a later attempt, none. */
  synchronized void write(List<String> batch) throws IOException {
    if (lines >= LINES_PER_FILE && owner.state() == State.OPEN) {
      setAside();
    }
    if (torn) {
      cutBackTo(end);
    }
    byte[] bytes = (String.join("\n", batch) + "\n").getBytes(UTF_8);
    torn = true;
    out.get().write(bytes);
    torn = false;
    end += bytes.length;
    lines += batch.size();
  }

  /** Opens the next file before it closes the full one: if the owner closes meanwhile, writing goes on where it was. */
  private void setAside() throws IOException {
    Path full = path.resolveSibling("journal.1.jsonl");
    Files.move(path, full, StandardCopyOption.REPLACE_EXISTING);
    Handle<OutputStream> before = out;
    out = append();
    end = 0;
    lines = 0;
    before.close();
    log.info("'{}' was full and is now '{}'", path, full.getFileName());
  }

  private Handle<OutputStream> append() throws IOException {
    OutputStream file =
        Files.newOutputStream(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    return owner.register("journal file", file, OutputStream::close).priority(Priority.LATE);
  }

  private void read(int keep) throws IOException {
    try (BufferedReader reader =
        new BufferedReader(new InputStreamReader(Files.newInputStream(path), UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        if (newest.size() == keep) {
          newest.removeFirst();
        }
        newest.addLast(line);
        lines++;
      }
    }
  }

  private long endOfLastLine() throws IOException {
    try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
      ByteBuffer last = ByteBuffer.allocate(1);
      long at = file.size();
      while (at > 0 && file.read(last.clear(), at - 1) == 1 && last.get(0) != '\n') {
        at--;
      }
      return at;
    }
  }

  private void cutBackTo(long size) throws IOException {
    try (FileChannel file = FileChannel.open(path, StandardOpenOption.WRITE)) {
      if (file.size() > size) {
        log.warn("'{}' ended in half a line; {} bytes were cut off", path, file.size() - size);
        file.truncate(size);
      }
    }
    end = size;
    torn = false;
  }
}
