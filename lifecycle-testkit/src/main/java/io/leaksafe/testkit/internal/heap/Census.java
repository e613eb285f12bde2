package io.leaksafe.testkit.internal.heap;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/**
 * How many objects of each class there were at several moments.
 *
 * <p>Confined to one thread.
 */
final class Census {
  /*
   * Idea. What counts the heap must not grow in it. So everything is allocated before the first count: a table by the hash of a
   * class's name, with a column of longs for each moment. No name is kept; those that matter are found in the last text again.
   * The texts themselves are garbage when the next count is taken, which begins with a collection.
   *
   * Classes whose names differ only by what is spun anew each time count as one. When the table is full, which takes three
   * times as many classes as there were at the beginning, further ones are not counted; java.lang.Class then shows the growth.
   */
  private static final String TOTAL = "\nTotal";
  private static final String FILLER = "jdk.internal.vm.Filler";
  private static final int SMALLEST = 4_096;
  private static final long OFFSET = 0xcbf29ce484222325L;
  private static final long PRIME = 0x100000001b3L;

  private final long[] keys;
  private final long[][] instances;
  private final long[][] bytes;
  private int used;
  private int count;
  private String last = "";

  /** Room for so many counts; looks once, to see how many classes there are. */
  Census(int counts) {
    int classes = (int) Diagnostics.roughHistogram().lines().count();
    int slots = Integer.highestOneBit(Math.max(SMALLEST, 4 * classes) - 1) * 2;
    keys = new long[slots];
    instances = new long[counts][slots];
    bytes = new long[counts][slots];
  }

  /** Collects, and counts what is left; the next column. */
  void count() {
    last = ""; // garbage before the collection that counting begins with
    String text = Diagnostics.histogram();
    for (int from = 0; from < text.length(); ) {
      int end = text.indexOf('\n', from);
      end = end < 0 ? text.length() : end;
      line(text, from, end);
      from = end + 1;
    }
    last = text;
    count++;
  }

  /** How many counts there are. */
  int size() {
    return count;
  }

  /** Frees the last text, so that it is not in the way of what is counted by others. */
  void forgetTexts() {
    last = "";
  }

  /** A line is rank, instances, bytes and name; one that is not begins with no digit, and the last with Total. */
  private void line(String text, int from, int end) {
    int at = skip(text, from, end, ' ');
    if (at == end || !Character.isDigit(text.charAt(at))) {
      return;
    }
    int first = skip(text, word(text, at, end), end, ' ');
    int second = skip(text, word(text, first, end), end, ' ');
    int name = skip(text, word(text, second, end), end, ' ');
    if (isFiller(text, name)) {
      return;
    }
    int slot = slot(hash(text, name, nameEnd(text, name, end)));
    if (slot >= 0) {
      instances[count][slot] += number(text, first, word(text, first, end));
      bytes[count][slot] += number(text, second, word(text, second, end));
    }
  }

  /** Whether a class is one of fillers, or of arrays of them. */
  private static boolean isFiller(String text, int name) {
    return text.startsWith(FILLER, name) || text.startsWith(FILLER, name + "[L".length());
  }

  private static int nameEnd(String text, int from, int end) {
    return ClassNames.end(text, from, word(text, from, end));
  }

  private static int skip(String text, int from, int end, char what) {
    int at = from;
    while (at < end && text.charAt(at) == what) {
      at++;
    }
    return at;
  }

  private static int word(String text, int from, int end) {
    int at = from;
    while (at < end && text.charAt(at) > ' ') {
      at++;
    }
    return at;
  }

  private static long number(String text, int from, int end) {
    return from < end ? Long.parseLong(text, from, end, 10) : 0;
  }

  private static long hash(CharSequence text, int from, int end) {
    long hash = OFFSET;
    for (int i = from; i < end; i++) {
      hash = (hash ^ text.charAt(i)) * PRIME;
    }
    return hash == 0 ? 1 : hash;
  }

  /** The class's slot, which is taken if there is none; -1 if the table is full. */
  private int slot(long hash) {
    int mask = keys.length - 1;
    int slot = (int) (hash ^ hash >>> 32) & mask;
    while (keys[slot] != 0) {
      if (keys[slot] == hash) {
        return slot;
      }
      slot = slot + 1 & mask;
    }
    if (used >= keys.length * 3 / 4) {
      return -1;
    }
    used++;
    keys[slot] = hash;
    return slot;
  }

  /** The classes that took more bytes at each of these counts than at the one before, and not fewer instances. */
  BitSet growing(int first, int lastCount) {
    BitSet growing = new BitSet(keys.length);
    for (int slot = 0; slot < keys.length; slot++) {
      boolean grows = keys[slot] != 0;
      for (int i = first + 1; grows && i <= lastCount; i++) {
        grows = bytes[i][slot] > bytes[i - 1][slot] && instances[i][slot] >= instances[i - 1][slot];
      }
      growing.set(slot, grows);
    }
    return growing;
  }

  /** By how many bytes a class grew between two counts. */
  long bytes(int slot, int from, int to) {
    return bytes[to][slot] - bytes[from][slot];
  }

  /** By how many instances a class grew between two counts. */
  long instances(int slot, int from, int to) {
    return instances[to][slot] - instances[from][slot];
  }

  /** The bytes of all classes: the second number of the line that begins with Total, less those of fillers. */
  static long total(String text) {
    int line = text.lastIndexOf(TOTAL);
    if (line < 0) {
      throw new IllegalStateException(
          "HotSpot's class histogram has no line with the total: " + text);
    }
    return second(text, line + TOTAL.length()) - fillers(text);
  }

  /** From JDK 19 on the collector fills gaps between objects with objects, now more, now less: they are not live. */
  private static long fillers(String text) {
    long bytes = 0;
    for (int at = text.indexOf(FILLER); at >= 0; at = text.indexOf(FILLER, at + 1)) {
      int line = text.lastIndexOf('\n', at) + 1;
      bytes += second(text, word(text, skip(text, line, at, ' '), at));
    }
    return bytes;
  }

  /** The second number from here on. */
  private static long second(String text, int from) {
    int first = skip(text, from, text.length(), ' ');
    int second = skip(text, word(text, first, text.length()), text.length(), ' ');
    return number(text, second, word(text, second, text.length()));
  }

  /** The names of classes, found in the text of the latest count. */
  Map<Integer, String> names(BitSet slots) {
    Map<Integer, String> names = new HashMap<>();
    last.lines().forEach(line -> {
      int at = skip(line, 0, line.length(), ' ');
      if (at < line.length() && Character.isDigit(line.charAt(at))) {
        for (int column = 0; column < 3; column++) {
          at = skip(line, word(line, at, line.length()), line.length(), ' ');
        }
        int end = nameEnd(line, at, line.length());
        int slot = slot(hash(line, at, end));
        if (slot >= 0 && slots.get(slot)) {
          names.putIfAbsent(
              slot, ClassNames.plain(line.substring(at, word(line, at, line.length()))));
        }
      }
    });
    return names;
  }
}
