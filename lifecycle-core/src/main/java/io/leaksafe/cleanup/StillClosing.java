package io.leaksafe.cleanup;

import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Thrown by a closer that was interrupted and leaves without having closed: the rest happens by itself, and says when. */
final class StillClosing extends InterruptedException {

  private static final long serialVersionUID = 1L;

  private final transient CompletionStage<?> end;

  StillClosing(CompletionStage<?> end) {
    super("The closing it started has not ended.");
    this.end = end;
  }

  /** Has something told when the closing ends, and what went wrong. */
  void whenEnded(Consumer<@Nullable Throwable> told) {
    end.whenComplete((value, failure) -> told.accept(failure));
  }
}
