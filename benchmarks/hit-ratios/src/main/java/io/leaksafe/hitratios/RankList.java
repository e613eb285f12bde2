package io.leaksafe.hitratios;

import java.util.Arrays;

/** Ranks in order of arrival, of which any can be taken out: a ring linked through two arrays. */
final class RankList {

  /*
   * The rank beyond the last is the ring's end: its next is the newest, its previous the oldest.
   * A rank without a next is not in the list.
   */
  private static final int ABSENT = -1;

  private final int end;
  private final int[] next;
  private final int[] previous;
  private int size;

  RankList(int ranks) {
    end = ranks;
    next = new int[ranks + 1];
    previous = new int[ranks + 1];
    Arrays.fill(next, ABSENT);
    next[end] = end;
    previous[end] = end;
  }

  int size() {
    return size;
  }

  boolean contains(int rank) {
    return next[rank] != ABSENT;
  }

  void add(int rank) {
    next[rank] = next[end];
    previous[rank] = end;
    previous[next[end]] = rank;
    next[end] = rank;
    size++;
  }

  boolean remove(int rank) {
    if (!contains(rank)) {
      return false;
    }
    previous[next[rank]] = previous[rank];
    next[previous[rank]] = next[rank];
    next[rank] = ABSENT;
    size--;
    return true;
  }

  void removeOldest() {
    remove(previous[end]);
  }
}
