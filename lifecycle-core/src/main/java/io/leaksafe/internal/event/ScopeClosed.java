package io.leaksafe.internal.event;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

/** The report of a close: of a manager, or of a child scope in which not all closed. */
@Name("io.leaksafe.ScopeClosed")
@Label("Scope Closed")
@Description("The report of a close: of a manager, or of a child scope in which not all closed.")
@Category("Lifecycle")
@StackTrace(false)
final class ScopeClosed extends Event {

  /** Tells whether anybody records, for nothing: it is never committed. */
  static final ScopeClosed PROBE = new ScopeClosed();

  @Label("Scope")
  @Nullable
  String scope;

  @Label("Took")
  @Timespan(Timespan.NANOSECONDS)
  long took;

  @Label("Handles")
  int handles;

  @Label("Not Closed")
  int notClosed;

  @Label("Complete")
  boolean complete;
}
