package io.leaksafe.share;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.leaksafe.handle.Handle;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZI_Result;

/** The last lease ends while another is asked for: the newcomer has the same one, or waits and has a new one; it is open. */
@State
@JCStressTest
@Outcome(id = "true, 0", expect = ACCEPTABLE, desc = "It came in time, and nothing was closed.")
@Outcome(
    id = "true, 1",
    expect = ACCEPTABLE,
    desc = "It waited for the close, and opened a new one.")
@Outcome(expect = FORBIDDEN, desc = "It holds what was closed.")
public class LastLeaseAgainstAcquire extends Resources {

  private final SharedResource<Resource> share =
      SharedResource.in(root, "share", this::open, this::close);
  private final Handle<Resource> last;
  private final Resource nothing = new Resource();
  private Resource mine = nothing;

  public LastLeaseAgainstAcquire() {
    last = acquire(share);
  }

  @Actor
  public void close() {
    last.close();
  }

  @Actor
  public void acquire() {
    mine = acquire(share).get();
  }

  @Arbiter
  public void look(ZI_Result r) {
    r.r1 = mine != nothing && mine.open && opened.get() - closed.get() == 1;
    r.r2 = closed.get();
  }
}
