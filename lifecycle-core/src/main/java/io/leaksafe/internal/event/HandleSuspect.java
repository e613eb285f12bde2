package io.leaksafe.internal.event;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/** A handle is older than it should be, or a scope was dropped where others are closed. */
@Name("io.leaksafe.HandleSuspect")
@Label("Handle Suspect")
@Description("A handle is older than it should be, or a scope was dropped where others are closed.")
@Category("Lifecycle")
@StackTrace(false)
final class HandleSuspect extends Event {

  /** Tells whether anybody records, for nothing: it is never committed. */
  static final HandleSuspect PROBE = new HandleSuspect();

  @Label("Path")
  @Nullable
  String path;

  @Label("Reason")
  @Nullable
  String reason;

  @Label("Opened")
  @Nullable
  String opened;
}
