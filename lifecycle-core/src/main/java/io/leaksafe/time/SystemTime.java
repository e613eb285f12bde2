package io.leaksafe.time;

import java.security.AccessController;
import java.security.PrivilegedAction;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The machine's own clocks and threads. */
final class SystemTime implements TimeSource {

  static final SystemTime INSTANCE = new SystemTime();

  private SystemTime() {}

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  public Instant instant() {
    return Instant.now();
  }

  @Override
  public void park(Object blocker, long nanos) {
    if (nanos == Long.MAX_VALUE) {
      LockSupport.park(blocker);
    } else {
      LockSupport.parkNanos(blocker, nanos);
    }
  }

  @Override
  public void unpark(Thread thread) {
    LockSupport.unpark(thread);
  }

  @Override
  public Thread startThread(String name, Runnable body) {
    Thread thread = unprivileged(name, body);
    thread.setDaemon(true);
    thread.setContextClassLoader(null);
    thread.start();
    return thread;
  }

  @Override
  public Thread startWorker(String name, Runnable body) {
    return VirtualThreads.AVAILABLE ? VirtualThreads.start(name, body) : startThread(name, body);
  }

  /**
   * A new thread records the access-control context of its creator, and through it the class loaders of every frame on
   * the creator's stack. Cutting the stack here leaves only this class in it.
   */
  @SuppressWarnings(
      "removal") // a no-op from JDK 24 on, where threads record no such context any more
  private static Thread unprivileged(String name, Runnable body) {
    PrivilegedAction<Thread> create = () -> new Thread(null, body, name, 0, false);
    return AccessController.doPrivileged(create);
  }

  @Override
  public boolean join(Thread thread, long nanos) {
    if (nanos > 0 && thread.isAlive()) {
      try {
        TimeUnit.NANOSECONDS.timedJoin(thread, nanos);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    return !thread.isAlive();
  }
}
