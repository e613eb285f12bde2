package io.leaksafe.examples.calls;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofDays;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.leaksafe.cleanup.CleanupManager;
import io.leaksafe.cleanup.CloseReport;
import io.leaksafe.cleanup.CloseReport.Outcome;
import io.leaksafe.handle.Kind;
import io.leaksafe.testkit.VirtualTime;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole service in virtual time. */
class CallServiceTest {

  private VirtualTime time = VirtualTime.create();
  private CleanupManager calls = manager();
  private Path data;

  @BeforeEach
  void folder(@TempDir Path folder) {
    data = folder;
  }

  @AfterEach
  void close() throws Exception {
    time.run(calls::shutdown);
  }

  @Test
  void flush_anyNumberOfWebhooksIn60s_isOneWrite() throws Exception {
    CallDesk desk = start();
    for (int i = 0; i < 500; i++) {
      desk.accept(Webhooks.body("c-" + i, "queued"));
    }
    assertThat(linesOnDisk()).isEmpty();

    time.advance(ofSeconds(60));

    assertThat(desk.figures().journal().writes()).isEqualTo(1);
    assertThat(linesOnDisk()).hasSize(500);
  }

  @Test
  void flush_idleDay_writesNothing() throws Exception {
    CallDesk desk = start();

    time.advance(ofDays(1));

    assertThat(desk.figures().journal().writes()).isZero();
  }

  @Test
  void flush_busyDay_writesOnceAMinute() throws Exception {
    CallDesk desk = start();
    for (int i = 0; i < 24 * 60 * 6; i++) {
      desk.accept(Webhooks.body("c-" + i, "queued"));
      time.advance(ofSeconds(10));
    }

    assertThat(desk.figures().journal()).extracting("writes", "lost").containsExactly(1_440L, 0L);
    assertThat(linesOnDisk()).hasSize(8_640);
  }

  @Test
  void close_9999WebhooksUnwritten_writesThemAllOnce() throws Exception {
    CallDesk desk = start();
    for (int i = 0; i < 9_999; i++) {
      desk.accept(Webhooks.body("c-" + i, "queued"));
    }

    CloseReport report = time.call(calls::shutdown);

    assertThat(report.clean()).as(report.toString()).isTrue();
    assertThat(linesOnDisk()).hasSize(9_999);
    assertThat(desk.figures().journal()).extracting("writes", "lost").containsExactly(1L, 0L);
  }

  @Test
  void close_inOrder_takesNothingInBeforeItWritesForTheLastTime() throws Exception {
    start();

    CloseReport report = time.call(calls::shutdown);

    assertThat(report.entries())
        .extracting(entry -> entry.handle().name())
        .containsSubsequence(
            "requests",
            "http",
            "timers",
            "finished calls",
            "pending calls",
            "transfers",
            "final flush",
            "journal",
            "journal file",
            "folder lock");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void close_diskFull_saysWhichFileAndClosesTheRest() throws Exception {
    Files.createSymbolicLink(data.resolve("journal.jsonl"), Path.of("/dev/full"));
    CallDesk desk = start();
    desk.accept(Webhooks.body("c-1", "queued"));
    time.ignoreTaskFailures().advance(ofMinutes(2));
    assertThat(desk.figures().journal()).extracting("failures", "lost").containsExactly(2L, 0L);

    CloseReport report = time.call(calls::shutdown);

    assertThat(report.entries())
        .filteredOn(entry -> entry.outcome() != Outcome.CLOSED)
        .singleElement()
        .satisfies(entry -> {
          assertThat(entry.handle().name()).isEqualTo("final flush");
          assertThat(entry.error())
              .hasMessageContaining(data.resolve("journal.jsonl").toString());
        });
  }

  @Test
  void restart_continuesTheJournal() throws Exception {
    start().accept(Webhooks.body("c-1", "queued"));
    time.run(calls::shutdown);
    calls = manager();

    CallDesk desk = start();
    desk.accept(Webhooks.body("c-1", "ringing"));
    time.run(calls::shutdown);

    assertThat(desk.figures().journal()).extracting("loaded", "saved").containsExactly(1, 1L);
    assertThat(linesOnDisk()).hasSize(2);
  }

  @Test
  void transfer_holdsItsLineFor30Min() throws Exception {
    CallDesk desk = start();
    desk.accept(Webhooks.body("c-1", "answered"));
    desk.accept(Webhooks.body("c-1", "transferred"));

    time.advance(ofMinutes(30).minusNanos(1));
    assertThat(desk.line(Webhooks.LINE).busy()).isTrue();

    time.advance(Duration.ofNanos(1));
    assertThat(desk.line(Webhooks.LINE).busy()).isFalse();
    time.advance(ofMillis(5));
    assertThat(desk.figures().lines().held()).isZero();
  }

  @Test
  void finishedCall_isKeptFor180Min_andNoLonger() throws Exception {
    CallDesk desk = start();
    time.advance(ofMinutes(1));
    desk.accept(Webhooks.body("c-1", "completed"));

    time.advance(ofHours(3).minusNanos(1));
    assertThat(desk.figures().calls().live()).isEqualTo(1);

    time.advance(ofMillis(5));
    assertThat(desk.figures().calls()).extracting("live", "expired").containsExactly(0, 1L);
  }

  @Test
  void timers_whateverTheNumberOfCalls_areThree() throws Exception {
    CallDesk desk = start();
    for (int i = 0; i < 1_000; i++) {
      desk.accept(Webhooks.body("c-" + i, "transferred"));
    }

    assertThat(calls.handles())
        .filteredOn(handle -> handle.kind() == Kind.TIMER)
        .hasSize(3);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"2026-03-07", "2026-10-31"}) // the days before daylight saving begins and ends
  void newDay_acrossDaylightSaving_beginsAtEachLocalMidnight(LocalDate first) throws Exception {
    time = VirtualTime.startingAt(at(first, LocalTime.NOON));
    calls = manager();
    CallDesk desk = start();

    for (LocalDate day = first; day.isBefore(first.plusDays(3)); day = day.plusDays(1)) {
      desk.accept(Webhooks.body("c-" + day, "completed"));
      advanceTo(at(day.plusDays(1), LocalTime.MIDNIGHT).minusSeconds(1));
      assertThat(desk.figures().webhooks()).extracting("day", "accepted").containsExactly(day, 1L);

      advanceTo(at(day.plusDays(1), LocalTime.MIDNIGHT));
      assertThat(desk.figures().webhooks())
          .extracting("day", "accepted")
          .containsExactly(day.plusDays(1), 0L);
    }
  }

  @Test
  void newDay_duringACall_keepsItsLineBusy() throws Exception {
    CallDesk desk = start();
    time.advance(ofHours(4));
    desk.accept(Webhooks.body("c-1", "answered"));

    time.advance(ofHours(2)); // 00:00 in New York is 05:00 UTC

    assertThat(desk.line(Webhooks.LINE)).extracting("busy", "callsToday").containsExactly(true, 0);
  }

  private CallDesk start() {
    return new CallService(calls, Settings.of(data, 0).time(time)).desk();
  }

  private CleanupManager manager() {
    return CleanupManager.builder("calls").timeSource(time).build();
  }

  private List<String> linesOnDisk() throws Exception {
    return Files.readAllLines(data.resolve("journal.jsonl"), UTF_8);
  }

  private void advanceTo(Instant moment) {
    time.advance(Duration.between(time.instant(), moment));
  }

  private static Instant at(LocalDate day, LocalTime local) {
    return day.atTime(local).atZone(Statistics.ZONE).toInstant();
  }
}
