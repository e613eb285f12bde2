package io.leaksafe.schedule;

import static java.time.Duration.ofSeconds;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** The JDK's contract for tasks that run at once. */
@SuppressWarnings("FutureReturnValueIgnored") // the log tells what became of it
class ExecutorSubmitTest extends ExecutorTestCase {

  @Test
  void execute_task_runsAtOnceOnAWorker() {
    executor.execute(() -> log(Thread.currentThread().getName()));
    time.settle();
    assertThat(log).containsExactly("0 ExecutorSubmitTest-worker-1");
    assertThat(tasks()).isZero();
  }

  @Test
  void execute_taskThatThrows_disturbsNobody() {
    executor.execute(() -> {
      throw new AssertionError("broken");
    });
    executor.execute(runs("next"));
    time.settle();
    assertThat(log).containsExactly("0 next");
  }

  @Test
  void submit_tasks_haveTheirResults() throws Exception {
    Future<String> callable = executor.submit(() -> "result");
    Future<?> runnable = executor.submit(runs("task"));
    Future<String> both = executor.submit(runs("both"), "given");
    assertThat(callable.get()).isEqualTo("result");
    assertThat(runnable.get()).isNull();
    assertThat(both.get()).isEqualTo("given");
  }

  @Test
  void submit_taskThatThrows_hasThatAsItsCause() {
    Future<?> future = executor.submit(() -> {
      throw new IOException("broken");
    });
    assertThatThrownBy(future::get)
        .isInstanceOf(ExecutionException.class)
        .hasCause(new IOException("broken"));
  }

  @Test
  void invokeAll_tasks_returnsWhenAllAreDone() throws Exception {
    List<Future<String>> futures = executor.invokeAll(List.of(() -> "a", () -> "b", () -> {
      throw new IOException("broken");
    }));
    assertThat(futures).hasSize(3).allMatch(Future::isDone);
    assertThat(futures.get(0).get()).isEqualTo("a");
    assertThat(futures.get(1).get()).isEqualTo("b");
    assertThatThrownBy(() -> futures.get(2).get()).hasCause(new IOException("broken"));
  }

  @Test
  void invokeAny_oneSucceeds_returnsItsResultAndCancelsTheOthers() throws Exception {
    String result = time.call(() -> executor.invokeAny(List.of(
        () -> {
          throw new IOException("broken");
        },
        () -> {
          time.sleep(ofSeconds(1));
          return "quick";
        },
        () -> {
          time.sleep(ofSeconds(9));
          return "slow";
        })));
    assertThat(result).isEqualTo("quick");
    assertThat(time.elapsed()).isEqualTo(ofSeconds(1));
    assertThat(tasks()).isZero();
  }

  @Test
  void invokeAny_allFail_throwsTheLastFailure() {
    assertThatThrownBy(() -> executor.invokeAny(List.of(() -> {
          throw new IOException("broken");
        })))
        .isInstanceOf(ExecutionException.class)
        .hasCause(new IOException("broken"));
  }

  @Test
  void invokeAny_nobodyInTime_throwsAndCancelsAll() throws Exception {
    time.run(() -> assertThatThrownBy(() -> executor.invokeAny(
            List.of(() -> {
              time.sleep(ofSeconds(9));
              return "slow";
            }),
            2,
            SECONDS))
        .isInstanceOf(TimeoutException.class));
    assertThat(time.elapsed()).isEqualTo(ofSeconds(2));
    assertThat(tasks()).isZero();
  }

  @Test
  void invokeAny_badArguments_areNamed() {
    assertThatThrownBy(() -> executor.invokeAny(List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("tasks must not be empty: there is none to have a result.");
    assertThatThrownBy(() -> executor.invokeAny(null))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("tasks must not be null.");
    assertThatThrownBy(() -> executor.invokeAny(Collections.singleton(null)))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("task must not be null.");
  }

  @Test
  void completableFuture_asItsExecutor_works() throws Exception {
    CompletableFuture<String> future =
        CompletableFuture.supplyAsync(() -> "a", executor).thenApplyAsync(a -> a + "b", executor);
    assertThat(future.get()).isEqualTo("ab");
  }
}
