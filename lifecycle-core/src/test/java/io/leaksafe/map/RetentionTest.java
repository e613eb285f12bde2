package io.leaksafe.map;

import static org.assertj.core.api.Assertions.assertThat;

import io.leaksafe.cleanup.Scope;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RetentionTest extends MapTestCase {

  private static final int INSERTS = 2_000_000;
  private static final int KEPT = 10_000;

  /** Large enough that a part of what was inserted, if it stayed, would be seen. */
  private record Key(int number) {}

  /** Nothing of two million entries that came and went is reachable: not by a cut cell, a dropped chunk or a dead slot. */
  @ParameterizedTest
  @EnumSource(Eviction.class)
  void twoMillionInserts_leaveNothingBehind(Eviction eviction) {
    BoundedMap<Key, byte[]> map = BoundedMap.<Key, byte[]>in(app, "map")
        .maximumSize(KEPT)
        .evict(eviction)
        .expireAfterWrite(seconds(3_600))
        .build();
    List<WeakReference<Key>> gone = new ArrayList<>();
    for (int i = 0; i < INSERTS; i++) {
      Key key = new Key(i);
      map.put(key, new byte[100]);
      if (i % 1_000 == 0) {
        gone.add(new WeakReference<>(key));
        map.remove(key);
      }
    }
    assertThat(map).hasSizeLessThanOrEqualTo(KEPT).hasSizeGreaterThan(KEPT - 20);
    StoreCheck.verify(map);
    int slots = 0;
    for (Shard shard : ((OwnedMap<?, ?>) map).store().all()) {
      slots += shard.policy == null ? 0 : shard.policy.slots();
      slots += shard.wheel == null ? 0 : shard.wheel.slots();
    }
    assertThat(slots).as("places of live and dead cells").isLessThan(5 * KEPT + 10_000);

    System.gc();
    long reachable = gone.stream().filter(each -> each.get() != null).count();
    assertThat(reachable).as("removed keys that dead slots keep").isLessThan(gone.size() / 50);
  }

  /** Entries that leave in the order in which they came leave no dead cells, which a collection would copy and keep. */
  @Test
  void oldestThatGo_leaveNoDeadPlaces() {
    BoundedMap<Key, String> map = BoundedMap.<Key, String>in(app, "map")
        .maximumSize(KEPT)
        .expireAfterWrite(seconds(3_600))
        .build();
    for (int i = 0; i < 5 * KEPT; i++) {
      map.put(new Key(i), "v");
    }
    int slots = 0;
    for (Shard shard : ((OwnedMap<?, ?>) map).store().all()) {
      slots += shard.wheel == null ? 0 : shard.wheel.slots();
    }
    assertThat(slots).as("places of live and dead cells").isEqualTo(KEPT);
    StoreCheck.verify(map);
  }

  /** A23. */
  @Test
  void closedSession_isCollectable_andSoIsWhatItsMapHeld() throws Exception {
    List<WeakReference<?>> gone = new ArrayList<>();
    BoundedMap<Integer, Object> map = mapOfASession(gone);

    for (int i = 0; i < 50 && gone.stream().anyMatch(each -> each.get() != null); i++) {
      System.gc();
    }
    assertThat(gone).allSatisfy(each -> assertThat(each.get()).isNull());
    assertThat(map).hasToString("Map 'app/session/map', closed");
  }

  private BoundedMap<Integer, Object> mapOfASession(List<WeakReference<?>> gone) {
    Scope session = app.child("session");
    Object value = new Object();
    Object heldByListener = new Object();
    BoundedMap<Integer, Object> map = BoundedMap.<Integer, Object>in(session, "map")
        .maximumSize(10)
        .expireAfterAccess(seconds(60))
        .onRemoval((key, each, cause) -> log.add(heldByListener.toString()))
        .build();
    map.put(1, value);
    session.close();
    gone.add(new WeakReference<>(value));
    return map;
  }
}
