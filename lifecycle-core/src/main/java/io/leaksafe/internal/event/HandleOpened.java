package io.leaksafe.internal.event;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import org.jspecify.annotations.Nullable;

/** A handle was opened; its stack is that of the opener. */
@Name("io.leaksafe.HandleOpened")
@Label("Handle Opened")
@Description("A handle was opened; its stack is that of the opener.")
@Category("Lifecycle")
@Enabled(false)
final class HandleOpened extends Event {

  /** Tells whether anybody records, for nothing: it is never committed. */
  static final HandleOpened PROBE = new HandleOpened();

  @Label("Path")
  @Nullable
  String path;

  @Label("Kind")
  @Nullable
  String kind;
}
