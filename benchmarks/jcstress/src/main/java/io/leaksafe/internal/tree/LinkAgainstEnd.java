package io.leaksafe.internal.tree;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.leaksafe.handle.Kind;
import io.leaksafe.handle.Priority;
import java.lang.ref.ReferenceQueue;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.Z_Result;

/** A lease gets the link of its face while its owner closes it: the link finds that it has ended, or its end finds the link. */
@State
@JCStressTest
@Outcome(id = "false", expect = ACCEPTABLE, desc = "The link ended with the lease.")
@Outcome(id = "true", expect = FORBIDDEN, desc = "The face of what has ended is still watched.")
public class LinkAgainstEnd {

  private final HandleNode<Object> node =
      new BareOwner().attach("n", Kind.LEASE, Priority.NORMAL, new Object(), BareOwner.NOTHING);
  private final Object face = new Object();
  private final LostWatch.Link link = new LostWatch.Link(face, node, null, new ReferenceQueue<>());

  @Actor
  public void link() {
    LostWatch.link(node, link);
  }

  @Actor
  public void end() {
    node.close();
  }

  @Arbiter
  public void look(Z_Result r) {
    r.r1 = link.refersTo(face);
  }
}
