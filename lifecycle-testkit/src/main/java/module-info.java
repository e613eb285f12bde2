import org.jspecify.annotations.NullMarked;

/** Tests of what is built on Lifecycle: time that passes when the test says so, and nothing left behind. */
@NullMarked
module io.leaksafe.testkit {
  requires transitive io.leaksafe;
  requires static transitive org.jspecify;
  requires static transitive org.assertj.core;
  requires static transitive org.junit.jupiter.api;
  requires static transitive org.junit.platform.launcher;
  requires java.instrument;
  requires static java.logging;
  requires java.management;
  requires org.slf4j;

  exports io.leaksafe.testkit;
  exports io.leaksafe.testkit.assertj;
  exports io.leaksafe.testkit.junit;
  exports io.leaksafe.testkit.leak;
}
