package io.leaksafe.listener;

import io.leaksafe.internal.check.Text;
import io.leaksafe.internal.event.Flight;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the listeners of one fire threw. */
final class Failed {

  private static final Logger LOG = LoggerFactory.getLogger(Failed.class.getPackageName());

  private final List<Throwable> failures = new ArrayList<>();
  private boolean interrupted;

  private Failed() {}

  /** Logs a failure and adds it to the others, if there are any. */
  static Failed add(
      @Nullable Failed others, Subscription<?> listener, String path, Throwable failure) {
    Failed all = others == null ? new Failed() : others;
    all.failures.add(failure);
    if (failure instanceof InterruptedException) {
      all.interrupted = true;
    }
    Flight.listenerFailed(path, failure);
    LOG.warn(
        "A listener of '{}', {}, failed; the others are called.",
        path,
        Crowd.opening(listener),
        failure);
    return all;
  }

  /** Puts them into one exception; throws a VirtualMachineError itself, if there was one. */
  ListenerException exception(String path, int listeners) {
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    for (Throwable each : failures) {
      if (each instanceof VirtualMachineError fatal) {
        suppressOthers(fatal, fatal);
        throw fatal;
      }
    }
    Throwable first = failures.get(0);
    ListenerException together = new ListenerException(
        Text.count(failures.size(), "listener") + " of '" + path + "' failed, and all "
            + Text.count(Math.max(listeners, failures.size())) + " were called. The first failure: "
            + first,
        first);
    suppressOthers(together, first);
    return together;
  }

  private void suppressOthers(Throwable into, Throwable first) {
    for (Throwable each : failures) {
      if (each != first && each != into) {
        into.addSuppressed(each);
      }
    }
  }
}
