package io.leaksafe.timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** What becomes of a result with a limit when its holder ends it, or derives from it. */
class WithinHolderTest extends WithinTestCase {

  @Test
  void cancel_pendingResult_cancelsTheSourceAndTakesTheTimer() {
    CompletableFuture<String> result = pendingResult();
    assertThat(result.cancel(true)).isTrue();
    assertThat(result).isCancelled();
    assertThat(source).isCancelled();
    assertNoTimer();
    assertThat(result.cancel(true)).isTrue();
  }

  @Test
  void complete_pendingResult_cancelsTheSourceAndTakesTheTimer() {
    CompletableFuture<String> result = pendingResult();
    assertThat(result.complete("mine")).isTrue();
    assertThat(result.complete("again")).isFalse();
    assertThat(result).isCompletedWithValue("mine");
    assertThat(source).isCancelled();
    assertNoTimer();
  }

  @Test
  void completeExceptionally_pendingResult_cancelsTheSourceAndTakesTheTimer() {
    CompletableFuture<String> result = pendingResult();
    assertThatThrownBy(() -> result.completeExceptionally(null))
        .isInstanceOf(NullPointerException.class);
    assertThat(pending()).isEqualTo(1);
    assertThat(result.completeExceptionally(new IOException())).isTrue();
    assertThat(result.completeExceptionally(new IOException())).isFalse();
    assertThat(source).isCancelled();
    assertNoTimer();
  }

  @Test
  void obtrude_pendingResult_cancelsTheSourceAndTakesTheTimer() {
    CompletableFuture<String> result = pendingResult();
    result.obtrudeValue("mine");
    assertThat(source).isCancelled();
    assertNoTimer();
    result.obtrudeException(new IOException("mine"));
    assertThat(failureOf(result)).hasMessage("mine");
  }

  @Test
  void completeAsync_pendingResult_cancelsTheSourceAndTakesTheTimer() {
    CompletableFuture<String> result = pendingResult();
    result.completeAsync(() -> "mine", Runnable::run);
    assertThat(result).isCompletedWithValue("mine");
    assertThat(source).isCancelled();
    assertNoTimer();
    result.completeAsync(() -> "again", Runnable::run);
    assertThat(result).isCompletedWithValue("mine");
    CompletableFuture<String> failing = Timeouts.within(session, SECOND, CompletableFuture::new);
    failing.completeAsync(
        () -> {
          throw new IllegalStateException("broken");
        },
        Runnable::run);
    assertThat(failureOf(failing)).hasMessage("broken");
  }

  @Test
  void orTimeout_ofTheUsersOwn_endsItAsEver() throws Exception {
    CompletableFuture<String> result = pendingResult().orTimeout(1, TimeUnit.MILLISECONDS);
    assertThatThrownBy(() -> result.get(30, TimeUnit.SECONDS))
        .hasRootCauseInstanceOf(TimeoutException.class);
    assertNoTimer();
    CompletableFuture<String> other = Timeouts.within(session, seconds(2), CompletableFuture::new);
    assertThat(
            other.completeOnTimeout("default", 1, TimeUnit.MILLISECONDS).get(30, TimeUnit.SECONDS))
        .isEqualTo("default");
    assertNoTimer();
  }

  @Test
  void cancel_derivedStage_cancelsTheResultTheSourceAndTheTimer() {
    CompletableFuture<String> result = pendingResult();
    CompletableFuture<Integer> derived = result.thenApply(String::length).thenApply(n -> n + 1);
    derived.cancel(true);
    assertThat(result).isCancelled();
    assertThat(source).isCancelled();
    assertNoTimer();
  }

  @Test
  void complete_derivedStage_leavesTheResultAlone() {
    CompletableFuture<String> result = pendingResult();
    CompletableFuture<Integer> derived = result.thenApply(String::length);
    derived.complete(7);
    assertThat(derived.cancel(true)).isFalse();
    assertThat(result).isNotDone();
    source.complete("value");
    assertThat(result).isCompletedWithValue("value");
    assertThat(derived).isCompletedWithValue(7);
  }

  @Test
  void derive_fromResultThatHasEnded_isAPlainStage() {
    CompletableFuture<String> result = pendingResult();
    source.complete("value");
    assertThat(result.thenApply(String::length)).isCompletedWithValue(5);
    assertThat(result.copy().getClass()).isEqualTo(CompletableFuture.class);
  }
}
