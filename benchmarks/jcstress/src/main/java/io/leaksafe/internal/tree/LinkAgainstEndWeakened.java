package io.leaksafe.internal.tree;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.Z_Result;

/** {@link LinkAgainstEnd} with a link that is kept after a look at the phase, and not under the same lock. */
@State
@JCStressTest
@Outcome(id = "false", expect = ACCEPTABLE, desc = "The link ended with the lease.")
@Outcome(id = "true", expect = FORBIDDEN, desc = "The face of what has ended is still watched.")
public class LinkAgainstEndWeakened {

  private final Object face = new Object();
  private final Reference<Object> link = new PhantomReference<>(face, new ReferenceQueue<>());
  private volatile boolean live = true;
  private volatile @Nullable Reference<Object> kept;

  @Actor
  public void link() {
    if (live) {
      kept = link;
    } else {
      link.clear();
    }
  }

  @Actor
  public void end() {
    live = false;
    Reference<Object> found = kept;
    if (found != null) {
      found.clear();
    }
  }

  @Arbiter
  public void look(Z_Result r) {
    r.r1 = link.refersTo(face);
  }
}
