package io.leaksafe.stress;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.openjdk.jcstress.JCStress;
import org.openjdk.jcstress.Options;
import org.openjdk.jcstress.infra.Status;
import org.openjdk.jcstress.infra.collectors.DiskReadCollector;
import org.openjdk.jcstress.infra.collectors.InProcessCollector;
import org.openjdk.jcstress.infra.collectors.TestResult;

/**
 * Runs proofs and their weakened twins, and fails unless every proof holds and every twin is caught.
 *
 * <p>jcstress alone would be content with one twin that fails, and with a pattern that matches nothing. It takes the options
 * of jcstress. A twin that is not caught is run again, up to {@value #ROUNDS} times in all and longer each time: on a busy
 * machine the two sides seldom meet, and a bug found once is found. A proof has to hold in every run. From the folder {@code benchmarks/jcstress/target}, one protocol alone:
 *
 * <pre>{@code java -cp jcstress.jar io.leaksafe.stress.Proofs -m quick -sc false -t LaneMutualExclusion}</pre>
 */
public final class Proofs {

  private static final String TWIN = "Weakened";
  private static final int ROUNDS = 4;

  private final SortedSet<String> names;
  private final List<TestResult> results;
  private final List<String> problems = new ArrayList<>();

  private Proofs(SortedSet<String> names, List<TestResult> results) {
    this.names = names;
    this.results = results;
  }

  /**
   * Runs them.
   *
   * @param args options of jcstress
   */
  public static void main(String[] args) throws Exception {
    Options options = parse(args);
    SortedSet<String> names = new JCStress(options).getTests();
    System.out.println(names.size() + " proofs and twins match " + options.getTestFilter()
        + "; what jcstress says goes to " + log(options));
    List<TestResult> results = names.isEmpty() ? new ArrayList<>() : run(options);
    for (int round = 2; round <= ROUNDS; round++) {
      results.addAll(runAgain(args, options, notCaught(names, results), round));
    }
    List<String> problems = new Proofs(names, results).judge();
    problems.forEach(System.out::println);
    System.exit(problems.isEmpty() ? 0 : 1);
  }

  private static Options parse(String[] args) throws IOException {
    Options options = new Options(args);
    if (!options.parse()) {
      System.exit(1);
    }
    return options;
  }

  private static SortedSet<String> notCaught(SortedSet<String> names, List<TestResult> results) {
    SortedSet<String> left = new TreeSet<>(names);
    left.removeIf(name -> !name.endsWith(TWIN));
    results.stream().filter(Proofs::fails).map(TestResult::getName).forEach(left::remove);
    return left;
  }

  /** Runs these for longer, with a log and a report of their own. */
  private static List<TestResult> runAgain(
      String[] args, Options first, SortedSet<String> twins, int round) throws Exception {
    if (twins.isEmpty()) {
      return List.of();
    }
    String folder = first.getResultDest() + "round-" + round;
    String pattern = "^(" + String.join("|", twins) + ")$";
    String millis = String.valueOf((long) first.getTime() << round);
    Options options = parse(with(with(with(args, "-r", folder), "-t", pattern), "-time", millis));
    System.out.println("Round " + round + " of " + ROUNDS + " for what was not caught: " + twins
        + "; what jcstress says goes to " + log(options));
    return run(options);
  }

  /** The options, with another value for this one. */
  private static String[] with(String[] args, String option, String value) {
    List<String> changed = new ArrayList<>(List.of(args));
    int at = changed.indexOf(option);
    if (at >= 0) {
      changed.subList(at, Math.min(at + 2, changed.size())).clear();
    }
    changed.addAll(List.of(option, value));
    return changed.toArray(String[]::new);
  }

  private static Path log(Options options) {
    return Path.of(options.getResultDest(), "log.txt");
  }

  private static List<TestResult> run(Options options) throws Exception {
    Files.createDirectories(log(options).getParent());
    PrintStream console = System.out;
    try (PrintStream log = new PrintStream(log(options).toFile())) {
      System.setOut(log);
      new JCStress(options).run();
    } catch (AssertionError twinsFailed) {
      // as they should; which ones is read from the results
    } finally {
      System.setOut(console);
    }
    return read(options);
  }

  private static List<TestResult> read(Options options) throws IOException, ClassNotFoundException {
    InProcessCollector collector = new InProcessCollector();
    DiskReadCollector reader = new DiskReadCollector(options.getResultFile(), collector);
    reader.dump();
    reader.close();
    return new ArrayList<>(collector.getTestResults());
  }

  private List<String> judge() {
    if (names.isEmpty()) {
      problems.add(
          "Nothing was run. Give -t a pattern that is found in a class name, or leave it out.");
    }
    for (String name : names) {
      if (name.endsWith(TWIN)) {
        judgeTwin(name);
      } else {
        judgeProof(name);
      }
    }
    return problems;
  }

  private void judgeProof(String name) {
    if (!names.contains(name + TWIN)) {
      problems.add("'" + name + "' has no twin '" + name + TWIN + "'.");
    }
    List<TestResult> runs = runsOf(name);
    long bad = runs.stream().filter(Proofs::fails).count();
    if (runs.isEmpty() || bad > 0) {
      problems.add("'" + name + "' does not hold: " + bad + " of " + runs.size() + " runs failed.");
    }
    tell(name, runs.isEmpty() || bad > 0 ? "DOES NOT HOLD" : "holds", runs);
  }

  private void judgeTwin(String name) {
    String proof = name.substring(0, name.length() - TWIN.length());
    if (!names.contains(proof)) {
      problems.add("'" + name + "' is the twin of nothing: there is no '" + proof + "'.");
    }
    List<TestResult> runs = runsOf(name);
    boolean caught = runs.stream().anyMatch(Proofs::fails);
    if (!caught) {
      problems.add("'" + name + "' is not caught: the proof would not notice this bug.");
    }
    tell(name, caught ? "is caught" : "IS NOT CAUGHT", runs);
  }

  /** The runs of one class; one that crashed or timed out proves nothing and is a problem of its own. */
  private List<TestResult> runsOf(String name) {
    List<TestResult> runs = new ArrayList<>();
    for (TestResult result : results) {
      if (result.getName().equals(name)) {
        if (result.status() == Status.NORMAL) {
          runs.add(result);
        } else {
          problems.add(
              "'" + name + "' could not be run: " + result.status() + " " + result.getMessages());
        }
      }
    }
    return runs;
  }

  private static boolean fails(TestResult run) {
    return run.status() == Status.NORMAL && !run.grading().isPassed;
  }

  private static void tell(String name, String verdict, List<TestResult> runs) {
    long samples = runs.stream().mapToLong(TestResult::getTotalCount).sum();
    System.out.printf("%-32s %-14s %,12d samples%n", simple(name), verdict, samples);
  }

  private static String simple(String name) {
    return name.substring(name.lastIndexOf('.') + 1);
  }
}
