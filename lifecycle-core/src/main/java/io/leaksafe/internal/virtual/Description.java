package io.leaksafe.internal.virtual;

import static java.util.stream.Collectors.joining;

import io.leaksafe.internal.check.Text;
import io.leaksafe.internal.virtual.Actor.State;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Virtual time and its threads as a person reads them. Called under the baton's lock. */
final class Description {

  /** Frames that every thread has which waits here; they say nothing about its own code. */
  private static final Set<String> ENGINE = Set.of(
      Seam.class.getName(),
      VirtualScheduler.class.getName(),
      Patience.REAL.getClass().getName(),
      "java.util.concurrent.locks.LockSupport",
      "jdk.internal.misc.Unsafe");

  private final Baton baton;
  private final VirtualClock clock;

  Description(Baton baton, VirtualClock clock) {
    this.baton = baton;
    this.clock = clock;
  }

  /** The clock alone: {@code 3.5 s after its start}. */
  String moment() {
    return Text.duration(clock.now()) + " after its start";
  }

  /** The clock, and a line for every thread: those that run, then those that wait, by what they wait for. */
  String table() {
    List<String[]> rows = new ArrayList<>();
    for (Actor actor : threads()) {
      rows.add(new String[] {"'" + actor.name + "'", state(actor), due(actor)});
    }
    Thread driver = baton.driver();
    if (driver != null && !driver.equals(Thread.currentThread())) {
      rows.add(new String[] {"'" + driver.getName() + "'", "moves time", ""});
    }
    String format = "\n  %-" + width(rows, 0) + "s  %-" + width(rows, 1) + "s  %s";
    return "virtual time, "
        + moment()
        + ", "
        + clock.instant()
        + rows.stream()
            .map(row -> String.format(Locale.ROOT, format, (Object[]) row).stripTrailing())
            .collect(joining());
  }

  /** A line for each thread that waits for a moment and belongs to no timer engine. */
  List<String> pendingThreads() {
    List<String> lines = new ArrayList<>();
    for (Actor actor : baton.waiting()) {
      if (!actor.ofAnEngine && actor.due != Actor.NEVER) {
        lines.add("thread '" + actor.name + "', " + state(actor) + ", " + due(actor));
      }
    }
    return lines;
  }

  /** The given threads with their stacks. */
  static String stacks(List<Actor> actors) {
    return actors.stream().map(Description::stack).collect(joining("\n"));
  }

  /** Every known thread. */
  List<Actor> threads() {
    List<Actor> all = new ArrayList<>(baton.busy());
    baton.waiting().stream()
        .sorted(Comparator.comparingLong(
            actor -> actor.due == Actor.NEVER ? Long.MAX_VALUE : actor.due))
        .forEach(all::add);
    return all;
  }

  private static int width(List<String[]> rows, int column) {
    return rows.stream().mapToInt(row -> row[column].length()).max().orElse(1);
  }

  private String due(Actor actor) {
    if (actor.state != State.WAITING) {
      return "";
    }
    return actor.due == Actor.NEVER
        ? "no deadline"
        : "due in " + Text.duration(actor.due - clock.now());
  }

  private static String state(Actor actor) {
    return switch (actor.state) {
      case READY -> "ready";
      case RUNNING -> "runs" + machineState(actor);
      case LOOSE ->
        (actor.outsider ? "runs outside" : "runs in foreign code") + machineState(actor);
      case WAITING -> waits(actor);
      case ENDED -> "ended";
      case FREE -> "free";
    };
  }

  private static String waits(Actor actor) {
    return switch (actor.wait) {
      case PARK -> "parked on " + blocker(actor);
      case JOIN -> "joins " + (actor.joined == null ? "nobody" : "'" + actor.joined.name + "'");
      case SLEEP, DEAF_SLEEP -> "sleeps";
      case NONE -> "waits";
    };
  }

  /** Only its class: its own words might need a lock. */
  private static String blocker(Actor actor) {
    Object blocker = actor.blocker;
    if (blocker == null) {
      return "nothing";
    }
    String name = blocker.getClass().getName();
    return name.substring(name.lastIndexOf('.') + 1);
  }

  private static String machineState(Actor actor) {
    Thread thread = actor.thread;
    return thread == null ? "" : " (" + thread.getState() + ")";
  }

  private static String stack(Actor actor) {
    StringBuilder text =
        new StringBuilder("  '").append(actor.name).append("' ").append(state(actor));
    Thread thread = actor.thread;
    if (thread != null) {
      for (StackTraceElement frame : thread.getStackTrace()) {
        if (!ENGINE.contains(frame.getClassName())) {
          text.append("\n      at ").append(plain(frame));
        }
      }
    }
    return text.toString();
  }

  /** Without the module and its version. */
  private static StackTraceElement plain(StackTraceElement frame) {
    return new StackTraceElement(
        frame.getClassName(), frame.getMethodName(), frame.getFileName(), frame.getLineNumber());
  }
}
