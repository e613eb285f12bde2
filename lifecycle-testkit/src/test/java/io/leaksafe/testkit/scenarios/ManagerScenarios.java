package io.leaksafe.testkit.scenarios;

import static io.leaksafe.testkit.leak.LeakKind.CLEANUP_MANAGER;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;

import io.leaksafe.cleanup.CleanupManager;
import io.leaksafe.handle.Handle;
import io.leaksafe.schedule.ManagedScheduler;
import io.leaksafe.testkit.VirtualTime;
import io.leaksafe.testkit.junit.LeakCheck;
import io.leaksafe.testkit.leak.LeakProbe;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/** Managers of this library, with and without the agent. */
class ManagerScenarios {

  @Test
  @Left(
      value = CLEANUP_MANAGER,
      says = {"\"orders\", never closed", "orders/socket RESOURCE", "ManagerScenarios.open("},
      by = "ManagerScenarios.open(",
      withoutAgent = true)
  void neverClosed() {
    Later.close(open("orders"));
  }

  private static CleanupManager open(String name) {
    CleanupManager manager = CleanupManager.create(name);
    manager.register("socket", "socket", socket -> {});
    return manager;
  }

  @Test
  void neverClosedAndNeverUsed() {
    Later.close(CleanupManager.create("empty"));
  }

  @Test
  @Left(
      value = CLEANUP_MANAGER,
      says = {"timers/sweep TIMER", "never closed"},
      withoutAgent = true)
  void neverClosedWithTimers() {
    CleanupManager manager = Later.close(CleanupManager.create("ticking"));
    ManagedScheduler.in(manager, "timers").every("sweep", ofSeconds(30), () -> {});
  }

  @Test
  @Left(
      value = CLEANUP_MANAGER,
      says = {"\"drain\"", "drain/stuck"},
      withoutAgent = true)
  void closedWithAHungCloser() {
    CleanupManager manager =
        CleanupManager.builder("drain").timeout(ofMillis(50)).build();
    manager.register("stuck", "stuck", stuck -> Later.stuck());
    manager.shutdown();
  }

  @Test
  @Left(
      value = CLEANUP_MANAGER,
      by = "ManagerScenarios.open(",
      says = "at-exit",
      withoutAgent = true)
  void closedOnExitOnly() {
    Later.close(open("at-exit").closeOnExit());
  }

  @Test
  @Left(value = CLEANUP_MANAGER, by = "ManagerScenarios.open(", says = "\"elsewhere\"")
  void madeByAThreadOfTheTest() throws Exception {
    Thread thread = new Thread(() -> Later.close(open("elsewhere")), "maker");
    thread.start();
    thread.join();
  }

  // ---- near misses

  @Test
  @LeakCheck(graceMillis = 20_000) // ends by itself, on a busy machine not at once
  void closed() {
    try (CleanupManager manager = open("closed")) {
      ManagedScheduler.in(manager, "timers").every("sweep", ofHours(1), () -> {});
      manager.child("session").register("stream", "stream", stream -> {});
    }
  }

  @Test
  void closedAfterItsHandles() {
    CleanupManager manager = CleanupManager.create("handles");
    Handle<String> handle = manager.register("one", "one", one -> {});
    handle.close();
    manager.close();
  }

  @Test
  void closedWithACloserThatThrows() {
    CleanupManager manager = CleanupManager.create("throwing");
    manager.defer("flush", () -> {
      throw new IllegalStateException("the disk is full");
    });
    Assertions.assertFalse(manager.shutdown().clean());
  }

  private CleanupManager closedAfterEach = CleanupManager.create("after each");

  @AfterEach
  void close() {
    closedAfterEach.close();
  }

  @Test
  void closedByAfterEach() {
    closedAfterEach.register("late", "late", late -> {});
  }

  @Test
  void givenAndLeftOpen(CleanupManager manager) {
    manager.register("socket", "socket", socket -> {});
    ManagedScheduler.in(manager, "timers").every("sweep", ofHours(1), () -> {});
  }

  @Test
  void givenWithVirtualTime(CleanupManager manager, VirtualTime time) {
    int[] sweeps = {0};
    ManagedScheduler.in(manager, "timers").every("sweep", ofHours(1), () -> sweeps[0]++);
    time.advance(ofHours(24));
    Assertions.assertEquals(24, sweeps[0]);
  }

  @Test
  void givenAProbe(LeakProbe probe) {
    probe.assertNothingLeft();
    Assertions.assertTrue(probe.leaks().isEmpty());
  }

  @Test
  @LeakCheck(graceMillis = 20_000) // ends by itself, on a busy machine not at once
  void closedInTheBackground() throws Exception {
    CleanupManager manager = open("background");
    Thread closer = new Thread(manager::close, "background-close");
    closer.start();
    closer.join();
  }
}
