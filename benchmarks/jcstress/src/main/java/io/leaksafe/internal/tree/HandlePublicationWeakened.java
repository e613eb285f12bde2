package io.leaksafe.internal.tree;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/**
 * {@link HandlePublication} with a handle that has no final field and was never under a lock. Nothing keeps its writes in
 * order then; this copy makes them in an order that a weak machine may show and x86 would not by itself.
 */
@State
@JCStressTest
@Outcome(id = "whole", expect = ACCEPTABLE, desc = "It has its name, its resource and its owner.")
@Outcome(id = "absent", expect = ACCEPTABLE, desc = "It is not there yet.")
@Outcome(expect = FORBIDDEN, desc = "It is there without its name, its resource or its owner.")
public class HandlePublicationWeakened {

  private static final Object RESOURCE = new Object();

  private final Object owner = new Object();
  private volatile Bare passedOn;

  private static final class Bare {
    volatile String name;
    volatile Object resource;
    volatile Object owner;
  }

  @Actor
  public void open() {
    Bare handle = new Bare();
    handle.name = "handle";
    passedOn = handle;
    handle.resource = RESOURCE;
    handle.owner = owner;
  }

  @Actor
  public void use(L_Result r) {
    Bare handle = passedOn;
    if (handle == null) {
      r.r1 = "absent";
    } else if (handle.name == null) {
      r.r1 = "without its name";
    } else if (handle.owner != owner) {
      r.r1 = "without its owner";
    } else {
      r.r1 = handle.resource == RESOURCE ? "whole" : "without its resource";
    }
  }
}
