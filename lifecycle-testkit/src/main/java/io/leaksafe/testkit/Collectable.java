package io.leaksafe.testkit;

import io.leaksafe.internal.check.Check;
import io.leaksafe.testkit.internal.heap.Garbage;
import io.leaksafe.testkit.internal.heap.HeapDumps;
import java.io.IOException;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.util.List;

/**
 * An object that should become garbage, remembered without keeping it alive.
 *
 * <pre>{@code
 * var gone = Collectable.of(session);
 * session = null;                       // a local variable would keep it alive
 * assertThat(gone).isCollected();
 * }</pre>
 *
 * <p>No time is waited for. A collection is asked for, and proven by an object that nothing refers to: once that is gone, the
 * other one is as well, or something holds it. What holds it is then found in a heap dump.
 *
 * <p>It needs HotSpot, and the modules {@code java.management} and {@code jdk.management}. Explicit collections may be switched
 * off.
 *
 * <p>Thread safety: every method may be called from any thread.
 */
public final class Collectable {

  private static final Object ONE_AT_A_TIME = new Object();

  /** The one by which the object is found in a dump. */
  private static final class Wanted extends WeakReference<Object> {
    Wanted(Reference<?> other) {
      super(other.get());
    }
  }

  private final WeakReference<Object> reference;
  private final String description;

  private Collectable(Object object) {
    this.reference = new WeakReference<>(object);
    this.description =
        object.getClass().getName() + "@" + Integer.toHexString(System.identityHashCode(object));
  }

  /**
   * Remembers an object.
   *
   * @param object the object
   * @return how to ask whether it is gone
   */
  public static Collectable of(Object object) {
    return new Collectable(Check.notNull(object, "object"));
  }

  /**
   * Collects garbage, and tells whether the object is gone.
   *
   * @return whether it was collected
   * @throws IllegalStateException if this JVM cannot be asked to collect, with what is missing
   */
  public boolean isCollected() {
    if (!reference.refersTo(null)) {
      Garbage.collect();
    }
    return reference.refersTo(null);
  }

  /**
   * Finds what keeps the object alive: the shortest way to it from what is always alive. Static fields are preferred to what
   * threads refer to. What refers to it weakly does not count, and what refers to it softly only if nothing else does.
   *
   * @return a step each, from the static field, local variable or thread down to the object; empty if nothing keeps it
   * @throws IllegalStateException if this JVM cannot write a heap dump, or it cannot be read, with the reason
   */
  public List<String> retainedBy() {
    synchronized (ONE_AT_A_TIME) {
      Wanted wanted = wanted();
      try {
        return HeapDumps.retentionOf(Wanted.class);
      } catch (IOException failure) {
        throw new IllegalStateException(
            "What holds " + description + " was not found: " + failure.getMessage(), failure);
      } finally {
        Reference.reachabilityFence(wanted);
      }
    }
  }

  /** In a frame of its own, so that this thread's stack does not refer to the object. */
  private Wanted wanted() {
    return new Wanted(reference);
  }

  /** Returns the object's class and identity. */
  @Override
  public String toString() {
    return description;
  }
}
