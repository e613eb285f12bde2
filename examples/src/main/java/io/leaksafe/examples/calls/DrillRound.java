package io.leaksafe.examples.calls;

import io.leaksafe.cleanup.CleanupManager;
import io.leaksafe.cleanup.CloseReport;
import io.leaksafe.cleanup.Scope;
import io.leaksafe.examples.calls.DrillPlan.Step;
import io.leaksafe.handle.Action;
import io.leaksafe.handle.Handle;
import io.leaksafe.schedule.ManagedScheduler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Starts the service, sends it a plan's webhooks, checks each answer, and closes the service as SIGTERM would. */
final class DrillRound {

  private static final Duration DRAW_EVERY = Duration.ofMillis(200);

  /** So that nothing has to be dropped before it was written, however fast the machine is. */
  private static final Duration FLUSH_EVERY = Duration.ofMillis(200);

  private final DrillPlan plan;
  private final int senders;
  private final Progress progress;
  private final AtomicInteger nextCall = new AtomicInteger();
  private final AtomicLong wrongAnswers = new AtomicLong();
  private final CountDownLatch half = new CountDownLatch(1);

  DrillRound(DrillPlan plan, int senders, Progress progress) {
    this.plan = plan;
    this.senders = senders;
    this.progress = progress;
  }

  /** What a round saw: the service's figures, those of the journal after its final flush, and how the close went. */
  record Result(
      CallDesk.Figures figures,
      boolean sameDay,
      long wrongAnswers,
      long linesOnDisk,
      CloseReport report,
      int liveHandles) {}

  Result run(@Nullable Path data) throws Exception {
    try (CleanupManager drill = CleanupManager.create("drill")) {
      drill.closeOnExit();
      Path folder = data == null ? DataFolder.temporary(drill) : data;
      long linesBefore = DataFolder.lines(folder);

      CleanupManager calls = CleanupManager.create("calls").closeOnExit();
      drill.register("calls", calls, Scope::shutdown); // if the end below is not reached
      CallService service = new CallService(calls, Settings.of(folder, 0).flushEvery(FLUSH_EVERY));
      LocalDate day = service.desk().figures().webhooks().day();
      send(drill, calls, new DrillClient(drill, service.port(), senders));

      CloseReport report = calls.shutdown();
      CallDesk.Figures figures = service.desk().figures();
      return new Result(
          figures,
          day.equals(figures.webhooks().day()),
          wrongAnswers.get(),
          DataFolder.lines(folder) - linesBefore,
          report,
          calls.handles().size());
    }
  }

  private void send(Scope drill, Scope calls, DrillClient client) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(senders);
    drill.register("senders", pool, DrillRound::end);
    Handle<Action> drawing =
        ManagedScheduler.in(drill, "timers").every("progress", DRAW_EVERY, progress::draw);
    List<Future<?>> sending = new ArrayList<>();
    for (int i = 0; i < senders; i++) {
      sending.add(pool.submit(() -> sendCalls(client)));
    }
    half.await();
    progress.print("\nhalf-way, live now:\n\n" + calls.describe().stripTrailing() + "\n");
    for (Future<?> sender : sending) {
      await(sender, calls);
    }
    drawing.close();
    progress.finish();
  }

  private static void await(Future<?> sender, Scope calls) throws Exception {
    try {
      sender.get();
    } catch (ExecutionException e) {
      if (calls.state() != Scope.State.OPEN) {
        throw new CannotRun("the drill was ended before it was through", e);
      }
      throw e;
    }
  }

  private void sendCalls(DrillClient client) {
    try {
      int call = nextCall.getAndIncrement();
      while (call < plan.calls()) {
        for (Step step : plan.call(call)) {
          check(step, client.post("/webhooks/call", step.body()));
          progress.step();
        }
        if (call == plan.calls() / 2) {
          half.countDown();
        }
        call = nextCall.getAndIncrement();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      half.countDown(); // nobody waits for a half that will not come
    }
  }

  private void check(Step step, DrillClient.Reply reply) {
    boolean right = reply.status() == step.expected().status;
    if (right && reply.status() == 200) {
      String result = Json.read(reply.body()).get("result").stringValue();
      right = result.equalsIgnoreCase(step.expected().name());
    }
    if (!right) {
      wrongAnswers.incrementAndGet();
    }
  }

  private static void end(ExecutorService pool) throws InterruptedException, TimeoutException {
    pool.shutdownNow();
    if (!pool.awaitTermination(1, TimeUnit.MINUTES)) {
      throw new TimeoutException("the senders did not end");
    }
  }
}
