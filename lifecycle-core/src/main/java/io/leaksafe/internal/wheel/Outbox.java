package io.leaksafe.internal.wheel;

import org.jspecify.annotations.Nullable;

/**
 * What the threads of a stripe cancelled of other stripes' entries and has not been sent yet.
 *
 * <p>Confined to the lock of its stripe.
 */
final class Outbox {

  private final int letters;
  private Mail mail;
  private boolean closed;

  /** Makes one that is full with so many. */
  Outbox(int letters) {
    this.letters = letters;
    this.mail = new Mail(letters);
  }

  /**
   * Notes a cancelled entry; returns what is to be sent now, if it is enough. What there is no room for, because there was no
   * memory to send the rest, leaves its slot when it is due.
   */
  @Nullable
  Mail write(int place, Entry entry) {
    if (!closed && !mail.isFull()) {
      mail.add(place, entry);
    }
    return mail.isFull() ? take() : null;
  }

  /** What is to be sent, however little; null if there is nothing, or no memory for the next: then it waits. */
  @Nullable
  Mail take() {
    Mail written = mail;
    if (written.count == 0) {
      return null;
    }
    try {
      mail = new Mail(letters);
    } catch (OutOfMemoryError noMemory) { // who cancels or fires needs none
      return null;
    }
    return written;
  }

  /** Whether there is nothing to send; without the lock, whether there was nothing a moment ago. */
  boolean isEmpty() {
    return mail.count == 0;
  }

  /** Forgets what was not sent, and what comes. */
  void close() {
    closed = true;
    mail.clear();
  }
}
