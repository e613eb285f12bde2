package io.leaksafe.map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leaksafe.internal.tree.OwnerNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ExpiryTest extends MapTestCase {

  /** A5: the safety window after a transfer. */
  @ParameterizedTest
  @EnumSource(Eviction.class)
  void expireAfterWrite_ofAHundredThousand_takesOneTimerAndIsExact(Eviction eviction) {
    AtomicInteger told = new AtomicInteger();
    BoundedMap<Integer, String> map = map()
        .maximumSize(100_000)
        .evict(eviction)
        .expireAfterWrite(Duration.ofMinutes(30))
        .onRemoval((key, value, cause) -> {
          assertThat(cause).isEqualTo(RemovalCause.EXPIRED);
          told.incrementAndGet();
        })
        .build();

    for (int i = 0; i < 100_000; i++) {
      map.put(i, "v");
    }
    assertThat(pending()).isLessThanOrEqualTo(1);

    time.advance(Duration.ofMinutes(30).minusNanos(1));
    assertThat(map).hasSize(100_000);
    assertThat(told).hasValue(0);

    time.advance(millis(5));
    assertThat(map).isEmpty();
    assertThat(told).hasValue(100_000);
    assertThat(pending()).as("an empty map wakes nobody").isZero();
  }

  @Test
  void get_timeIsOverButTheTickIsNot_isNullOnceAWriterHasReadTheClock() {
    BoundedMap<Integer, String> map =
        map().maximumSize(10).expireAfterWrite(millis(100).plusNanos(1)).build();
    map.put(1, "v");

    time.advance(millis(100).plusNanos(1));
    map.put(2, "v");

    assertThat(map.get(1)).isNull();
  }

  @Test
  void isOverForReader_whileTheTimerLooksAndAnotherEntryComes_seesWhatIsDue() {
    long ten = seconds(10).toNanos();
    Expiry expiry =
        new Expiry(time, OwnerNode.of(app).root().engine, new Expiry.Settings(ten, 0, null, false));
    Cell due = new TimedCell(1, 1, "v", ten);
    List<Boolean> seen = new ArrayList<>();
    expiry.looksBy(now -> {
      expiry.lookAt(now + ten);
      seen.add(expiry.isOverForReader(due));
      return Wheel.NEVER;
    });
    expiry.lookAt(ten);
    assertThat(expiry.isOverForReader(due)).isFalse();

    time.advance(seconds(10));
    expiry.close();

    assertThat(seen).containsExactly(true);
  }

  @Test
  void expireAfterWrite_ofAnEntryThatIsOverwritten_countsFromThen() {
    BoundedMap<Integer, String> map =
        map().maximumSize(10).expireAfterWrite(seconds(10)).build();
    map.put(1, "a");
    map.put(2, "a");
    time.advance(seconds(6));

    map.put(1, "b");
    time.advance(seconds(5));

    assertThat(map).hasSize(1).containsEntry(1, "b");
    time.advance(seconds(4));
    assertThat(map).hasSize(1);
    time.advance(millis(1_002));
    assertThat(map).isEmpty();
  }

  @Test
  void expireAfterAccess_ofWhatIsReadOnceAMinute_keepsItWithoutAWriter() {
    BoundedMap<Integer, String> map =
        loggedMap().maximumSize(10).expireAfterAccess(Duration.ofMinutes(2)).build();
    map.put(1, "read");
    map.put(2, "left alone");

    for (int minute = 0; minute < 30; minute++) {
      time.advance(Duration.ofMinutes(1));
      assertThat(map.get(1)).isEqualTo("read");
    }

    assertThat(log).containsExactly("2=left alone EXPIRED");
    time.advance(Duration.ofMinutes(2).minusNanos(1));
    assertThat(map.containsKey(1)).as("never too early").isTrue();
    time.advance(Duration.ofMinutes(2).dividedBy(64).plus(millis(5)));
    assertThat(map).isEmpty();
    assertThat(pending()).isZero();
  }

  @Test
  void expireAfterAccess_readAfterAnOverwrite_countsFromThatRead() {
    BoundedMap<Integer, String> map =
        map().maximumSize(10).expireAfterAccess(seconds(64)).build();
    map.put(1, "old");
    time.advance(millis(10_200));
    assertThat(map.get(1)).isEqualTo("old");
    time.advance(millis(200));
    map.put(1, "new");
    time.advance(millis(500));
    assertThat(map.get(1)).isEqualTo("new");

    time.advance(seconds(64).minusNanos(1));
    assertThat(map.containsKey(1)).as("never too early").isTrue();
    time.advance(millis(1_005));
    assertThat(map).isEmpty();
  }

  @Test
  void expireAfterAccess_readAgainAndAgain_isNeverTooEarlyNorLaterThanA64th() {
    BoundedMap<Integer, String> map =
        map().maximumSize(1_000).expireAfterAccess(seconds(64)).build();
    Random random = new Random(1);
    long[] read = new long[100];
    long now = 0;
    for (int key = 0; key < read.length; key++) {
      map.put(key, "v");
    }
    for (int step = 0; step < 20_000; step++) {
      int key = random.nextInt(random.nextBoolean() ? 10 : read.length);
      if (map.containsKey(key)) {
        assertThat(now - read[key]).as("age of %d in ms", key).isLessThanOrEqualTo(65_005);
        if (random.nextInt(4) == 0) {
          map.put(key, "again");
        }
        map.get(key);
      } else {
        assertThat(now - read[key]).as("age of %d in ms", key).isGreaterThanOrEqualTo(64_000);
        map.put(key, "anew");
        map.get(key);
      }
      read[key] = now;
      long millis = random.nextInt(step % 50 == 0 ? 20_000 : 900);
      time.advance(millis(millis));
      now += millis;
    }
  }

  @Test
  void expireAfterAccess_shorterThan64Ticks_looksOnceATick() {
    BoundedMap<Integer, String> map =
        map().maximumSize(10).expireAfterAccess(millis(10)).build();
    map.put(1, "v");
    for (int i = 0; i < 100; i++) {
      time.advance(millis(9));
      assertThat(map.get(1)).isEqualTo("v");
    }
    time.advance(millis(13));
    assertThat(map).isEmpty();
  }

  @Test
  void expireAfterAccess_strict_isExactToTheTick() {
    BoundedMap<Integer, String> map =
        map().maximumSize(10).expireAfterAccess(Duration.ofMinutes(2)).strict().build();
    map.put(1, "v");
    time.advance(seconds(90));
    assertThat(map.get(1)).isEqualTo("v");

    time.advance(Duration.ofMinutes(2).minusNanos(1));
    assertThat(map.containsKey(1)).isTrue();
    time.advance(Duration.ofNanos(1));
    assertThat(map.containsKey(1)).isFalse();
    assertThat(map.get(1)).isNull();
  }

  @Test
  void expiry_ofSeveralKinds_isTheEarliest() {
    BoundedMap<Integer, String> map = map()
        .maximumSize(10)
        .expireAfterWrite(seconds(60))
        .expireAfterAccess(seconds(20))
        .expiry((key, value, event) -> key == 2 ? seconds(5) : null)
        .build();
    map.put(1, "v");
    map.put(2, "v");
    map.put(3, "v", seconds(10));
    map.put(4, "v", seconds(500));

    time.advance(millis(5_002));
    assertThat(map.keySet()).containsExactlyInAnyOrder(1, 3, 4);
    time.advance(seconds(5));
    assertThat(map.keySet()).containsExactlyInAnyOrder(1, 4);
    for (int i = 0; i < 5; i++) {
      time.advance(seconds(9));
      map.get(4);
    }
    assertThat(map.keySet()).containsExactly(4);
    time.advance(seconds(5));
    assertThat(map).as("60 s after it was written").isEmpty();
  }

  @Test
  void put_forATimeThatIsShorterThanTheLastOne_expiresEarlier() {
    BoundedMap<Integer, String> map =
        loggedMap().maximumSize(10).expireAfterWrite(Duration.ofHours(1)).build();
    map.put(1, "a");

    map.put(1, "b", seconds(1));
    time.advance(millis(1_002));

    assertThat(map).isEmpty();
    assertThat(log).containsExactly("1=a REPLACED", "1=b EXPIRED");
  }

  @Test
  void put_forATimeIntoAMapOfAccess_isNotMovedOnByReads() {
    BoundedMap<Integer, String> map =
        map().maximumSize(10).expireAfterAccess(seconds(10)).build();
    map.put(1, "a");

    assertThat(map.put(1, "b", seconds(3))).isEqualTo("a");
    time.advance(seconds(2));
    assertThat(map.get(1)).isEqualTo("b");
    time.advance(millis(1_002));

    assertThat(map).isEmpty();
  }

  @Test
  void put_overWhatIsOverButNotTakenOut_isNew() {
    BoundedMap<Integer, String> map =
        loggedMap().maximumSize(10).expireAfterWrite(Duration.ofNanos(10)).build();
    map.put(1, "a");
    time.advance(Duration.ofNanos(20)); // the tick is not over

    assertThat(map.put(1, "b")).isNull();
    assertThat(log).containsExactly("1=a EXPIRED");
  }

  @Test
  void put_forATimeIntoAMapWithoutExpiry_saysWhatToDo() {
    BoundedMap<Integer, String> map = map().maximumSize(10).build();

    assertThatThrownBy(() -> map.put(1, "v", seconds(1)))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessage(
            "Map 'app/map' was built without expiry, so that its entries have no room for a time; key '1' "
                + "was not put. Build it with expireAfterWrite of the longest time, or with expiry(rule).");
    assertThatThrownBy(() -> map.put(1, "v", Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("timeToStay must be longer than zero, was 0 ns.");
  }

  @Test
  void expiry_thatReturnsZero_isRefusedAndNothingIsPut() {
    BoundedMap<Integer, String> map =
        map().maximumSize(10).expiry((key, value, event) -> Duration.ZERO).build();

    assertThatThrownBy(() -> map.put(1, "v"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("longer than zero")
        .hasMessageContaining("'1'");
    assertThatThrownBy(() -> map.computeIfAbsent(1, key -> "v"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(map).isEmpty();
    StoreCheck.verify(map);
  }

  @Test
  void expiry_isToldWhetherTheKeyIsNew() {
    BoundedMap<Integer, String> map = map()
        .maximumSize(10)
        .expiry((key, value, event) -> {
          log.add(value + " " + event);
          return null;
        })
        .build();
    map.put(1, "a");
    map.put(1, "b");

    assertThat(log).containsExactly("a CREATED", "b UPDATED");
  }

  @Test
  void put_ofManyForDifferentTimes_expiresEachInItsOwn() {
    BoundedMap<Integer, String> map =
        map().maximumSize(10_000).expireAfterWrite(Duration.ofDays(400)).build();
    for (int i = 1; i <= 3_000; i++) {
      map.put(i, "v", millis((long) i * i));
    }

    for (int i = 100; i <= 3_000; i += 100) {
      time.advance(millis((long) i * i).plus(millis(2)).minus(time.elapsed()));
      int first = map.keySet().stream().mapToInt(Integer::intValue).min().orElse(3_001);
      assertThat(first).isEqualTo(i + 1);
    }
    assertThat(pending()).isZero();
  }
}
