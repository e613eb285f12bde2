package io.leaksafe.examples.calls;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line: drills the service, or serves until it is told to end. */
@Command(
    name = "calls",
    mixinStandardHelpOptions = true,
    version = "calls 0.1.0",
    sortOptions = false,
    description = {
      "A call orchestrator that leaves nothing behind.",
      "",
      "Without --serve it drills itself: it starts, takes thousands of webhooks over HTTP, closes as SIGTERM would, and"
          + " shows that no handle and no thread is left.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:the drill left nothing and every figure agreed",
      "1:something was left, a figure differed, or the service could not start",
      "2:wrong arguments, or a --data folder in which another process is at work",
      "143:--serve was ended by SIGTERM (130: Ctrl-C); the report is on stdout"
    })
public final class Calls implements Callable<Integer> {

  private final PrintStream out;

  @Spec
  private @Nullable CommandSpec spec;

  @Option(names = "--serve", description = "Serve on 127.0.0.1 until SIGTERM or Ctrl-C.")
  private boolean serve;

  @Option(
      names = "--port",
      paramLabel = "N",
      description = "With --serve: where to listen; 0 takes any free port. Default 8080.")
  private @Nullable Integer port;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Where the journal is. Default: a temporary folder, removed at the end.")
  private @Nullable Path data;

  @Option(
      names = "--calls",
      paramLabel = "N",
      description = "Drill: how many calls. Default 10000.")
  private @Nullable Integer calls;

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "Drill: the same seed gives the same webhooks. Default 42.")
  private @Nullable Long seed;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Drill: how many senders. Default 4.")
  private @Nullable Integer threads;

  Calls(PrintStream out) {
    this.out = out;
  }

  /**
   * Runs the command line and ends the JVM with its exit code.
   *
   * @param args see {@code --help}
   */
  public static void main(String[] args) {
    System.exit(commandLine(System.out).execute(args));
  }

  static CommandLine commandLine(PrintStream out) {
    return new CommandLine(new Calls(out)).setExecutionExceptionHandler(Calls::explain);
  }

  /** What an operator can mend is one line; anything else is a defect and keeps its stack. */
  private static int explain(Exception e, CommandLine line, CommandLine.ParseResult parsed)
      throws Exception {
    if (e instanceof CannotRun known) {
      line.getErr().println("calls: " + known.getMessage());
      return known.exitCode();
    }
    throw e;
  }

  @Override
  public Integer call() throws Exception {
    if (serve) {
      refuse("--calls", calls, "drills; leave out --serve");
      refuse("--seed", seed, "drills; leave out --serve");
      refuse("--threads", threads, "drills; leave out --serve");
      int where = inRange("--port", port, 8080, 0, 65_535);
      new Serving(out).run(data, where);
      return 0;
    }
    refuse("--port", port, "needs --serve; the drill takes any free port");
    return drill().run(data);
  }

  private Drill drill() {
    int count = inRange("--calls", calls, 10_000, 1, 10_000_000);
    int senders = inRange("--threads", threads, 4, 1, 64);
    return new Drill(new DrillPlan(count, Objects.requireNonNullElse(seed, 42L)), senders, out);
  }

  private void refuse(String option, @Nullable Object value, String why) {
    if (value != null) {
      throw wrong(option + " " + why + ".");
    }
  }

  private int inRange(String option, @Nullable Integer value, int otherwise, int min, int max) {
    int number = Objects.requireNonNullElse(value, otherwise);
    if (number < min || number > max) {
      throw wrong(String.format("%s must be %,d to %,d, was %,d.", option, min, max, number));
    }
    return number;
  }

  private ParameterException wrong(String message) {
    return new ParameterException(Objects.requireNonNull(spec).commandLine(), message);
  }
}
