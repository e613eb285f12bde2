package io.leaksafe.examples.calls;

import io.leaksafe.examples.calls.DrillPlan.Expected;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Help.Ansi;

/** Runs the service under load, closes it, and judges what is left. */
final class Drill {

  private static final int WARM_UP_CALLS = 300;
  private static final int LINES_KEPT_ON_DISK = 2 * JournalFile.LINES_PER_FILE;
  private static final Duration THREADS_END_WITHIN = Duration.ofSeconds(2);

  private final DrillPlan plan;
  private final int senders;
  private final PrintStream out;
  private final List<String> objections = new ArrayList<>();

  Drill(DrillPlan plan, int senders, PrintStream out) {
    this.plan = plan;
    this.senders = senders;
    this.out = out;
  }

  /** Returns 0 if nothing is left and every figure agrees, else 1. */
  int run(@Nullable Path data) throws Exception {
    Map<Expected, Long> totals = plan.totals();
    long webhooks = totals.values().stream().mapToLong(Long::longValue).sum();
    out.printf(
        "calls drill: %,d webhooks of %,d calls over HTTP, %d senders, seed %d%n%n",
        webhooks, plan.calls(), senders, plan.seed());

    Set<Thread> threadsBefore = Footprint.threads();
    warmUp();
    long heapBefore = Footprint.heapAfterGc();
    judge(totals, round(webhooks, data));

    List<String> threads = Footprint.threadsSince(threadsBefore, THREADS_END_WITHIN);
    out.printf("  threads left   %d%s%n", threads.size(), threads.isEmpty() ? "" : ": " + threads);
    demand(threads.isEmpty(), "threads left: " + threads);
    out.printf(
        "  heap after GC  %.1f MB; %.1f MB before the run%n%n",
        mega(Footprint.heapAfterGc()), mega(heapBefore));
    return verdict();
  }

  /** Once through everything, so that the heap is compared with one that has its classes and caches. */
  private void warmUp() throws Exception {
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    DrillPlan few = new DrillPlan(Math.min(WARM_UP_CALLS, plan.calls()), plan.seed());
    new DrillRound(few, senders, new Progress(nowhere, false, Long.MAX_VALUE)).run(null);
  }

  private DrillRound.Result round(long webhooks, @Nullable Path data) throws Exception {
    Progress progress = new Progress(out, Ansi.AUTO.enabled(), webhooks);
    return new DrillRound(plan, senders, progress).run(data);
  }

  private void judge(Map<Expected, Long> totals, DrillRound.Result result) {
    Statistics.Today today = result.figures().webhooks();
    Journal.Figures journal = result.figures().journal();
    long accepted = totals.getOrDefault(Expected.ACCEPTED, 0L);
    long duplicates = totals.getOrDefault(Expected.DUPLICATE, 0L);
    long outOfOrder = totals.getOrDefault(Expected.OUT_OF_ORDER, 0L);
    long valid = accepted + duplicates + outOfOrder;

    out.printf("%n  %-14s %10s %10s%n", "", "expected", "counted");
    row("accepted", accepted, today.accepted());
    row("duplicate", duplicates, today.duplicates());
    row("out of order", outOfOrder, today.outOfOrder());
    row("malformed", totals.getOrDefault(Expected.MALFORMED, 0L), today.malformed());
    row("oversized", totals.getOrDefault(Expected.OVERSIZED, 0L), today.oversized());
    row("wrong answers", 0, result.wrongAnswers());
    row("journal lines", valid, journal.saved());
    if (valid <= LINES_KEPT_ON_DISK) {
      row("lines on disk", valid, result.linesOnDisk());
    }
    demand(
        result.sameDay(),
        "midnight in New York came in between and began new counts; run it again");

    out.printf("%nclosed as SIGTERM does it:%n%n%s%n%n", result.report());
    demand(result.report().clean(), "the close was not clean");
    out.printf("  live handles   %d%n", result.liveHandles());
    demand(result.liveHandles() == 0, "live handles: " + result.liveHandles());
  }

  private void row(String what, long sent, long counted) {
    boolean agree = sent == counted;
    out.printf("  %-14s %,10d %,10d%s%n", what, sent, counted, agree ? "" : "  differs");
    demand(agree, what + ": " + sent + " expected, " + counted + " counted");
  }

  private void demand(boolean kept, String objection) {
    if (!kept) {
      objections.add(objection);
    }
  }

  private int verdict() {
    if (objections.isEmpty()) {
      out.println("nothing is left, and every figure agrees");
      return 0;
    }
    out.println("FAILED: " + String.join("; ", objections));
    return 1;
  }

  private static double mega(long bytes) {
    return bytes / 1e6;
  }
}
