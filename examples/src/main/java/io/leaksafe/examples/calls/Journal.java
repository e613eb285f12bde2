package io.leaksafe.examples.calls;

import io.leaksafe.cleanup.Scope;
import io.leaksafe.map.BoundedMap;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.LongStream;

/**
 * Remembers the newest webhooks and writes them to a file now and then: once per {@link #flush}, and only if there is
 * something new.
 *
 * <p>It holds at most {@link #MAXIMUM} lines; when it is full, the oldest tenth goes at once. What goes before it was
 * written is counted as lost. A flush that fails loses nothing: its lines stay, and the next one takes them along.
 * Thread-safe; adding never waits for the disk.
 */
final class Journal {

  static final int MAXIMUM = 10_000;
  static final double DROP = 0.10;

  /** Where the lines go; the file, except in tests. */
  interface Sink {
    void write(List<String> lines) throws IOException;
  }

  /*
   * Lines are numbered from 1 in the order of their arrival. The map holds those from
   * added - held + 1 up to added; those up to saved are written. Figures are also asked for when
   * the map has closed with its owner, so they do not ask it.
   */
  private final BoundedMap<Long, String> lines;
  private final ReentrantLock flushing = new ReentrantLock();
  private final Sink sink;
  private final Path path;
  private final int loaded;
  private int held;
  private long added;
  private long saved;
  private long dropped;
  private long lost;
  private long writes;
  private long failures;

  /** Begins with what a former run has written, oldest first. */
  Journal(Scope owner, Sink sink, Path path, List<String> before) {
    this.sink = sink;
    this.path = path;
    lines = BoundedMap.<Long, String>in(owner, "journal")
        .maximumSize(MAXIMUM)
        .evictFraction(DROP)
        .build();
    before.forEach(line -> lines.put(++added, line));
    loaded = before.size();
    held = loaded;
    saved = loaded;
  }

  /** What the journal holds and has done. Lost are the lines that had to go before they were written. */
  record Figures(
      int inMemory, int loaded, long saved, long dropped, long lost, long writes, long failures) {}

  synchronized void add(String line) {
    lines.put(++added, line);
    dropped += held + 1 - lines.size();
    held = lines.size();
  }

  /** Writes what is new in one go; does nothing if nothing is. One flush at a time, so no line is written twice. */
  void flush() throws IOException, InterruptedException {
    flushing.lockInterruptibly();
    try {
      List<String> batch = unsaved();
      if (!batch.isEmpty()) {
        write(batch);
      }
    } finally {
      flushing.unlock();
    }
  }

  private void write(List<String> batch) throws IOException {
    try {
      sink.write(batch);
      done(batch.size());
    } catch (IOException e) {
      failed();
      String unwritten = batch.size() == 1 ? "1 webhook" : batch.size() + " webhooks";
      throw new IOException(
          "'" + path + "' cannot be written: " + e.getMessage() + ". " + unwritten
              + " will go along with the next flush, or be dropped when the journal is full."
              + " Check the disk and its permissions.",
          e);
    }
  }

  /**
   * What is not written yet. Lines that were dropped since the last flush and never written are settled here, not in
   * {@link #add}: while a flush is under way, what it writes may be dropped and is not lost.
   */
  private synchronized List<String> unsaved() {
    long gone = added - held;
    if (gone > saved) {
      lost += gone - saved;
      saved = gone;
    }
    return LongStream.rangeClosed(saved + 1, added).mapToObj(lines::get).toList();
  }

  private synchronized void done(int batch) {
    saved += batch;
    writes++;
  }

  private synchronized void failed() {
    failures++;
  }

  synchronized Figures figures() {
    long written = saved - loaded - lost;
    return new Figures(held, loaded, written, dropped, lost, writes, failures);
  }
}
