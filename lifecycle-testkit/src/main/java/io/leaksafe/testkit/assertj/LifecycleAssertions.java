package io.leaksafe.testkit.assertj;

import io.leaksafe.buffer.BoundedBuffer;
import io.leaksafe.cleanup.CloseReport;
import io.leaksafe.cleanup.Scope;
import io.leaksafe.handle.Action;
import io.leaksafe.handle.Handle;
import io.leaksafe.handle.HandleInfo;
import io.leaksafe.health.Health;
import io.leaksafe.listener.ListenerRegistry;
import io.leaksafe.map.BoundedMap;
import io.leaksafe.map.LeasedMap;
import io.leaksafe.share.SharedResource;
import io.leaksafe.testkit.Collectable;
import io.leaksafe.testkit.SoakReport;
import io.leaksafe.testkit.VirtualTime;
import org.jspecify.annotations.Nullable;

/**
 * Where assertions begin. Import {@code assertThat} statically; it stands beside AssertJ's own without conflict.
 *
 * <p>Thread safety: an assertion looks at what is there when it is called, and may be used on any thread.
 */
public final class LifecycleAssertions {

  private LifecycleAssertions() {}

  /**
   * Begins assertions on a scope or a manager.
   *
   * @param actual the scope
   * @return assertions on it
   */
  public static ScopeAssert assertThat(@Nullable Scope actual) {
    return new ScopeAssert(actual);
  }

  /**
   * Begins assertions on the report of a close.
   *
   * @param actual the report
   * @return assertions on it
   */
  public static CloseReportAssert assertThat(@Nullable CloseReport actual) {
    return new CloseReportAssert(actual);
  }

  /**
   * Begins assertions on a handle, as it is now.
   *
   * @param actual the handle
   * @return assertions on it
   */
  public static HandleAssert assertThat(@Nullable Handle<?> actual) {
    return new HandleAssert(actual);
  }

  /**
   * Begins assertions on what is known of a handle.
   *
   * @param actual the copy of what is known
   * @return assertions on it
   */
  public static HandleInfoAssert assertThat(@Nullable HandleInfo actual) {
    return new HandleInfoAssert(actual);
  }

  /**
   * Begins assertions on how a service was.
   *
   * @param actual the copy of that
   * @return assertions on it
   */
  public static HealthAssert assertThat(@Nullable Health actual) {
    return new HealthAssert(actual);
  }

  /**
   * Begins assertions on the listeners of an emitter.
   *
   * @param actual the registry
   * @return assertions on it
   */
  public static ListenerRegistryAssert assertThat(@Nullable ListenerRegistry<?> actual) {
    return new ListenerRegistryAssert(actual);
  }

  /**
   * Begins assertions on a buffer.
   *
   * @param actual the buffer
   * @param <E>    the type of the elements
   * @return assertions on it
   */
  public static <E> BoundedBufferAssert<E> assertThat(@Nullable BoundedBuffer<E> actual) {
    return new BoundedBufferAssert<>(actual);
  }

  /**
   * Begins assertions on a bounded map, with all that AssertJ has for maps.
   *
   * @param actual the map
   * @param <K>    the type of the keys
   * @param <V>    the type of the values
   * @return assertions on it
   */
  public static <K, V> BoundedMapAssert<K, V> assertThat(@Nullable BoundedMap<K, V> actual) {
    return new BoundedMapAssert<>(actual);
  }

  /**
   * Begins assertions on a map of resources.
   *
   * @param actual the map
   * @param <K>    the type of the keys
   * @return assertions on it
   */
  public static <K> LeasedMapAssert<K> assertThat(@Nullable LeasedMap<K, ?> actual) {
    return new LeasedMapAssert<>(actual);
  }

  /**
   * Begins assertions on a resource that several share.
   *
   * @param actual the shared resource
   * @return assertions on it
   */
  public static SharedResourceAssert assertThat(@Nullable SharedResource<?> actual) {
    return new SharedResourceAssert(actual);
  }

  /**
   * Begins assertions on virtual time.
   *
   * @param actual the virtual time
   * @return assertions on it
   */
  public static VirtualTimeAssert assertThat(@Nullable VirtualTime actual) {
    return new VirtualTimeAssert(actual);
  }

  /**
   * Begins assertions on an object that should become garbage.
   *
   * @param actual how it is remembered
   * @return assertions on it
   */
  public static CollectableAssert assertThat(@Nullable Collectable actual) {
    return new CollectableAssert(actual);
  }

  /**
   * Begins assertions on what many cycles left.
   *
   * @param actual the report
   * @return assertions on it
   */
  public static SoakReportAssert assertThat(@Nullable SoakReport actual) {
    return new SoakReportAssert(actual);
  }

  /**
   * Begins assertions on something that is done again and again.
   *
   * @param actual what is done
   * @return assertions on it
   */
  public static CycleAssert assertThatCycle(@Nullable Action actual) {
    return new CycleAssert(actual);
  }
}
