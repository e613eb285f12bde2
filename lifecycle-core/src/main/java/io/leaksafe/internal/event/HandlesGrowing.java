package io.leaksafe.internal.event;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import org.jspecify.annotations.Nullable;

/** The live handles of one name in one scope have reached the threshold, or doubled since. */
@Name("io.leaksafe.HandlesGrowing")
@Label("Handles Growing")
@Description(
    "The live handles of one name in one scope have reached the threshold, or doubled since.")
@Category("Lifecycle")
final class HandlesGrowing extends Event {

  /** Tells whether anybody records, for nothing: it is never committed. */
  static final HandlesGrowing PROBE = new HandlesGrowing();

  @Label("Path of the Newest")
  @Nullable
  String path;

  @Label("Live")
  int live;
}
