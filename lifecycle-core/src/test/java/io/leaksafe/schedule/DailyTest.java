package io.leaksafe.schedule;

import static java.time.Duration.ofDays;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DailyTest extends SchedulerTestCase {

  private static final ZoneId NEW_YORK = ZoneId.of("America/New_York");

  private void logDaily(String at, ZoneId zone) {
    timers.daily(
        "reset",
        LocalTime.parse(at),
        zone,
        () -> log.add(time.instant().atZone(zone).toOffsetDateTime().toString()));
  }

  private void startAt(String local, ZoneId zone) {
    time.setWallClock(
        ZonedDateTime.of(LocalDate.parse(local), LocalTime.MIDNIGHT, zone).toInstant());
  }

  @ParameterizedTest(name = "{0} from {1}, at {2}")
  @CsvSource(delimiter = '|', textBlock = """
      # the change to summer time: 02:00 becomes 03:00
      America/New_York | 2026-03-06 | 09:00 | 2026-03-06T09:00-05:00 2026-03-07T09:00-05:00 2026-03-08T09:00-04:00 2026-03-09T09:00-04:00
      America/New_York | 2026-03-07 | 02:30 | 2026-03-07T02:30-05:00 2026-03-08T03:00-04:00 2026-03-09T02:30-04:00
      America/New_York | 2026-03-07 | 02:00 | 2026-03-07T02:00-05:00 2026-03-08T03:00-04:00 2026-03-09T02:00-04:00
      America/New_York | 2026-03-07 | 03:00 | 2026-03-07T03:00-05:00 2026-03-08T03:00-04:00 2026-03-09T03:00-04:00
      Europe/Berlin    | 2026-03-28 | 02:30 | 2026-03-28T02:30+01:00 2026-03-29T03:00+02:00 2026-03-30T02:30+02:00
      Europe/Berlin    | 2026-03-28 | 12:00 | 2026-03-28T12:00+01:00 2026-03-29T12:00+02:00 2026-03-30T12:00+02:00
      # and back: 01:00 to 02:00 comes twice, in Berlin 02:00 to 03:00
      America/New_York | 2026-10-31 | 09:00 | 2026-10-31T09:00-04:00 2026-11-01T09:00-05:00 2026-11-02T09:00-05:00
      America/New_York | 2026-10-31 | 01:30 | 2026-10-31T01:30-04:00 2026-11-01T01:30-04:00 2026-11-02T01:30-05:00
      America/New_York | 2026-10-31 | 01:00 | 2026-10-31T01:00-04:00 2026-11-01T01:00-04:00 2026-11-02T01:00-05:00
      America/New_York | 2026-10-31 | 02:00 | 2026-10-31T02:00-04:00 2026-11-01T02:00-05:00 2026-11-02T02:00-05:00
      Europe/Berlin    | 2026-10-24 | 02:30 | 2026-10-24T02:30+02:00 2026-10-25T02:30+02:00 2026-10-26T02:30+01:00
      # zones in which midnight itself is skipped, or comes twice
      America/Sao_Paulo | 2017-10-13 | 00:00 | 2017-10-14T00:00-03:00 2017-10-15T01:00-02:00 2017-10-16T00:00-02:00
      America/Sao_Paulo | 2018-02-16 | 00:00 | 2018-02-17T00:00-02:00 2018-02-18T00:00-03:00 2018-02-19T00:00-03:00
      America/Sao_Paulo | 2018-02-16 | 23:30 | 2018-02-16T23:30-02:00 2018-02-17T23:30-02:00 2018-02-18T23:30-03:00
      Asia/Beirut      | 2022-03-25 | 00:00 | 2022-03-26T00:00+02:00 2022-03-27T01:00+03:00 2022-03-28T00:00+03:00
      # a gap that reaches into the next day, a day that the zone left out
      America/Nuuk     | 2024-03-29 | 23:30 | 2024-03-29T23:30-02:00 2024-03-31T00:00-01:00 2024-03-31T23:30-01:00
      Pacific/Apia     | 2011-12-28 | 09:00 | 2011-12-28T09:00-10:00 2011-12-29T09:00-10:00 2011-12-31T09:00+14:00 2012-01-01T09:00+14:00
      # half an hour, and a zone without changes
      Australia/Lord_Howe | 2026-10-03 | 02:15 | 2026-10-03T02:15+10:30 2026-10-04T02:30+11:00 2026-10-05T02:15+11:00
      UTC              | 2026-12-30 | 00:00 | 2026-12-31T00:00Z 2027-01-01T00:00Z 2027-01-02T00:00Z
      """)
  void daily_overAChangeOfTheClocks_runsOncePerLocalDay(
      ZoneId zone, String from, String at, String expected) {
    startAt(from, zone);
    List<String> runs = List.of(expected.split(" "));
    logDaily(at, zone);
    Instant last = OffsetDateTime.parse(runs.get(runs.size() - 1)).toInstant();
    time.advance(Duration.between(time.instant(), last).plusHours(10));
    assertThat(log).isEqualTo(runs);
  }

  @Test
  void daily_wholeYear_runsOncePerLocalDay() {
    startAt("2026-01-01", NEW_YORK);
    logDaily("02:30", NEW_YORK);
    time.advance(ofDays(365));
    assertThat(log.stream().map(line -> line.substring(0, 10)))
        .hasSize(365)
        .doesNotHaveDuplicates()
        .startsWith("2026-01-01")
        .endsWith("2026-12-31");
  }

  @Test
  void daily_timeOfDayIsAhead_runsToday() {
    logDaily("06:00", ZoneId.of("UTC"));
    time.advance(ofHours(6));
    assertThat(log).containsExactly("2026-01-01T06:00Z");
  }

  @Test
  void daily_timeOfDayIsNowOrHasPassed_runsTomorrow() {
    logDaily("00:00", ZoneId.of("UTC"));
    time.advance(ofHours(24));
    assertThat(log).containsExactly("2026-01-02T00:00Z");
  }

  @Test
  void daily_clockSetForwardPastIt_runsWithin15MinutesAndOnlyOnce() {
    logDaily("06:00", ZoneId.of("UTC"));
    time.advance(ofHours(1));
    time.jumpWallClock(ofHours(7));
    time.advance(ofMinutes(15));
    assertThat(log).containsExactly("2026-01-01T08:15Z");
    time.advance(ofHours(24));
    assertThat(log).containsExactly("2026-01-01T08:15Z", "2026-01-02T06:00Z");
  }

  @Test
  void daily_clockSetBackAfterItsRun_doesNotRunTwiceThatDay() {
    logDaily("06:00", ZoneId.of("UTC"));
    time.advance(ofHours(7));
    time.jumpWallClock(ofHours(-3));
    time.advance(ofHours(26));
    assertThat(log).containsExactly("2026-01-01T06:00Z", "2026-01-02T06:00Z");
  }

  @Test
  void daily_clockSetForwardByDays_makesUpForOneOfThem() {
    logDaily("06:00", ZoneId.of("UTC"));
    time.advance(ofHours(1));
    time.jumpWallClock(ofDays(3).plusHours(6));
    time.advance(ofHours(24));
    assertThat(log).containsExactly("2026-01-04T07:15Z", "2026-01-05T06:00Z");
  }

  @Test
  void daily_runLongerThanADay_neverOverlapsItself() {
    ZoneId utc = ZoneId.of("UTC");
    timers.daily("export", LocalTime.NOON, utc, takes("export", ofHours(30)));
    time.advance(ofHours(12 + 30 + 20));
    assertThat(log)
        .containsExactly(
            "43200000 export begins", "151200000 export ends", "216000000 export begins");
    time.advance(ofHours(30));
  }

  @Test
  void daily_closed_runsNoMore() {
    var reset = timers.daily("reset", LocalTime.NOON, NEW_YORK, logs("reset"));
    time.advance(ofSeconds(1));
    reset.close();
    time.advance(ofDays(3));
    assertThat(log).isEmpty();
  }

  /** Every sort of change of every zone since 2000, with times of day before, in and after what it skips or repeats. */
  @Test
  void next_aroundEveryChangeOfEveryZone_isOnceOnEveryDayThatTheZoneHas() {
    Set<String> sorts = new HashSet<>();
    for (String id : new TreeSet<>(ZoneId.getAvailableZoneIds())) {
      ZoneId zone = ZoneId.of(id);
      for (ZoneOffsetTransition change : changes(zone.getRules())) {
        LocalTime before = change.getDateTimeBefore().toLocalTime();
        if (sorts.add(before + " " + change.getDuration())) {
          checkAround(change, LocalTime.MIDNIGHT, zone);
          checkAround(change, LocalTime.NOON, zone);
          checkAround(change, before, zone);
          checkAround(change, before.plusMinutes(20), zone);
          checkAround(change, before.minusMinutes(20), zone);
        }
      }
    }
    assertThat(sorts).hasSizeGreaterThan(10);
  }

  private static List<ZoneOffsetTransition> changes(ZoneRules rules) {
    List<ZoneOffsetTransition> changes = new ArrayList<>();
    Instant end = Instant.parse("2030-01-01T00:00:00Z");
    ZoneOffsetTransition next = rules.nextTransition(Instant.parse("2000-01-01T00:00:00Z"));
    while (next != null && next.getInstant().isBefore(end)) {
      changes.add(next);
      next = rules.nextTransition(next.getInstant());
    }
    return changes;
  }

  private void checkAround(ZoneOffsetTransition change, LocalTime at, ZoneId zone) {
    Instant from = change.getInstant().minus(ofDays(2));
    Instant to = change.getInstant().plus(ofDays(2));
    time.setWallClock(from);
    Cadence.Daily daily = new Cadence.Daily(at, zone, from);
    List<LocalDate> days = new ArrayList<>();
    for (Instant run = daily.moment(); run.isBefore(to); run = daily.moment()) {
      days.add(dayOf(run, at, change, zone));
      time.setWallClock(run);
      daily.next(0, 0, time);
    }
    assertThat(days)
        .as("daily at %s around %s in %s", at, change, zone)
        .doesNotHaveDuplicates()
        .containsAll(wholeDays(from, to, zone));
  }

  /** Where a gap reaches from one day into the next, the moment of the change still belongs to the first. */
  private static LocalDate dayOf(
      Instant run, LocalTime at, ZoneOffsetTransition change, ZoneId zone) {
    LocalDateTime before = change.getDateTimeBefore();
    boolean endsItsDay = run.equals(change.getInstant())
        && change.isGap()
        && change.getDateTimeAfter().toLocalDate().isAfter(before.toLocalDate())
        && before.toLocalTime().isAfter(LocalTime.MIDNIGHT)
        && !at.isBefore(before.toLocalTime());
    return endsItsDay ? before.toLocalDate() : LocalDate.ofInstant(run, zone);
  }

  /** The days that the zone has, without the first and the last, which are cut off somewhere. */
  private static List<LocalDate> wholeDays(Instant from, Instant to, ZoneId zone) {
    List<LocalDate> days = Stream.iterate(from, to::isAfter, each -> each.plusSeconds(1_800))
        .map(each -> LocalDate.ofInstant(each, zone))
        .distinct()
        .toList();
    return days.subList(1, days.size() - 1);
  }
}
