package io.leaksafe.internal.tree;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.leaksafe.handle.Kind;
import io.leaksafe.handle.Priority;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** A handle passed on through a plain field, as careless code does: who finds it there finds it whole. */
@State
@JCStressTest
@Outcome(id = "whole", expect = ACCEPTABLE, desc = "It has its name, its resource and its owner.")
@Outcome(id = "absent", expect = ACCEPTABLE, desc = "It is not there yet.")
@Outcome(expect = FORBIDDEN, desc = "It is there without its name, its resource or its owner.")
public class HandlePublication {

  private static final Object RESOURCE = new Object();

  private final BareOwner owner = new BareOwner();
  private HandleNode<Object> passedOn;

  @Actor
  public void open() {
    passedOn = owner.attach("handle", Kind.RESOURCE, Priority.NORMAL, RESOURCE, BareOwner.NOTHING);
  }

  @Actor
  public void use(L_Result r) {
    HandleNode<Object> handle = passedOn;
    if (handle == null) {
      r.r1 = "absent";
    } else if (handle.name() == null) {
      r.r1 = "without its name";
    } else if (handle.owner() != owner) {
      r.r1 = "without its owner";
    } else {
      r.r1 = handle.get() == RESOURCE ? "whole" : "without its resource";
    }
  }
}
