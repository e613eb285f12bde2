package io.leaksafe.examples.docs;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leaksafe.cleanup.CleanupManager;
import io.leaksafe.cleanup.Scope;
import io.leaksafe.handle.ClosedScopeException;
import io.leaksafe.handle.HandleInfo;
import io.leaksafe.testkit.VirtualTime;
import io.leaksafe.timeout.SharedStage;
import io.leaksafe.timeout.Timeouts;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How to put a limit on a call. */
class LimitACallTest {

  private final VirtualTime time = VirtualTime.create();
  private final CleanupManager app =
      CleanupManager.builder("app").timeSource(time).build();
  private final Scope session = app.child("session");
  private final CompletableFuture<String> request = new CompletableFuture<>();
  private final Client client = new Client();

  @AfterEach
  void close() throws Exception {
    time.run(app::close);
  }

  private final class Client {
    CompletableFuture<String> price(String id) {
      return request;
    }

    String awaitPrice(String id) throws InterruptedException {
      time.sleep(ofSeconds(10));
      return id;
    }
  }

  @Test
  void within_limitPasses_timesOutAndCancels() {
    // region within
    CompletableFuture<String> price =
        Timeouts.within(session, "load-price", ofSeconds(2), () -> client.price("A-7"));
    // endregion
    assertThat(session.handles()).extracting(HandleInfo::name).containsExactly("load-price");
    time.advance(ofSeconds(2));
    assertThat(request).isCancelled();
    Throwable timeout = price.<Throwable>handle((value, failure) -> failure).join();
    assertThat(timeout).isInstanceOf(TimeoutException.class);
    Docs.assertShown("LimitACallTest", "timed-out", timeout.getMessage());
    assertThat(session.handles()).isEmpty();
  }

  @Test
  void within_ownerCloses_endsWithIt() throws Exception {
    CompletableFuture<String> price =
        Timeouts.within(session, "load-price", ofSeconds(2), () -> client.price("A-7"));
    time.run(session::close);
    time.settle();
    Throwable closed = price.<Throwable>handle((value, failure) -> failure).join();
    assertThat(closed).isInstanceOf(ClosedScopeException.class);
    assertThat(request).isCancelled();
  }

  @Test
  void cancel_ofADerivedStage_cancelsTheRequest() {
    // region derived
    CompletableFuture<Integer> length =
        Timeouts.within(session, ofSeconds(2), () -> client.price("A-7")).thenApply(String::length);
    length.cancel(true); // cancels the request, and takes the timer away
    // endregion
    assertThat(request).isCancelled();
    assertThat(session.handles()).isEmpty();
  }

  @Test
  void call_limitPasses_isInterrupted() throws Exception {
    time.run(() -> {
      assertThatThrownBy(() -> {
            // region call
            String price =
                Timeouts.call(session, "load-price", ofSeconds(2), () -> client.awaitPrice("A-7"));
            // endregion
            assertThat(price).isNull();
          })
          .isInstanceOf(TimeoutException.class)
          .hasCauseInstanceOf(InterruptedException.class);
      assertThat(Thread.currentThread().isInterrupted()).isFalse();
    });
  }

  @Test
  void call_inACloser_limitsTheGoodbye() throws Exception {
    // region closer
    session.defer(
        "goodbye", () -> Timeouts.call(session, ofMillis(500), () -> client.awaitPrice("bye")));
    // endregion
    assertThatThrownBy(() -> time.run(session::close))
        .hasRootCauseInstanceOf(InterruptedException.class);
    assertThat(time.elapsed()).isEqualTo(ofMillis(500));
  }

  @Test
  void shared_oneGivesUp_theOthersWaitOn() {
    // region shared
    SharedStage<String> shared = Timeouts.shared(client.price("A-7"));
    CompletableFuture<String> hasty = shared.within(session, ofSeconds(1));
    CompletableFuture<String> patient = shared.within(session, ofSeconds(10));
    // endregion
    time.advance(ofSeconds(1));
    assertThat(hasty).isCompletedExceptionally();
    request.complete("12.50");
    assertThat(patient).isCompletedWithValue("12.50");
  }
}
