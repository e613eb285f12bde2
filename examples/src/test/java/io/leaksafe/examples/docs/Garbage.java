package io.leaksafe.examples.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;

/** Garbage collections that are known to have happened. */
final class Garbage {

  private static final int TRIES = 100;
  private static final long WAIT_MILLIS = 300;

  private Garbage() {}

  /** Has the collector run twice, as canaries prove: what was unreachable before has been enqueued then. */
  static void collect() {
    for (int canaries = 0; canaries < 2; canaries++) {
      ReferenceQueue<Object> queue = new ReferenceQueue<>();
      Reference<Object> canary = new PhantomReference<>(new Object(), queue);
      Reference<?> found = null;
      try {
        for (int tries = 0; found == null && tries < TRIES; tries++) {
          System.gc();
          found = queue.remove(WAIT_MILLIS);
        }
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      assertThat(found).as("canary").isSameAs(canary);
    }
  }
}
