package io.leaksafe.internal.event;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

/** A closer has outlived its share of the time and is interrupted. */
@Name("io.leaksafe.CloserOverdue")
@Label("Closer Overdue")
@Description("A closer has outlived its share of the time and is interrupted.")
@Category("Lifecycle")
@StackTrace(false)
final class CloserOverdue extends Event {

  /** Tells whether anybody records, for nothing: it is never committed. */
  static final CloserOverdue PROBE = new CloserOverdue();

  @Label("Path")
  @Nullable
  String path;

  @Label("Running For")
  @Timespan(Timespan.NANOSECONDS)
  long running;

  @Label("Stuck At")
  @Nullable
  String stuckAt;
}
