package io.leaksafe.map;

import static org.assertj.core.api.Assertions.assertThat;

import io.leaksafe.cleanup.Scope;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RemovalTest extends MapTestCase {

  @Test
  void everyCause_isToldOnceWithItsValue() {
    Scope session = app.child("session");
    BoundedMap<Integer, String> map = BoundedMap.<Integer, String>in(session, "map")
        .maximumSize(2)
        .expireAfterWrite(seconds(10))
        .onRemoval((key, value, cause) -> log.add(key + "=" + value + " " + cause))
        .build();
    map.put(1, "a");
    map.put(1, "b");
    map.put(2, "c");
    map.put(3, "d");
    map.remove(2);
    time.advance(seconds(11));
    map.put(4, "e");
    session.close();

    assertThat(log)
        .containsExactly("1=a REPLACED", "1=b EVICTED", "2=c REMOVED", "3=d EXPIRED", "4=e CLOSED");
  }

  @Test
  void put_ofTheSameInstance_isNoRemoval() {
    BoundedMap<Integer, String> map = loggedMap().maximumSize(2).build();
    map.put(1, "a");
    map.put(1, "a");
    map.replace(1, "a");
    map.compute(1, (key, old) -> old);

    assertThat(log).isEmpty();
  }

  @Test
  void listener_thatThrows_stopsNothing() {
    List<Integer> told = new ArrayList<>();
    BoundedMap<Integer, String> map = map()
        .maximumSize(1)
        .onRemoval((key, value, cause) -> {
          told.add(key);
          throw new IllegalStateException("boom");
        })
        .build();
    IntStream.range(0, 5).forEach(i -> map.put(i, "v"));

    assertThat(told).containsExactly(0, 1, 2, 3);
    assertThat(map).containsOnlyKeys(4);
  }

  @Test
  void listener_thatPutsIntoAMapOfOne_isNotCalledWithinItself() {
    List<String> calls = new ArrayList<>();
    List<BoundedMap<Integer, String>> self = new ArrayList<>();
    self.add(map()
        .maximumSize(1)
        .onRemoval((key, value, cause) -> {
          calls.add("begin " + key + value);
          if (calls.size() < 6) {
            self.get(0).put(key, value + key);
          }
          calls.add("end " + key + value);
        })
        .build());
    BoundedMap<Integer, String> map = self.get(0);
    map.put(1, "a");
    map.put(2, "b");

    assertThat(map).hasSize(1);
    assertThat(calls).startsWith("begin 1a", "begin 2b");
    StoreCheck.verify(map);
  }

  @Test
  void listener_ofOneKey_isCalledInOrderAndNeverOverlaps() {
    List<String> calls = new ArrayList<>();
    List<BoundedMap<Integer, String>> self = new ArrayList<>();
    self.add(map()
        .maximumSize(10)
        .onRemoval((key, value, cause) -> {
          calls.add("begin " + value);
          if (value.length() < 4) {
            self.get(0).put(key, value + "x");
            self.get(0).put(key, value + "xx");
          }
          calls.add("end " + value);
        })
        .build());
    BoundedMap<Integer, String> map = self.get(0);
    map.put(1, "aaa");
    map.put(1, "bbbb");

    assertThat(calls)
        .containsExactly(
            "begin aaa", "end aaa", "begin bbbb", "end bbbb", "begin aaax", "end aaax");
    assertThat(map).containsEntry(1, "aaaxx");
  }

  @Test
  void listener_thatHangs_holdsUpNoOtherKey() throws Exception {
    CountDownLatch hangs = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    List<String> told = Collections.synchronizedList(new ArrayList<>());
    BoundedMap<Integer, String> map = map()
        .maximumSize(10)
        .onRemoval((key, value, cause) -> {
          if (value.equals("hang")) {
            hangs.countDown();
            goOn.await();
          }
          told.add(key + value);
        })
        .build();
    map.put(1, "hang");
    map.put(2, "b");
    Thread hanging = new Thread(() -> map.remove(1));
    hanging.start();
    hangs.await();

    map.remove(2);
    map.put(1, "after");
    map.remove(1);
    assertThat(told).containsExactly("2b");

    goOn.countDown();
    hanging.join();
    assertThat(told).containsExactly("2b", "1hang", "1after");
  }

  @Test
  void close_tellsWhatAWorkerHasNotBegunWith() {
    BoundedMap<Integer, String> map =
        loggedMap().maximumSize(1_000).expireAfterWrite(seconds(1)).build();
    IntStream.range(0, 500).forEach(i -> map.put(i, "v"));
    time.advance(millis(1_002));
    IntStream.range(500, 600).forEach(i -> map.put(i, "v"));
    app.shutdown();

    assertThat(log).hasSize(600).doesNotHaveDuplicates();
    assertThat(log.stream().filter(line -> line.endsWith("CLOSED"))).hasSize(100);
  }
}
