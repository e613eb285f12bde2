package io.leaksafe.schedule;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leaksafe.cleanup.CleanupManager;
import io.leaksafe.cleanup.Scope;
import io.leaksafe.internal.virtual.VirtualScheduler;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tasks on an executor of the user's. */
class UsersExecutorTest {

  private final VirtualScheduler time = new VirtualScheduler();
  private final List<String> log = new ArrayList<>();
  private final List<Runnable> queue = new ArrayList<>();
  private CleanupManager app = CleanupManager.create("unused");

  private ManagedScheduler timersOn(Executor executor) {
    app = CleanupManager.builder("app").timeSource(time).executor(executor).build();
    return ManagedScheduler.in(app, "timers");
  }

  @AfterEach
  void close() throws Exception {
    assertThat(time.call(app::shutdown).clean()).isTrue();
  }

  @Test
  void executor_getsEachTaskThatIsDue() {
    ManagedScheduler timers = timersOn(queue::add);
    timers.after("keyed", ofMillis(1), () -> log.add("keyed"));
    timers.ownedBy(app.child("child")).after(ofMillis(1), () -> log.add("anonymous"));
    timers.asScheduledExecutorService().execute(() -> log.add("executed"));
    time.advance(ofMillis(1));
    assertThat(log).isEmpty();
    queue.forEach(Runnable::run);
    assertThat(log).containsExactlyInAnyOrder("keyed", "anonymous", "executed");
    assertThat(time.describe()).doesNotContain("app-worker");
  }

  @Test
  void executor_refusesATask_runsOnAWorkerAllTheSame() {
    ManagedScheduler timers = timersOn(task -> {
      throw new RejectedExecutionException("full");
    });
    timers.every("sweep", ofSeconds(1), () -> log.add("sweep"));
    time.advance(ofSeconds(3));
    assertThat(log).hasSize(3);
  }

  @Test
  void executor_runsATaskAfterItsScopeClosed_doesNothing() throws Exception {
    ManagedScheduler timers = timersOn(queue::add);
    Scope session = app.child("session");
    timers.ownedBy(session).after(ofMillis(1), () -> log.add("late"));
    timers.ownedBy(session).after("keyed", ofMillis(1), () -> log.add("late"));
    time.advance(ofMillis(1));
    assertThat(time.call(session::shutdown).clean()).isTrue();
    queue.forEach(Runnable::run);
    assertThat(log).isEmpty();
  }

  @Test
  void executor_taskSeesTheLoaderOfTheManagersMaker_andLeavesTheThreadAsItWas() {
    ClassLoader before = Thread.currentThread().getContextClassLoader();
    ClassLoader special = new ClassLoader(before) {};
    Thread.currentThread().setContextClassLoader(special);
    ManagedScheduler timers;
    try {
      timers = timersOn(queue::add);
    } finally {
      Thread.currentThread().setContextClassLoader(before);
    }
    List<ClassLoader> seen = new ArrayList<>();
    timers.after(ofMillis(1), () -> seen.add(Thread.currentThread().getContextClassLoader()));
    time.advance(ofMillis(1));
    queue.forEach(Runnable::run);
    assertThat(seen).containsExactly(special);
    assertThat(Thread.currentThread().getContextClassLoader()).isSameAs(before);
  }

  @Test
  void executor_setTwice_throws() {
    CleanupManager.Builder builder = CleanupManager.builder("twice").executor(Runnable::run);
    assertThatThrownBy(() -> builder.executor(Runnable::run))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("executor of 'twice' is set twice");
  }
}
