package io.leaksafe.cleanup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leaksafe.handle.ClosedScopeException;
import io.leaksafe.handle.Handle;
import io.leaksafe.handle.Priority;
import io.leaksafe.internal.tree.TreeCheck;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random operations on a tree of scopes against a model that is a list of lists. */
class RandomTreeTest extends CleanupTestCase {

  private static final int STEPS = 400;

  /** What the model knows of a handle or scope. */
  private static class Item {
    final String name;

    /** What its closer logs. */
    final String logs;

    Box owner;
    Priority priority = Priority.NORMAL;

    /** Of a handle that somebody holds. */
    Handle<String> handle;

    Item(String name, String logs, Box owner) {
      this.name = name;
      this.logs = logs;
      this.owner = owner;
    }
  }

  /** A scope of the model. */
  private static final class Box extends Item {
    final Scope scope;
    final boolean group;

    /** The last opened is the last. */
    final List<Item> items = new ArrayList<>();

    Box(String name, Box owner, Scope scope, boolean group) {
      super(name, name, owner);
      this.scope = scope;
      this.group = group;
    }

    List<Item> inClosingOrder() {
      List<Item> order = new ArrayList<>(items);
      Collections.reverse(order);
      order.sort(Comparator.comparing(item -> item.priority));
      if (group) {
        order.sort(Comparator.comparing(item -> !(item instanceof Box)));
      }
      return order;
    }

    boolean isWithin(Box other) {
      return this == other || owner != null && owner.isWithin(other);
    }
  }

  private final CleanupManager app = manager();
  private final Box root = new Box("app", null, app, false);
  private final List<Box> boxes = new ArrayList<>(List.of(root));
  private final List<Item> handles = new ArrayList<>();
  private final List<Item> gone = new ArrayList<>();
  private final List<String> expectedLog = new ArrayList<>();
  private int names;

