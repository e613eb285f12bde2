package io.leaksafe.internal.wheel;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/** Where a stripe finds what other stripes' threads cancelled of its entries: a stack, pushed by CAS, taken as a whole. */
class Mailbox extends Padding {
  /*
   * A Treiber stack that is only ever taken as a whole, so it knows no ABA: mail is put on top of what was there when it was
   * looked at, or the CAS fails. The CAS releases what the mail says, and taking it acquires that. isEmpty may be out of date:
   * then the next visitor finds the mail. Proof: jcstress MailAgainstReader, whose twin takes in two steps and loses mail.
   */

  private static final VarHandle NEWEST;

  static {
    try {
      NEWEST = MethodHandles.lookup().findVarHandle(Mailbox.class, "newest", Mail.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  @SuppressWarnings("UnusedVariable") // through NEWEST
  private @Nullable Mail newest;

  boolean isEmpty() {
    return NEWEST.getOpaque(this) == null;
  }

  /** Adds mail; returns how many are there now. */
  int put(Mail mail) {
    for (; ; ) {
      Mail before = (Mail) NEWEST.getAcquire(this);
      mail.next = before;
      mail.depth = before == null ? 1 : before.depth + 1;
      if (NEWEST.compareAndSet(this, before, mail)) {
        return mail.depth;
      }
    }
  }

  /** Takes all there are, the newest first. */
  @Nullable
  Mail takeAll() {
    return (Mail) NEWEST.getAndSet(this, null);
  }

  /** One that shares no cache line with another. */
  static final class Apart extends Mailbox {
    @SuppressWarnings("unused")
    private long p0, p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11, p12, p13, p14, p15;
  }
}
