package io.leaksafe.cleanup;

import io.leaksafe.handle.Action;
import io.leaksafe.handle.Closer;
import io.leaksafe.handle.Handle;
import io.leaksafe.handle.HandleInfo;
import io.leaksafe.internal.tree.LostWatch;
import io.leaksafe.internal.tree.OwnerNode;
import java.lang.ref.Reference;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * What the opener of a watched child scope has of it. The tree knows the scope alone, so that the collector takes this when the
 * opener has dropped it: see {@link LostWatch}. The closing calls keep it reachable until they are over.
 */
final class ScopeFace implements Scope, LostWatch.Face {

  private final TreeScope scope;

  ScopeFace(TreeScope scope) {
    this.scope = scope;
  }

  @Override
  public OwnerNode node() {
    return scope;
  }

  @Override
  public CloseReport shutdown() {
    try {
      scope.root().lostWatch().closedByOpener(scope);
      return scope.shutdown();
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public void close() {
    try {
      scope.root().lostWatch().closedByOpener(scope);
      scope.close();
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  // ---- passed on

  @Override
  public String name() {
    return scope.name();
  }

  @Override
  public <T extends AutoCloseable> T own(String name, T resource) {
    return scope.own(name, resource);
  }

  @Override
  public <T> Handle<T> register(String name, T resource, Closer<? super T> closer) {
    return scope.register(name, resource, closer);
  }

  @Override
  public <T> Handle<T> registerAsync(
      String name, T resource, Function<? super T, ? extends CompletionStage<?>> closer) {
    return scope.registerAsync(name, resource, closer);
  }

  @Override
  public <T> T open(String name, Callable<? extends T> opener, Closer<? super T> closer)
      throws Exception {
    return scope.open(name, opener, closer);
  }

  @Override
  public Handle<Action> defer(String name, Action action) {
    return scope.defer(name, action);
  }

  @Override
  public <L> Handle<L> subscribe(Consumer<? super L> add, Consumer<? super L> remove, L listener) {
    return scope.subscribe(add, remove, listener);
  }

  @Override
  public Scope child(String name) {
    return scope.child(name);
  }

  @Override
  public Scope group(String name, int width) {
    return scope.group(name, width);
  }

  @Override
  public <T> Handle<T> adopt(Handle<T> handle) {
    return scope.adopt(handle);
  }

  @Override
  public void moveTo(Scope newOwner) {
    scope.moveTo(newOwner);
  }

  @Override
  public List<HandleInfo> handles() {
    return scope.handles();
  }

  @Override
  public String describe() {
    return scope.describe();
  }

  @Override
  public State state() {
    return scope.state();
  }

  @Override
  public String toString() {
    return scope.toString();
  }
}
