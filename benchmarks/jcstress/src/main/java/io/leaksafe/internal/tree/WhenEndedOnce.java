package io.leaksafe.internal.tree;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** One thread asks to be told when a node has ended, while another ends it: it is told once. */
@State
@JCStressTest
@Outcome(id = "1", expect = ACCEPTABLE, desc = "It was told once.")
@Outcome(id = "0", expect = FORBIDDEN, desc = "It was never told.")
@Outcome(id = "2", expect = FORBIDDEN, desc = "It was told twice.")
public class WhenEndedOnce {

  private final AtomicInteger told = new AtomicInteger();
  private final BareOwner owner = new BareOwner();
  private final HandleNode<Object> node = BareOwner.handle("node");

  public WhenEndedOnce() {
    owner.add(node);
    node.claim();
  }

  @Actor
  public void ask() {
    owner.root().whenEnded(node, told::incrementAndGet);
  }

  @Actor
  public void end() {
    node.over();
  }

  @Arbiter
  public void look(I_Result r) {
    r.r1 = told.get();
  }
}
