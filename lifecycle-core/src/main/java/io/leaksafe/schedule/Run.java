package io.leaksafe.schedule;

import io.leaksafe.handle.Action;
import io.leaksafe.handle.Closer;
import io.leaksafe.internal.tree.HandleNode;
import io.leaksafe.internal.tree.OwnedTimer;
import io.leaksafe.internal.tree.Root;
import io.leaksafe.internal.tree.StillClosing;
import io.leaksafe.internal.tree.Waiting;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The run of a one-shot task that is under way: its handle meanwhile, and the closer of that, which waits for its end. */
final class Run implements Closer<Action>, Waiting {

  private final Root root;
  private final HandleNode<Action> node;
  private final RunThread runner = new RunThread();
  private volatile @Nullable CompletableFuture<?> end;

  Run(Root root, OwnedTimer timer, Action action) {
    this.root = root;
    this.node = HandleNode.running(timer, action, this);
  }

  /** The handle of the task while it runs. */
  HandleNode<Action> node() {
    return node;
  }

  /** The run has ended; on its thread. */
  void ends() {
    runner.end();
    if (!node.endedByItself()) {
      root.wakeWaiters();
    }
    CompletableFuture<?> awaited = end;
    if (awaited != null) {
      awaited.complete(null);
    }
  }

  @Override
  public @Nullable Thread waitsFor() {
    return runner.get();
  }

  /** Waits for the end, unless this is the run's own thread or that itself waits for this close. */
  @Override
  public void close(Action ignored) throws StillClosing {
    if (!root.awaitRun(node, this, runner::interrupt)) {
      throw new StillClosing(endOfRun());
    }
  }

  /** Ends with the run: whoever ends it first says so and then looks for this; this is there first and then looks. */
  private CompletionStage<?> endOfRun() {
    CompletableFuture<?> awaited = new CompletableFuture<>();
    end = awaited;
    if (runner.get() == null) {
      awaited.complete(null);
    }
    return awaited;
  }
}
