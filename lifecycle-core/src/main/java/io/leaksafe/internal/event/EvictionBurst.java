package io.leaksafe.internal.event;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import org.jspecify.annotations.Nullable;

/** One newcomer pushed 16 entries or more out of a bounded map. */
@Name("io.leaksafe.EvictionBurst")
@Label("Eviction Burst")
@Description("One newcomer pushed 16 entries or more out of a bounded map.")
@Category("Lifecycle")
final class EvictionBurst extends Event {

  /** Tells whether anybody records, for nothing: it is never committed. */
  static final EvictionBurst PROBE = new EvictionBurst();

  @Label("Map")
  @Nullable
  String map;

  @Label("Entries")
  int entries;
}
