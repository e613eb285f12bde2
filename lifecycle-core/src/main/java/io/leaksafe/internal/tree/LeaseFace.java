package io.leaksafe.internal.tree;

import io.leaksafe.handle.Handle;
import io.leaksafe.handle.HandleInfo;
import io.leaksafe.handle.Priority;
import java.lang.ref.Reference;
import java.time.Duration;

/** The face of a watched lease: see {@link LostWatch}. Each call keeps it reachable until the call is over. */
public final class LeaseFace<T> implements Handle<T> {

  private final HandleNode<T> node;

  LeaseFace(HandleNode<T> node) {
    this.node = node;
  }

  /** What stands in the tree. */
  public HandleNode<T> node() {
    return node;
  }

  @Override
  public T get() {
    try {
      return node.get();
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public Handle<T> priority(Priority priority) {
    node.priority(priority);
    return this;
  }

  @Override
  public Handle<T> timeout(Duration own) {
    node.timeout(own);
    return this;
  }

  @Override
  public Handle<T> warnAfter(Duration age) {
    node.warnAfter(age);
    return this;
  }

  @Override
  public T release() {
    try {
      return node.release();
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public HandleInfo info() {
    return node.info();
  }

  @Override
  public void close() {
    try {
      node.root().lostWatch().closedByOpener(node);
      node.close();
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public String toString() {
    return node.toString();
  }
}
