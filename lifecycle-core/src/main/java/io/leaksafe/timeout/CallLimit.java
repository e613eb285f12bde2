package io.leaksafe.timeout;

import io.leaksafe.internal.tree.OwnedTimers;
import io.leaksafe.internal.tree.OwnerNode;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** The limit of one call, which interrupts the thread that runs it. */
final class CallLimit extends Limit {

  /** Why a call is over, or about to be. */
  enum End {
    BY_ITSELF,
    TIMED_OUT,
    OWNER_CLOSES
  }

  /** Set once. Guarded by the lock of the interrupts. */
  @Nullable
  End end;

  private @Nullable Interrupts interrupts;

  CallLimit(OwnedTimers owner, String name, long now, Interrupts interrupts) {
    super(owner, name, now);
    this.interrupts = interrupts;
  }

  static <T extends @Nullable Object> T run(
      OwnerNode owner, String name, long nanos, Callable<T> body) throws Exception {
    long now = owner.root().time.nanoTime();
    Interrupts interrupts = Interrupts.enter();
    CallLimit call = new CallLimit(owner.timers(), name, now, interrupts);
    boolean begun = false;
    try {
      begun = call.begin(nanos);
      if (!begun) {
        throw closed(owner, name);
      }
      return body.call();
    } catch (Exception failure) {
      throw call.over(interrupts, begun) == End.BY_ITSELF ? failure : call.ended(failure);
    } finally {
      call.over(interrupts, begun);
    }
  }

  /** Ends it, if it has not; once this has returned, no interrupt of its making is there nor will come. */
  private End over(Interrupts shared, boolean begun) {
    End known = end;
    if (interrupts != null) {
      interrupts = null;
      if (begun) {
        end();
      }
      known = shared.leave(this);
    }
    return known == null ? End.BY_ITSELF : known;
  }

  private Exception ended(Exception failure) {
    Exception told = end == End.TIMED_OUT ? timeout("interrupted") : closing("interrupted");
    told.initCause(failure);
    return told;
  }

  /** A body that closes its owner, or waits for that, is not interrupted in it. */
  @Override
  protected void abandoned() {
    Interrupts shared = interrupts;
    if (shared != null
        && !shared.isOf(Thread.currentThread())
        && !shared.waitsFor(owner().node())) {
      super.abandoned();
    }
  }

  @Override
  void timedOut() {
    interrupt(End.TIMED_OUT);
  }

  @Override
  void ownerCloses() {
    interrupt(End.OWNER_CLOSES);
  }

  private void interrupt(End reason) {
    Interrupts shared = interrupts;
    if (shared != null) {
      shared.send(this, reason);
    }
  }
}
