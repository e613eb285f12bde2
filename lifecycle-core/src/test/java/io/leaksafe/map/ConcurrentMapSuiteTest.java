package io.leaksafe.map;

import com.google.common.collect.testing.ConcurrentMapTestSuiteBuilder;
import com.google.common.collect.testing.TestStringMapGenerator;
import com.google.common.collect.testing.features.CollectionFeature;
import com.google.common.collect.testing.features.CollectionSize;
import com.google.common.collect.testing.features.MapFeature;
import io.leaksafe.cleanup.CleanupManager;
import java.time.Duration;
import java.util.Map;
import java.util.function.UnaryOperator;
import junit.framework.Test;
import junit.framework.TestSuite;

/** The contract of a concurrent map, by Guava's suite, for each kind of cell and both orders. */
public final class ConcurrentMapSuiteTest {

  private static final CleanupManager APP = CleanupManager.create("suite");

  private ConcurrentMapSuiteTest() {}

  /** Read by JUnit. */
  @SuppressWarnings("exports") // of a test class: nobody compiles against it
  public static Test suite() {
    TestSuite all = new TestSuite("BoundedMap");
    all.addTest(suite("oldest", map -> map.maximumSize(1_000)));
    all.addTest(suite("coldest", map -> map.maximumSize(1_000).evict(Eviction.COLDEST)));
    all.addTest(suite(
        "weighed, told of, expiring",
        map -> map.maximumWeight(10_000)
            .weigher((key, value) -> value.length() + 1)
            .evict(Eviction.COLDEST)
            .expireAfterWrite(Duration.ofHours(2))
            .expireAfterAccess(Duration.ofHours(1))
            .onRemoval((key, value, cause) -> {})));
    return all;
  }

  private static Test suite(String name, UnaryOperator<MapBuilder<String, String>> settings) {
    return ConcurrentMapTestSuiteBuilder.using(new TestStringMapGenerator() {
          @Override
          protected Map<String, String> create(Map.Entry<String, String>[] entries) {
            BoundedMap<String, String> map =
                settings.apply(BoundedMap.in(APP, name)).build();
            for (Map.Entry<String, String> entry : entries) {
              map.put(entry.getKey(), entry.getValue());
            }
            return map;
          }
        })
        .named(name)
        .withFeatures(
            MapFeature.GENERAL_PURPOSE,
            CollectionFeature.SUPPORTS_ITERATOR_REMOVE,
            CollectionSize.ANY)
        .createTestSuite();
  }
}
