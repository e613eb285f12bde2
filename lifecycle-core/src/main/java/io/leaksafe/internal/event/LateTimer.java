package io.leaksafe.internal.event;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

/** A task began 20 ms or more after it was due. */
@Name("io.leaksafe.LateTimer")
@Label("Late Timer")
@Description("A task began 20 ms or more after it was due.")
@Category("Lifecycle")
@StackTrace(false)
final class LateTimer extends Event {

  /** Tells whether anybody records, for nothing: it is never committed. */
  static final LateTimer PROBE = new LateTimer();

  @Label("Path")
  @Nullable
  String path;

  @Label("Late By")
  @Timespan(Timespan.NANOSECONDS)
  long late;
}
