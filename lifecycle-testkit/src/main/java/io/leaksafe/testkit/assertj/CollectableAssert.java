package io.leaksafe.testkit.assertj;

import io.leaksafe.testkit.Collectable;
import java.util.List;
import org.assertj.core.api.AbstractAssert;
import org.jspecify.annotations.Nullable;

/** Assertions on an object that should become garbage. */
public final class CollectableAssert extends AbstractAssert<CollectableAssert, Collectable> {

  CollectableAssert(@Nullable Collectable actual) {
    super(actual, CollectableAssert.class);
  }

  /**
   * Collects garbage, and fails if the object is still there; the message shows what holds it, from the static field, local
   * variable or thread down to the object.
   *
   * @return this
   * @throws IllegalStateException if this JVM cannot be asked to collect, with what is missing
   */
  public CollectableAssert isCollected() {
    isNotNull();
    if (!actual.isCollected()) {
      throw failure("Expected %s to be collected, but %s", actual, reason());
    }
    return this;
  }

  private String reason() {
    List<String> path;
    try {
      path = actual.retainedBy();
    } catch (IllegalStateException unknown) {
      return "something holds it: " + unknown.getMessage();
    }
    if (path.isEmpty()) {
      return "it was not, although nothing refers to it any more by now."
          + " Did another thread still use it? Wait for that first.";
    }
    return "this holds it:\n  " + String.join("\n  ", path) + "\n" + advice(path.get(0));
  }

  private static String advice(String root) {
    return root.startsWith("local variable")
        ? "Set that variable to null, or open the object in a method of its own."
        : "Remove it there when its life ends, or let it be owned by a scope that closes.";
  }

  /**
   * Collects garbage, and fails if the object is gone: for what must stay.
   *
   * @return this
   * @throws IllegalStateException if this JVM cannot be asked to collect, with what is missing
   */
  public CollectableAssert isHeld() {
    isNotNull();
    if (actual.isCollected()) {
      throw failure("Expected %s to be held, but it was collected.", actual);
    }
    return this;
  }
}
