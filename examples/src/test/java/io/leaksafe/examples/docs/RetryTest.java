package io.leaksafe.examples.docs;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.leaksafe.cleanup.CleanupManager;
import io.leaksafe.cleanup.Scope;
import io.leaksafe.handle.HandleInfo;
import io.leaksafe.retry.Retry;
import io.leaksafe.testkit.VirtualTime;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How to retry with backoff. */
class RetryTest {

  // region retry
  private static final Retry LOAD = Retry.attempts(3)
      .backoff(ofMillis(200), ofSeconds(3)) // 200 ms, 400 ms, 800 ms, ... 3 s
      .jitter(0.2) // each up to 20 % longer or shorter
      .eachWithin(ofSeconds(2)) // an attempt
      .within(ofSeconds(8)) // all of it
      .named("load-price");
  // endregion

  private final VirtualTime time = VirtualTime.create();
  private final CleanupManager app =
      CleanupManager.builder("app").timeSource(time).build();
  private final Scope session = app.child("session");
  private final Client client = new Client();

  @AfterEach
  void close() throws Exception {
    time.run(app::close);
  }

  private static final class Client {
    private int failures;
    private int calls;

    String awaitPrice(String id) throws IOException {
      calls++;
      if (failures-- > 0) {
        throw new IOException("connection reset");
      }
      return "12.50";
    }

    CompletableFuture<String> price(String id) {
      try {
        return CompletableFuture.completedFuture(awaitPrice(id));
      } catch (IOException e) {
        return CompletableFuture.failedFuture(e);
      }
    }
  }

  @Test
  void call_failsOnce_triesAgain() throws Exception {
    client.failures = 1;
    time.run(() -> {
      // region call
      String price = LOAD.call(session, () -> client.awaitPrice("A-7"));
      // endregion
      assertThat(price).isEqualTo("12.50");
    });
    assertThat(time.elapsed()).isBetween(ofMillis(160), ofMillis(240));
  }

  @Test
  void run_failsOnce_triesAgainAndListsTheWait() {
    client.failures = 1;
    // region run
    CompletableFuture<String> price = LOAD.run(session, () -> client.price("A-7"));
    // endregion
    assertThat(session.handles())
        .extracting(HandleInfo::name)
        .containsExactlyInAnyOrder("load-price", "load-price, attempt 2 of 3");
    time.advance(ofMillis(240));
    assertThat(price).isCompletedWithValue("12.50");
    assertThat(session.handles()).isEmpty();
  }

  @Test
  void retryIf_saysNo_endsTheRun() {
    // region retry-if
    Retry retry = Retry.attempts(3).retryIf(failure -> !(failure instanceof FileNotFoundException));
    // endregion
    CompletableFuture<String> price =
        retry.run(session, () -> CompletableFuture.failedFuture(new FileNotFoundException()));
    assertThat(price).isCompletedExceptionally();
  }

  @Test
  void onRetry_eachFailureThatIsFollowedByAnotherAttempt_isTold() throws Exception {
    List<String> log = new ArrayList<>();
    client.failures = 2;
    // region on-retry
    Retry retry = Retry.attempts(3)
        .onRetry((attempt, delay, error) -> log.add(
            "attempt " + attempt + " failed, again in " + delay + ": " + error.getMessage()));
    // endregion
    time.run(() -> retry.call(session, () -> client.awaitPrice("A-7")));
    assertThat(log)
        .containsExactly(
            "attempt 1 failed, again in PT0.1S: connection reset",
            "attempt 2 failed, again in PT0.2S: connection reset");
  }

  @Test
  void random_withASeed_givesTheSameWaits() throws Exception {
    List<Duration> waits = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      client.failures = 1;
      // region random
      Retry retry = Retry.attempts(2).jitter(0.5, new Random(7));
      // endregion
      Duration before = time.elapsed();
      time.run(() -> retry.call(session, () -> client.awaitPrice("A-7")));
      waits.add(time.elapsed().minus(before));
    }
    assertThat(waits.get(0)).isEqualTo(waits.get(1));
  }

  @Test
  void call_failsEveryTime_carriesWhatHappenedBefore() throws Exception {
    client.failures = 3;
    Retry retry = Retry.attempts(3).backoff(ofMillis(200), ofSeconds(3)).named("load-price");
    time.run(() -> {
      try {
        retry.call(session, () -> client.awaitPrice("A-7"));
      } catch (IOException failure) {
        Docs.assertShown("RetryTest", "failure", withoutFrames(failure));
      }
    });
    assertThat(client.calls).isEqualTo(3);
  }

  private static String withoutFrames(Throwable failure) {
    StringWriter text = new StringWriter();
    failure.printStackTrace(new PrintWriter(text, true));
    return String.join(
        "\n",
        text.toString()
            .lines()
            .filter(line -> !line.strip().startsWith("at ") && !line.strip().startsWith("..."))
            .map(line -> line.replace("\t", "  "))
            .toList());
  }
}
