package io.leaksafe.cleanup;

import io.leaksafe.cleanup.CloseReport.Entry;
import io.leaksafe.internal.tree.Node;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Turns what went wrong in a close into one exception. */
final class Failures {

  private Failures() {}

  /** The exception for a close that was not clean. Throws a VirtualMachineError itself, if there was one. */
  static CleanupException of(CloseReport report) {
    return of(report.toString(), report);
  }

  /** The exception for one handle, closed early, that did not close cleanly. */
  static CleanupException of(Node node, Entry entry) {
    CloseReport report = new CloseReport(
        node.path(),
        entry.handle().openedAt().plus(entry.handle().age()),
        entry.took(),
        !entry.live(),
        List.of(entry));
    return of(ReportTable.problem(entry), report);
  }

  private static CleanupException of(String message, CloseReport report) {
    CleanupException exception = new CleanupException(message, report);
    Set<Throwable> seen = identitySet();
    List<Throwable> errors = report.entries().stream()
        .map(Entry::error)
        .filter(Objects::nonNull)
        .filter(seen::add)
        .toList();
    Throwable first = null;
    for (Throwable error : errors) {
      if (first == null
          || error instanceof VirtualMachineError && !(first instanceof VirtualMachineError)) {
        first = error;
      }
    }
    if (first instanceof VirtualMachineError fatal) {
      suppressOthers(fatal, errors, fatal);
      throw fatal;
    }
    if (first != null) {
      exception.initCause(first);
    }
    suppressOthers(exception, errors, first);
    return exception;
  }

  private static void suppressOthers(
      Throwable into, List<Throwable> errors, @Nullable Throwable first) {
    synchronized (into) { // every call of close() throws the same fatal error
      Set<Throwable> known = identitySet();
      Collections.addAll(known, into.getSuppressed());
      for (Throwable error : errors) {
        if (error != first && known.add(error)) {
          into.addSuppressed(error);
        }
      }
    }
  }

  private static Set<Throwable> identitySet() {
    return Collections.newSetFromMap(new IdentityHashMap<>());
  }
}
