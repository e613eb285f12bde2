import org.jspecify.annotations.NullMarked;

/** Resources that cannot outlive their owner: scopes, handles, ordered and bounded closing, managed timers. */
@NullMarked
module io.leaksafe {
  requires static transitive java.logging;
  requires static java.management;
  requires static jdk.jfr;
  requires static transitive org.jspecify;
  requires org.slf4j;

  exports io.leaksafe.buffer;
  exports io.leaksafe.cleanup;
  exports io.leaksafe.handle;
  exports io.leaksafe.health;
  exports io.leaksafe.hook;
  exports io.leaksafe.listener;
  exports io.leaksafe.map;
  exports io.leaksafe.retry;
  exports io.leaksafe.schedule;
  exports io.leaksafe.share;
  exports io.leaksafe.time;
  exports io.leaksafe.timeout;
  exports io.leaksafe.internal.check to
      io.leaksafe.testkit;
  exports io.leaksafe.internal.measure to
      io.leaksafe.testkit;
  exports io.leaksafe.internal.virtual to
      io.leaksafe.testkit;
  exports io.leaksafe.internal.watch to
      io.leaksafe.testkit;
}
