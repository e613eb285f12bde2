package io.leaksafe.share;

import io.leaksafe.cleanup.CleanupManager;
import io.leaksafe.handle.ClosedScopeException;
import io.leaksafe.handle.Handle;
import io.leaksafe.handle.Tracking;
import io.leaksafe.stress.StressTime;
import java.util.concurrent.atomic.AtomicInteger;

/** What the proofs of shared resources begin with: resources that count how many there are. */
class Resources {

  /** One of them. */
  static final class Resource {
    volatile boolean open = true;
  }

  final CleanupManager root = CleanupManager.builder("root")
      .tracking(Tracking.DISABLED)
      .timeSource(new StressTime())
      .build();
  final AtomicInteger opened = new AtomicInteger();
  final AtomicInteger closed = new AtomicInteger();

  final Resource open() {
    opened.incrementAndGet();
    return new Resource();
  }

  /** Actors throw nothing that is checked, and neither do the openers here. */
  final Handle<Resource> acquire(SharedResource<Resource> share) {
    try {
      return share.acquire(root);
    } catch (ClosedScopeException refused) {
      throw refused;
    } catch (Exception unexpected) {
      throw new AssertionError(unexpected);
    }
  }

  final void close(Resource resource) {
    resource.open = false;
    closed.incrementAndGet();
  }
}
