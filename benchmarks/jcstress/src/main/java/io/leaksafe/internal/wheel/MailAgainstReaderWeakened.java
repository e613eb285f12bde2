package io.leaksafe.internal.wheel;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** {@link MailAgainstReader} with a box that is read and emptied in two steps. */
@State
@JCStressTest
@Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "It was read at once.")
@Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "It waits for the next reader.")
@Outcome(expect = FORBIDDEN, desc = "It was lost, or read twice, or was not whole.")
public class MailAgainstReaderWeakened {

  private volatile @Nullable Mail newest;
  private final Plain cancelled = new Plain();

  @Actor
  public void put() {
    Mail mail = new Mail(1);
    mail.add(7, cancelled);
    mail.next = newest;
    newest = mail;
  }

  @Actor
  public void read(II_Result r) {
    r.r1 = whole(takeAll());
  }

  @Arbiter
  public void look(II_Result r) {
    r.r2 = whole(takeAll());
  }

  private int whole(@Nullable Mail newest) {
    int whole = 0;
    for (Mail mail = newest; mail != null; mail = mail.next) {
      whole += mail.count == 1 && mail.slots[0] == 7 && mail.entry(0) == cancelled ? 1 : 9;
    }
    return whole;
  }

  private @Nullable Mail takeAll() {
    Mail all = newest;
    newest = null;
    return all;
  }
}
