package io.leaksafe.testkit.assertj;

import io.leaksafe.cleanup.Scope;
import io.leaksafe.cleanup.Scope.State;
import io.leaksafe.handle.HandleInfo;
import io.leaksafe.handle.Kind;
import io.leaksafe.internal.check.Text;
import java.util.List;
import org.assertj.core.api.AbstractAssert;
import org.jspecify.annotations.Nullable;

/** Assertions on what is live in a scope and below it, and on where it is in its life. */
public final class ScopeAssert extends AbstractAssert<ScopeAssert, Scope> {

  ScopeAssert(@Nullable Scope actual) {
    super(actual, ScopeAssert.class);
  }

  /**
   * Fails if anything is live in the scope or below it, child scopes, schedulers and timers included; the message names each
   * with its kind, its age and who opened it.
   *
   * @return this
   */
  public ScopeAssert hasNoLiveHandles() {
    return hasNone(handles(), "handle");
  }

  /**
   * Fails if anything of the given kind is live in the scope or below it.
   *
   * @param kind the kind, for example TIMER
   * @return this
   */
  public ScopeAssert hasNoLiveHandles(Kind kind) {
    return hasNone(
        handles().stream().filter(handle -> handle.kind() == kind).toList(),
        "handle of kind " + kind);
  }

  private ScopeAssert hasNone(List<HandleInfo> live, String what) {
    if (!live.isEmpty()) {
      throw failure("%s", Words.stillLive(live, what, actual));
    }
    return this;
  }

  /**
   * Fails unless exactly so many handles are live in the scope and below it, child scopes and timers included.
   *
   * @param expected how many
   * @return this
   */
  public ScopeAssert hasLiveHandles(int expected) {
    List<HandleInfo> live = handles();
    if (live.size() != expected) {
      throw failureWithActualExpected(
          live.size(),
          expected,
          "Expected %s live in '%s', but there %s:%n%s",
          Text.count(expected, "handle"),
          actual.name(),
          live.size() == 1 ? "is 1" : "are " + live.size(),
          Words.list(live));
    }
    return this;
  }

  /**
   * Fails unless a handle with the given path is live in the scope or below it.
   *
   * @param path the names from the root down, joined by slashes
   * @return this
   */
  public ScopeAssert hasLiveHandle(String path) {
    List<HandleInfo> live = handles();
    if (live.stream().noneMatch(handle -> handle.path().equals(path))) {
      throw failure(
          "Expected '%s' to be live in '%s', but live are:%n%s",
          path, actual.name(), Words.list(live));
    }
    return this;
  }

  /**
   * Fails unless the scope accepts handles.
   *
   * @return this
   */
  public ScopeAssert isOpen() {
    return isIn(State.OPEN);
  }

  /**
   * Fails unless the scope's close has begun and not ended.
   *
   * @return this
   */
  public ScopeAssert isClosing() {
    return isIn(State.CLOSING);
  }

  /**
   * Fails unless the scope's close has ended.
   *
   * @return this
   */
  public ScopeAssert isClosed() {
    return isIn(State.CLOSED);
  }

  private ScopeAssert isIn(State expected) {
    isNotNull();
    State state = actual.state();
    if (state != expected) {
      throw failureWithActualExpected(
          state,
          expected,
          "Expected '%s' to be %s, but it is %s.",
          actual.name(),
          Words.lower(expected),
          Words.lower(state));
    }
    return this;
  }

  private List<HandleInfo> handles() {
    isNotNull();
    return actual.handles();
  }
}
