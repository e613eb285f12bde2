package io.leaksafe.cleanup;

import io.leaksafe.internal.tree.HandleNode;
import io.leaksafe.internal.tree.Node;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Goes through a tree in closing order: what a run comes to next, from where each of its cursors stands.
 *
 * <p>A scope is sealed when a cursor enters it, not before. Confined to the lock of its run.
 */
final class Walk {

  /** What a cursor came to. */
  enum Move {
    /** The handle in {@link Cursor#node}. */
    HANDLE,
    /** A group, in {@link Cursor#frame}, whose child scopes further cursors may take. */
    GROUP,
    /** The end of what may be closed before the helpers of a group are through. */
    WAIT,
    /** The end. */
    END
  }

  private final CloseRun run;

  /** The first of a chain, which is in the order in which they were added. */
  private @Nullable Cursor first;

  Walk(CloseRun run) {
    this.run = run;
  }

  /** Adds a cursor that stands before the given scope, or nowhere. */
  Cursor start(@Nullable TreeScope scope, long now) {
    Cursor cursor = new Cursor(run, null, now);
    cursor.entering = scope;
    add(cursor);
    return cursor;
  }

  /** Adds a cursor that takes child scopes of a group, one after the other. */
  Cursor help(Frame group, long now) {
    Cursor cursor = new Cursor(run, group, now);
    add(cursor);
    group.helpers++;
    return cursor;
  }

  private void add(Cursor cursor) {
    Cursor last = first;
    if (last == null) {
      first = cursor;
      return;
    }
    while (last.next != null) {
      last = last.next;
    }
    last.next = cursor;
  }

  /** Takes a cursor away that has come to its end; true if it was the last. */
  boolean end(Cursor cursor) {
    if (first == cursor) {
      first = cursor.next;
    } else {
      for (Cursor each = first; each != null; each = each.next) {
        if (each.next == cursor) {
          each.next = cursor.next;
        }
      }
    }
    if (cursor.group != null) {
      cursor.group.helpers--;
    }
    return first == null;
  }

  /** The threads that wait at a cursor for the helpers of a group. */
  List<Thread> waiting() {
    List<Thread> threads = new ArrayList<>();
    for (Cursor cursor = first; cursor != null; cursor = cursor.next) {
      if (cursor.waiting != null) {
        threads.add(cursor.waiting);
      }
    }
    return threads;
  }

  /** The first cursor, from which a chain leads to all others. */
  @Nullable
  Cursor first() {
    return first;
  }

  /** Whether no cursor is in the given scope. */
  boolean hasLeft(TreeScope scope) {
    for (Cursor cursor = first; cursor != null; cursor = cursor.next) {
      for (Frame frame = cursor.frame; frame != null; frame = frame.above) {
        if (frame.scope.isWithin(scope)) {
          return false;
        }
      }
    }
    return true;
  }

  /** Moves a cursor on. */
  Move next(Cursor cursor) {
    TreeScope beginning = cursor.entering;
    if (beginning != null) {
      cursor.entering = null;
      if (enter(cursor, beginning)) {
        return Move.GROUP;
      }
    }
    for (; ; ) {
      Frame frame = cursor.frame;
      if (frame == null || frame == cursor.group && frame.next >= frame.independent) {
        return Move.END;
      }
      if (frame.mustWait()) {
        return Move.WAIT;
      }
      if (frame.isAtEnd()) {
        cursor.frame = frame.above;
        run.left(frame, cursor.now);
        continue;
      }
      Node node = frame.nodes.get(frame.next++);
      if (node instanceof TreeScope child) {
        if (enter(cursor, child)) {
          return Move.GROUP;
        }
      } else {
        cursor.node = (HandleNode<?>) node;
        return Move.HANDLE;
      }
    }
  }

  /** Goes down into a scope, unless it is closed; true if others could help there. */
  private boolean enter(Cursor cursor, TreeScope scope) {
    List<Node> nodes = scope.beginClose(run);
    if (nodes == null) {
      return false;
    }
    int independent = scope.width() > 1 ? scopesIn(nodes) : 0;
    cursor.frame = new Frame(scope, cursor.frame, nodes, independent, cursor.now);
    return independent > 1;
  }

  private static int scopesIn(List<Node> nodes) {
    int scopes = 0;
    while (scopes < nodes.size() && nodes.get(scopes) instanceof TreeScope) {
      scopes++;
    }
    return scopes;
  }

  /** Whether the handle this cursor came to is the very last. */
  boolean isLast(Cursor cursor) {
    return first == cursor
        && cursor.next == null
        && (cursor.frame == null || cursor.frame.isLast());
  }

  /** What no cursor has come to yet, in closing order, with the scopes that are not left behind. */
  void ahead(Consumer<Node> consumer) {
    Set<Frame> frames = new LinkedHashSet<>();
    for (Cursor cursor = first; cursor != null; cursor = cursor.next) {
      for (Frame frame = cursor.frame; frame != null; frame = frame.above) {
        frames.add(frame);
      }
    }
    for (Frame frame : frames) {
      for (Node node : frame.nodes.subList(frame.next, frame.nodes.size())) {
        aheadIn(node, consumer);
      }
      consumer.accept(frame.scope);
    }
  }

  private static void aheadIn(Node node, Consumer<Node> consumer) {
    if (node instanceof TreeScope scope) {
      scope.inClosingOrder().forEach(below -> aheadIn(below, consumer));
    }
    consumer.accept(node);
  }
}
