package io.leaksafe.examples.calls;

import java.io.PrintStream;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One line that says how far the drill is: drawn over itself on a terminal, else a new line each quarter.
 *
 * <p>Owns no thread; a managed timer draws it. (The usual progress libraries keep a static thread that nothing can end.)
 */
final class Progress {

  private static final int WIDTH = 40;
  private static final String START_OF_LINE = "\r\u001b[K";

  private final PrintStream out;
  private final boolean terminal;
  private final long total;
  private final AtomicLong done = new AtomicLong();
  private final long startedAtNanos = System.nanoTime();
  private int quarters;

  Progress(PrintStream out, boolean terminal, long total) {
    this.out = out;
    this.terminal = terminal;
    this.total = total;
  }

  void step() {
    done.incrementAndGet();
  }

  synchronized void draw() {
    int quarter = (int) (done.get() * 4 / total);
    if (terminal) {
      out.print(START_OF_LINE + line());
      out.flush();
    } else if (quarter > quarters) {
      quarters = quarter;
      out.println(line());
    }
  }

  /** Draws the end, if it has come to that, and leaves the line. */
  synchronized void finish() {
    draw();
    out.print(terminal ? System.lineSeparator() : "");
  }

  /** Prints something between two drawings. */
  synchronized void print(String text) {
    out.print(terminal ? START_OF_LINE : "");
    out.println(text);
  }

  private String line() {
    long perSecond = done.get() * 1_000_000_000L / Math.max(1, System.nanoTime() - startedAtNanos);
    int filled = (int) (done.get() * WIDTH / total);
    String bar = "=".repeat(filled) + " ".repeat(WIDTH - filled);
    return String.format(
        "  [%s] %3d %%  %,d of %,d webhooks, %,d/s",
        bar, done.get() * 100 / total, done.get(), total, perSecond);
  }
}
