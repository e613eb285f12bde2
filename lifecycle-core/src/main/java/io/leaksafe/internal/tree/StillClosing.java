package io.leaksafe.internal.tree;

import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Thrown by a closer that was interrupted and leaves without having closed: the rest happens by itself, and says when. */
public final class StillClosing extends InterruptedException {

  private static final long serialVersionUID = 1L;

  private final transient CompletionStage<?> end;

  /** Made by a closer whose closing ends with the given stage. */
  public StillClosing(CompletionStage<?> end) {
    super("The closing it started has not ended.");
    this.end = end;
  }

  /** Has something told when the closing ends, and what went wrong. */
  public void whenEnded(Consumer<@Nullable Throwable> told) {
    end.whenComplete((value, failure) -> told.accept(failure));
  }
}
