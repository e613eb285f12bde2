package io.leaksafe.hitratios;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line: replays traces, and prints a line for each trace and size. */
@Command(
    name = "hit-ratios",
    mixinStandardHelpOptions = true,
    version = "hit-ratios 0.1.0",
    sortOptions = false,
    description = {
      "How often the bounded map hits, beside its peers.",
      "",
      "Replays access traces through the bounded map (COLDEST), Caffeine, LRU, S3-FIFO and the best that is possible, and"
          + " prints which share of the accesses found its key, in percent.",
      "",
      "The name of a trace file tells its format: arc- (text: first block, count), cache2k- (4-byte big-endian), corda-"
          + " (8-byte big-endian), lirs- (text: a number a line); .gz and .xz are unpacked.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:all was replayed", "1:a trace could not be read", "2:wrong arguments"})
public final class HitRatios implements Callable<Integer> {

  private static final int MOST_ACCESSES = 100_000_000;
  private static final int MOST_KEYS = 20_000_000;

  @Spec
  private @Nullable CommandSpec spec;

  @Option(
      names = "--traces",
      paramLabel = "DIR",
      description = "Replay the trace files of this folder.")
  private @Nullable Path folder;

  @Option(
      names = "--synthetic",
      paramLabel = "NAME",
      split = ",",
      description = "Replay a trace made up: ${COMPLETION-CANDIDATES}.",
      completionCandidates = SyntheticNames.class)
  private List<String> synthetic = new ArrayList<>();

  @Option(
      names = "--sizes",
      paramLabel = "N",
      split = ",",
      required = true,
      description = "How many entries the caches may hold; each size is a line.")
  private List<Integer> sizes = new ArrayList<>();

  @Option(
      names = "--length",
      paramLabel = "N",
      description = "Accesses of a synthetic trace. Default ${DEFAULT-VALUE}.")
  private int length = 1_000_000;

  @Option(
      names = "--keys",
      paramLabel = "N",
      description = "Keys that a synthetic trace draws from. Default ${DEFAULT-VALUE}.")
  private int keys = 50_000;

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "The same seed gives the same synthetic trace. Default ${DEFAULT-VALUE}.")
  private long seed = 42;

  HitRatios() {}

  /**
   * Runs the command line and ends the JVM with its exit code.
   *
   * @param args see {@code --help}
   */
  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  static CommandLine commandLine() {
    return new CommandLine(new HitRatios()).setExecutionExceptionHandler(HitRatios::explain);
  }

  /** What a user can mend is one line; anything else is a defect and keeps its stack. */
  private static int explain(Exception e, CommandLine line, CommandLine.ParseResult parsed)
      throws Exception {
    if (e instanceof CannotRead) {
      line.getErr().println("hit-ratios: " + e.getMessage());
      return 1;
    }
    throw e;
  }

  @Override
  public Integer call() {
    inRange("--length", length, MOST_ACCESSES);
    inRange("--keys", keys, MOST_KEYS);
    sizes.forEach(size -> inRange("--sizes", size, Integer.MAX_VALUE));
    List<Supplier<Trace>> traces = traces();
    PrintWriter out = spec().commandLine().getOut();
    Comparison comparison = new Comparison(Policies.all(), out);
    comparison.header();
    for (Supplier<Trace> trace : traces) {
      comparison.replay(trace.get(), sizes);
    }
    comparison.summary();
    return 0;
  }

  /** One after another, so that only one trace is in memory at a time; all names are checked before the first is replayed. */
  private List<Supplier<Trace>> traces() {
    List<Supplier<Trace>> traces = new ArrayList<>();
    if (folder != null) {
      TraceFile.in(folder).forEach(file -> traces.add(() -> TraceFile.read(file)));
    }
    for (String name : synthetic) {
      try {
        Synthetic kind = Synthetic.named(name);
        traces.add(() -> kind.trace(length, keys, seed));
      } catch (IllegalArgumentException e) {
        throw wrong(String.valueOf(e.getMessage()));
      }
    }
    if (traces.isEmpty()) {
      throw wrong("Nothing to replay: give --traces, --synthetic or both.");
    }
    return traces;
  }

  private void inRange(String option, int value, int most) {
    if (value < 1 || value > most) {
      throw wrong(String.format("%s must be 1 to %,d, was %,d.", option, most, value));
    }
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec().commandLine(), message);
  }

  private CommandSpec spec() {
    return Objects.requireNonNull(spec);
  }

  /** For {@code --help}. */
  static final class SyntheticNames extends ArrayList<String> {

    private static final long serialVersionUID = 1L;

    SyntheticNames() {
      super(Synthetic.kinds());
    }
  }
}
