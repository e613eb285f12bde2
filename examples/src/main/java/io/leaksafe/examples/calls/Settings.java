package io.leaksafe.examples.calls;

import io.leaksafe.time.TimeSource;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What differs between one run of the service and another.
 *
 * @param data       the folder of the journal; made if it is not there
 * @param port       where to listen; 0 takes any free one
 * @param flushEvery how often the journal is written, if there is something new
 * @param time       the time source of the manager that owns the service
 */
record Settings(Path data, int port, Duration flushEvery, TimeSource time) {

  /** The settings of production. */
  static Settings of(Path data, int port) {
    return new Settings(data, port, Duration.ofSeconds(60), TimeSource.system());
  }

  Settings flushEvery(Duration period) {
    return new Settings(data, port, period, time);
  }

  Settings time(TimeSource source) {
    return new Settings(data, port, flushEvery, source);
  }
}
