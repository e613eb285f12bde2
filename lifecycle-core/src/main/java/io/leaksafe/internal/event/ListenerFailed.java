package io.leaksafe.internal.event;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/** A listener of the user's threw. */
@Name("io.leaksafe.ListenerFailed")
@Label("Listener Failed")
@Description("A listener of the user's threw.")
@Category("Lifecycle")
@StackTrace(false)
final class ListenerFailed extends Event {

  /** Tells whether anybody records, for nothing: it is never committed. */
  static final ListenerFailed PROBE = new ListenerFailed();

  @Label("Emitter")
  @Nullable
  String emitter;

  @Label("Error")
  @Nullable
  String error;
}
