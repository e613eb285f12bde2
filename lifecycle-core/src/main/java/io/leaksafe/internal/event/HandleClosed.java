package io.leaksafe.internal.event;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

/** A handle has ended; its stack is that of whoever closed it. */
@Name("io.leaksafe.HandleClosed")
@Label("Handle Closed")
@Description("A handle has ended; its stack is that of whoever closed it.")
@Category("Lifecycle")
@Enabled(false)
final class HandleClosed extends Event {

  /** Tells whether anybody records, for nothing: it is never committed. */
  static final HandleClosed PROBE = new HandleClosed();

  @Label("Path")
  @Nullable
  String path;

  @Label("Kind")
  @Nullable
  String kind;

  @Label("Live For")
  @Timespan(Timespan.NANOSECONDS)
  long live;
}
