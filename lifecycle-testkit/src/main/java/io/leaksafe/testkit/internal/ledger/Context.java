package io.leaksafe.testkit.internal.ledger;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** For whom a thread works. Confined to its thread. */
final class Context {

  /** The entry of this thread, if somebody owns it. */
  final @Nullable Entry thread;

  /** Who owns what this thread makes now. */
  @Nullable
  Owner current;

  /** Whether the ledger is at work: what it makes itself is nobody's. */
  boolean busy;

  private final Deque<Turn> outer = new ArrayDeque<>(4);

  Context(@Nullable Entry thread) {
    this.thread = thread;
    this.current = thread == null ? null : thread.owner;
  }

  /** Works for another owner until {@link #end()}. */
  void begin(@Nullable Owner owner, @Nullable Entry task) {
    outer.push(new Turn(current, task));
    current = owner;
  }

  /** Works for the former owner again; returns the task that has ended, if it was one. */
  @Nullable
  Entry end() {
    Turn turn = outer.poll();
    if (turn == null) {
      return null; // it began before the agent came
    }
    current = turn.former;
    return turn.task;
  }

  private record Turn(@Nullable Owner former, @Nullable Entry task) {}
}