  static LongStream seeds() {
    return LongStream.concat(LongStream.range(0, 60), LongStream.of(System.nanoTime()));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void anyOperations_inAnyOrder_agreeWithTheModel(long seed) {
    Random random = new Random(seed);
    try {
      for (int step = 0; step < STEPS; step++) {
        operate(random);
        verify();
      }
      List<String> listed = names(app.handles());
      closed(root);
      CloseReport report = app.shutdown();
      assertThat(names(report)).isEqualTo(listed);
      assertThat(report.clean()).isTrue();
      verify();
      for (Item item : gone) {
        if (item.handle != null) {
          assertThatThrownBy(item.handle::get).isInstanceOf(ClosedScopeException.class);
        }
      }
      assertThat(log).doesNotHaveDuplicates();
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError("seed " + seed, e);
    }
  }

  private void verify() {
    TreeCheck.verify(app);
    List<String> expected = new ArrayList<>();
    list(root, expected);
    assertThat(names(app.handles())).isEqualTo(expected);
    assertThat(log).isEqualTo(expectedLog);
  }

  private static void list(Box box, List<String> into) {
    for (Item item : box.inClosingOrder()) {
      if (item instanceof Box below) {
        list(below, into);
      }
      into.add(item.name);
    }
  }

  private void operate(Random random) {
    Box box = any(boxes, random);
    switch (random.nextInt(14)) {
      case 0, 1, 2 -> register(box);
      case 3 -> own(box);
      case 4 -> subscribe(box);
      case 5 -> child(box, random.nextInt(3) == 0);
      case 6 -> withHandle(random, this::closeHandle);
      case 7 -> withHandle(random, this::release);
      case 8, 9 -> withHandle(random, item -> adopt(item, box));
      case 10 -> moveTo(any(boxes, random), box);
      case 11 ->
        withHandle(random, item -> {
          item.priority = any(List.of(Priority.values()), random);
          item.handle.priority(item.priority);
        });
      case 12 -> {
        if (random.nextInt(4) == 0) {
          closeChild(box);
        }
      }
      default -> useWhatIsGone(random, box);
    }
  }

  private static <T> T any(List<T> list, Random random) {
    return list.get(random.nextInt(list.size()));
  }

  private void withHandle(Random random, Consumer<Item> action) {
    if (!handles.isEmpty()) {
      action.accept(any(handles, random));
    }
  }

  private Item add(Box box) {
    String name = "h" + ++names;
    Item item = new Item(name, name, box);
    box.items.add(item);
    return item;
  }

  private void register(Box box) {
    Item item = add(box);
    item.handle = open(box.scope, item.name);
    handles.add(item);
  }

  private void own(Box box) {
    Item item = add(box);
    box.scope.own(item.name, () -> log.add(item.name));
  }

  private void subscribe(Box box) {
    Item item = new Item("listener", "listener" + ++names, box);
    item.priority = Priority.EARLY;
    box.items.add(item);
    item.handle = box.scope.subscribe(added -> {}, log::add, item.logs);
    handles.add(item);
  }

  private void child(Box box, boolean group) {
    String name = "s" + ++names;
    Scope scope = group ? box.scope.group(name, 1) : box.scope.child(name);
    Box child = new Box(name, box, scope, group);
    box.items.add(child);
    boxes.add(child);
  }

  private void closeHandle(Item item) {
    item.handle.close();
    item.owner.items.remove(item);
    handles.remove(item);
    expectedLog.add(item.logs);
    gone.add(item);
  }

  private void release(Item item) {
    item.handle.release();
    item.owner.items.remove(item);
    handles.remove(item);
    gone.add(item);
  }

  private void adopt(Item item, Box box) {
    box.scope.adopt(item.handle);
    item.owner.items.remove(item);
    item.owner = box;
    box.items.add(item);
  }

  private void moveTo(Box moved, Box target) {
    if (moved == root) {
      assertThatThrownBy(() -> moved.scope.moveTo(target.scope))
          .isInstanceOf(UnsupportedOperationException.class);
    } else if (target.isWithin(moved)) {
      assertThatThrownBy(() -> moved.scope.moveTo(target.scope))
          .isInstanceOf(IllegalArgumentException.class);
    } else {
      moved.scope.moveTo(target.scope);
      moved.owner.items.remove(moved);
      moved.owner = target;
      target.items.add(moved);
    }
  }

  private void closeChild(Box box) {
    if (box == root) {
      return;
    }
    CloseReport report = box.scope.shutdown();
    assertThat(report.clean()).isTrue();
    box.owner.items.remove(box);
    List<String> expected = new ArrayList<>();
    list(box, expected);
    assertThat(names(report)).isEqualTo(expected);
    closed(box);
  }

  /** Notes that a scope has been closed, or will be before anybody looks. */
  private void closed(Box box) {
    for (Item item : box.inClosingOrder()) {
      if (item instanceof Box below) {
        closed(below);
      } else {
        expectedLog.add(item.logs);
        handles.remove(item);
        gone.add(item);
      }
    }
    box.items.clear();
    boxes.remove(box);
    gone.add(box);
  }

  private void useWhatIsGone(Random random, Box box) {
    if (gone.isEmpty()) {
      return;
    }
    Item item = any(gone, random);
    if (item instanceof Box closed) {
      assertThat(closed.scope.state()).isEqualTo(Scope.State.CLOSED);
      assertThatThrownBy(() -> closed.scope.child("late")).isInstanceOf(ClosedScopeException.class);
      assertThatThrownBy(() -> closed.scope.moveTo(box.scope)).isInstanceOf(RuntimeException.class);
      closed.scope.close();
    } else if (item.handle != null) {
      item.handle.close();
      assertThatThrownBy(item.handle::release).isInstanceOf(ClosedScopeException.class);
      assertThatThrownBy(() -> box.scope.adopt(item.handle))
          .isInstanceOf(ClosedScopeException.class);
    }
  }
}
