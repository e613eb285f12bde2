package io.leaksafe.health;

import io.leaksafe.cleanup.CleanupManager;
import io.leaksafe.cleanup.CloseReport;
import io.leaksafe.hook.GlobalHook;
import io.leaksafe.listener.ListenerRegistry;
import io.leaksafe.schedule.ManagedScheduler;
import io.leaksafe.share.SharedResource;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** Uses each part of core once. */
final class BareMain {

  private BareMain() {}

  public static void main(String[] args) throws Exception {
    CleanupManager app = CleanupManager.builder("bare").jmx().build().closeOnExit();
    CountDownLatch ran = new CountDownLatch(1);
    ManagedScheduler.in(app, "timers").after(Duration.ofMillis(1), ran::countDown);
    ListenerRegistry.<Runnable>in(app, "events").add(ran::countDown);
    SharedResource.in(app, "shared", Object::new, any -> {}).acquire(app);
    GlobalHook.uncaughtExceptions(app, (thread, failure) -> {});
    HealthMonitor health = HealthMonitor.in(app, "health");
    ran.await();
    System.gc();
    System.out.println("heap after GC known: " + health.check().heapAfterGc().isPresent());
    CloseReport report = app.shutdown();
    System.out.println(report.clean() ? "closed cleanly" : report.toString());
  }
}
