package io.leaksafe.schedule;

import io.leaksafe.handle.Action;
import io.leaksafe.handle.Closer;
import io.leaksafe.internal.tree.HandleNode;
import io.leaksafe.internal.tree.Node;
import io.leaksafe.internal.tree.OwnerNode;
import io.leaksafe.internal.tree.StillClosing;
import io.leaksafe.internal.tree.Waiting;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The run of a one-shot task that is under way: its handle meanwhile, and the closer of that, which waits for its end. */
final class Run implements Closer<Run>, Waiting {

  private final OneShot timer;
  private final Action action;
  private final HandleNode<Run> node;
  private final RunThread runner = new RunThread();
  private volatile @Nullable CompletableFuture<?> end;

  Run(OneShot timer, Action action) {
    this.timer = timer;
    this.action = action;
    this.node = HandleNode.running(timer, this, this);
  }

  /** The handle of the task while it runs. */
  HandleNode<Run> node() {
    return node;
  }

  /** What runs. */
  Action action() {
    return action;
  }

  /** The handle of a task's run, if that has begun and not ended: there are few of them in a list, and few who ask. */
  static @Nullable HandleNode<?> of(OneShot timer, OwnerNode owner) {
    for (Node each : owner.inClosingOrder()) {
      if (each instanceof HandleNode<?> node
          && node.resource() instanceof Run run
          && run.timer == timer) {
        return node;
      }
    }
    return null;
  }

  /** The run has ended; on its thread. */
  void ends() {
    runner.end();
    if (!node.endedByItself()) {
      timer.root().wakeWaiters();
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
  public void close(Run ignored) throws StillClosing {
    if (!timer.root().awaitRun(node, this, runner::interrupt)) {
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
