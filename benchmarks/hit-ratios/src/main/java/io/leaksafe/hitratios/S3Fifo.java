package io.leaksafe.hitratios;

/**
 * Three queues: a tenth of the room for newcomers, the rest for what was accessed again or came back soon, and a ghost
 * list of keys that were dropped without. After Yang, Zhang, Qiu, Yue and Rashmi, "FIFO queues are all you need for cache
 * eviction", SOSP 2023.
 */
final class S3Fifo implements Policy {

  @Override
  public long hits(Trace trace, int size) {
    return new Run(trace.distinct(), size).hits(trace);
  }

  private static final class Run {

    private static final int MOST = 3;
    private static final int SEEN_AGAIN = 2;

    private final int size;
    private final int smallRoom;
    private final IntQueue small;
    private final IntQueue main;
    private final RankList ghosts;

    private final boolean[] held;
    private final byte[] frequency;

    Run(int ranks, int size) {
      this.size = size;
      smallRoom = size / 10;
      small = new IntQueue(size + 1);
      main = new IntQueue(size + 1);
      ghosts = new RankList(ranks);
      held = new boolean[ranks];
      frequency = new byte[ranks];
    }

    long hits(Trace trace) {
      long hits = 0;
      for (int rank : trace.accesses()) {
        if (held[rank]) {
          hits++;
          frequency[rank] = (byte) Math.min(MOST, frequency[rank] + 1);
        } else {
          insert(rank);
        }
      }
      return hits;
    }

    private void insert(int rank) {
      while (small.size() + main.size() >= size) {
        evict();
      }
      IntQueue queue = ghosts.remove(rank) ? main : small;
      queue.add(rank);
      held[rank] = true;
      frequency[rank] = 0;
    }

    private void evict() {
      if (small.size() > smallRoom || main.size() == 0) {
        evictSmall();
      } else {
        evictMain();
      }
    }

    private void evictSmall() {
      int rank = small.poll();
      if (frequency[rank] >= SEEN_AGAIN) {
        main.add(rank);
        frequency[rank] = 0;
      } else {
        held[rank] = false;
        remember(rank);
      }
    }

    private void evictMain() {
      int rank = main.poll();
      if (frequency[rank] > 0) {
        frequency[rank]--;
        main.add(rank);
      } else {
        held[rank] = false;
      }
    }

    private void remember(int rank) {
      if (ghosts.size() >= size - smallRoom) {
        ghosts.removeOldest();
      }
      ghosts.add(rank);
    }
  }
}
