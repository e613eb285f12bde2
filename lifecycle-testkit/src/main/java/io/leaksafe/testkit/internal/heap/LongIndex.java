package io.leaksafe.testkit.internal.heap;

import java.util.Arrays;

/** Numbers that stand for longs other than zero: 0 for the first one that was added, and so on. */
final class LongIndex {
  /*
   * An open-addressing table, at most two thirds full: 18 to 36 bytes a key. Zero marks an empty slot.
   */
  private static final int SMALLEST = 64;
  private static final long MIX = 0x9E3779B97F4A7C15L;

  private long[] keys = new long[SMALLEST];
  private int[] numbers = new int[SMALLEST];
  private int size;

  /** Its number; -1 if it was not added. */
  int find(long key) {
    int mask = keys.length - 1;
    int slot = start(key, mask);
    while (keys[slot] != 0) {
      if (keys[slot] == key) {
        return numbers[slot];
      }
      slot = slot + 1 & mask;
    }
    return -1;
  }

  /** Its number; the next one if it has none yet. */
  int add(long key) {
    if (key == 0) {
      throw new IllegalArgumentException("Zero cannot be a key.");
    }
    if (size >= keys.length / 3 * 2) {
      grow();
    }
    int mask = keys.length - 1;
    int slot = start(key, mask);
    while (keys[slot] != 0) {
      if (keys[slot] == key) {
        return numbers[slot];
      }
      slot = slot + 1 & mask;
    }
    keys[slot] = key;
    numbers[slot] = size;
    return size++;
  }

  int size() {
    return size;
  }

  private static int start(long key, int mask) {
    return (int) (key * MIX >>> 32) & mask;
  }

  private void grow() {
    long[] oldKeys = keys;
    int[] oldNumbers = numbers;
    keys = new long[oldKeys.length * 2];
    numbers = new int[keys.length];
    int mask = keys.length - 1;
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldKeys[i] != 0) {
        int slot = start(oldKeys[i], mask);
        while (keys[slot] != 0) {
          slot = slot + 1 & mask;
        }
        keys[slot] = oldKeys[i];
        numbers[slot] = oldNumbers[i];
      }
    }
    Arrays.fill(oldKeys, 0);
  }
}
