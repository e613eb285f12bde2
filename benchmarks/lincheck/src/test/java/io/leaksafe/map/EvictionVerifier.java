package io.leaksafe.map;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jetbrains.kotlinx.lincheck.Actor;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionResult;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionScenario;
import org.jetbrains.kotlinx.lincheck.execution.ResultWithClock;
import org.jetbrains.kotlinx.lincheck.util.ValueResult;
import org.jetbrains.lincheck.datastructures.verifier.Verifier;
import org.jspecify.annotations.Nullable;

/**
 * Whether results can be put into one order in which every key has the last value that was put, or is absent: then it was
 * evicted, and stays absent until it is put again.
 */
public final class EvictionVerifier implements Verifier {
  /*
   * Tries every order that keeps each thread's own, and in which nothing comes before what had ended when it began. Which keys
   * are evicted, and when, is not known; but as soon as one is seen to be absent, it is so from there on.
   */

  /** The checker makes one for each run; eviction has no specification that could run by itself. */
  public EvictionVerifier(Class<?> unused) {}

  /** One operation: what it did, what it returned, and how many of each thread had ended when it began. */
  private record Step(
      String name, int key, int value, @Nullable Object result, ResultWithClock clocked) {}

  @Override
  public boolean verifyResults(ExecutionScenario scenario, ExecutionResult results) {
    List<List<Step>> threads = new ArrayList<>();
    for (int i = 0; i < scenario.getThreads().size(); i++) {
      threads.add(steps(
          scenario.getThreads().get(i), results.getThreadsResultsWithClock().get(i)));
    }
    return canBeOrdered(threads, new int[threads.size()], Map.of());
  }

  private static List<Step> steps(List<Actor> actors, List<ResultWithClock> results) {
    List<Step> steps = new ArrayList<>();
    for (int i = 0; i < results.size(); i++) {
      List<Object> arguments = actors.get(i).getArguments();
      if (!(results.get(i).getResult() instanceof ValueResult returned)) {
        throw new IllegalStateException(
            actors.get(i) + " ended with " + results.get(i).getResult());
      }
      steps.add(new Step(
          actors.get(i).getMethod().getName(),
          (int) arguments.get(0),
          arguments.size() > 1 ? (int) arguments.get(1) : 0,
          returned.getValue(),
          results.get(i)));
    }
    return steps;
  }

  private static boolean canBeOrdered(
      List<List<Step>> threads, int[] done, Map<Integer, Integer> present) {
    boolean over = true;
    for (int i = 0; i < done.length; i++) {
      if (done[i] < threads.get(i).size()) {
        over = false;
        Step step = threads.get(i).get(done[i]);
        Map<Integer, Integer> after = new HashMap<>(present);
        if (mayBegin(step, i, done) && apply(step, after)) {
          int[] more = done.clone();
          more[i]++;
          if (canBeOrdered(threads, more, after)) {
            return true;
          }
        }
      }
    }
    return over;
  }

  private static boolean mayBegin(Step step, int thread, int[] done) {
    for (int i = 0; i < done.length; i++) {
      if (i != thread && step.clocked.getClockOnStart().get(i) > done[i]) {
        return false;
      }
    }
    return true;
  }

  /** Does a step, if it can return what it did. */
  private static boolean apply(Step step, Map<Integer, Integer> present) {
    Object old = step.result;
    if (old != null && !old.equals(present.get(step.key))) {
      return false;
    }
    switch (step.name) {
      case "get" -> set(present, step.key, old == null ? null : present.get(step.key));
      case "remove" -> set(present, step.key, null);
      case "put", "compute" -> set(present, step.key, step.value);
      default -> throw new IllegalStateException("unknown operation " + step.name);
    }
    return true;
  }

  private static void set(Map<Integer, Integer> present, int key, @Nullable Integer value) {
    if (value == null) {
      present.remove(key);
    } else {
      present.put(key, value);
    }
  }
}
