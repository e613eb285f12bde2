package io.leaksafe.internal.event;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/** A lease was dropped that nothing ends before what it is on. */
@Name("io.leaksafe.HandleLeaked")
@Label("Handle Leaked")
@Description("A lease was dropped that nothing ends before what it is on.")
@Category("Lifecycle")
@StackTrace(false)
final class HandleLeaked extends Event {

  /** Tells whether anybody records, for nothing: it is never committed. */
  static final HandleLeaked PROBE = new HandleLeaked();

  @Label("Path")
  @Nullable
  String path;

  @Label("Opened")
  @Nullable
  String opened;
}
