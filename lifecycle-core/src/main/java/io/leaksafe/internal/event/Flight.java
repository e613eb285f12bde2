package io.leaksafe.internal.event;

import jdk.jfr.FlightRecorder;

/**
 * What the flight recorder is told. Every method does nothing unless somebody records; where making an argument costs
 * something, ask first.
 */
public final class Flight {
  /*
   * The recorder is a module of its own, which a JVM may lack. So its classes are touched behind PRESENT alone, which the
   * compiler takes for a constant: without the module there is nothing left of any of this.
   *
   * The first class that extends Event starts the recorder, which loads a hundred classes and takes its time: in the closer
   * that happens to be the first, of all places. So none is touched before somebody else has started it, as every way to record
   * does. isEnabled() then reads a field. Asking the probe, and not a fresh event, keeps interpreted code from allocating.
   */
  private static final boolean PRESENT = isPresent();

  /** How late is late. */
  private static final long LATE_NANOS = 20_000_000;

  /** How many entries at once are many. */
  private static final int BURST = 16;

  private Flight() {}

  private static boolean isPresent() {
    try {
      FlightRecorder.isInitialized();
      return true;
    } catch (LinkageError absent) { // the module jdk.jfr is not in this JVM
      return false;
    }
  }

  private static boolean isOn() {
    return PRESENT && FlightRecorder.isInitialized();
  }

  /** Whether openings are recorded. */
  public static boolean recordsOpenings() {
    return isOn() && HandleOpened.PROBE.isEnabled();
  }

  /** A handle was opened. */
  public static void opened(String path, String kind) {
    HandleOpened event = new HandleOpened();
    event.path = path;
    event.kind = kind;
    event.commit();
  }

  /** Whether ends of handles are recorded. */
  public static boolean recordsClosings() {
    return isOn() && HandleClosed.PROBE.isEnabled();
  }

  /** A handle has ended. */
  public static void closed(String path, String kind, long liveNanos) {
    HandleClosed event = new HandleClosed();
    event.path = path;
    event.kind = kind;
    event.live = liveNanos;
    event.commit();
  }

  /** A lease was dropped. */
  public static void leaked(String path, String opened) {
    if (isOn() && HandleLeaked.PROBE.isEnabled()) {
      HandleLeaked event = new HandleLeaked();
      event.path = path;
      event.opened = opened;
      event.commit();
    }
  }

  /** A handle is suspect. */
  public static void suspect(String path, String reason, String opened) {
    if (isOn() && HandleSuspect.PROBE.isEnabled()) {
      HandleSuspect event = new HandleSuspect();
      event.path = path;
      event.reason = reason;
      event.opened = opened;
      event.commit();
    }
  }

  /** The handles of one name have become many. */
  public static void growing(String path, int live) {
    if (isOn() && HandlesGrowing.PROBE.isEnabled()) {
      HandlesGrowing event = new HandlesGrowing();
      event.path = path;
      event.live = live;
      event.commit();
    }
  }

  /** Whether late tasks are recorded. */
  public static boolean recordsLateness() {
    return isOn() && LateTimer.PROBE.isEnabled();
  }

  /** Whether a task that begins so much after it was due is late. */
  public static boolean isLate(long nanos) {
    return nanos >= LATE_NANOS;
  }

  /** A task begins late. */
  public static void late(String path, long nanos) {
    LateTimer event = new LateTimer();
    event.path = path;
    event.late = nanos;
    event.commit();
  }

  /** A listener of the user's threw. */
  public static void listenerFailed(String emitter, Throwable failure) {
    if (isOn() && ListenerFailed.PROBE.isEnabled()) {
      ListenerFailed event = new ListenerFailed();
      event.emitter = emitter;
      event.error = failure.getClass().getName(); // its text may run code of the user's, and fail
      event.commit();
    }
  }

  /** Whether so many evictions at once are recorded. */
  public static boolean recordsBurst(int entries) {
    return entries >= BURST && isOn() && EvictionBurst.PROBE.isEnabled();
  }

  /** Many entries of a map were evicted at once. */
  public static void evicted(String map, int entries) {
    EvictionBurst event = new EvictionBurst();
    event.map = map;
    event.entries = entries;
    event.commit();
  }

  /** A closer has outlived its share. */
  public static void overdue(String path, long runningNanos, String stuckAt) {
    if (isOn() && CloserOverdue.PROBE.isEnabled()) {
      CloserOverdue event = new CloserOverdue();
      event.path = path;
      event.running = runningNanos;
      event.stuckAt = stuckAt;
      event.commit();
    }
  }

  /** A scope has been closed. */
  public static void scopeClosed(
      String scope, long tookNanos, int handles, int notClosed, boolean complete) {
    if (isOn() && ScopeClosed.PROBE.isEnabled()) {
      ScopeClosed event = new ScopeClosed();
      event.scope = scope;
      event.took = tookNanos;
      event.handles = handles;
      event.notClosed = notClosed;
      event.complete = complete;
      event.commit();
    }
  }
}
