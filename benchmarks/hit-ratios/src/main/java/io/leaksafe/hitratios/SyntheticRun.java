package io.leaksafe.hitratios;

import java.util.SplittableRandom;

/** One synthetic trace in the making. */
final class SyntheticRun {

  private static final int CHURNS = 20;
  private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

  private final String name;
  private final Synthetic.Kind kind;
  private final int length;
  private final int keys;
  private final long seed;
  private final Zipf zipf;
  private final SplittableRandom random;
  private final Trace.Builder trace = new Trace.Builder();

  SyntheticRun(String name, Synthetic.Kind kind, int length, int keys, long seed, Zipf zipf) {
    this.name = name;
    this.kind = kind;
    this.length = length;
    this.keys = keys;
    this.seed = seed;
    this.zipf = zipf;
    this.random = new SplittableRandom(seed);
  }

  Trace build() {
    switch (kind) {
      case ZIPF -> fill(i -> zipf.draw(random));
      case DRIFT -> fill(i -> drifted(i, zipf.draw(random)));
      case CHURN -> fill(i -> i * CHURNS / length * keys + zipf.draw(random));
      case LOOP -> fill(i -> i % keys);
      case ZIGZAG -> fill(this::zigzag);
      case SCAN -> scans();
      case MIXED -> phases();
      case WEBHOOKS -> calls();
      case SESSIONS -> sessions();
    }
    return trace.build(name);
  }

  private interface Draw {
    long key(long position);
  }

  private void fill(Draw draw) {
    for (long i = 0; i < length; i++) {
      add(draw.key(i));
    }
  }

  private boolean isGoingOn() {
    return trace.length() < length;
  }

  private void add(long number) {
    trace.add(Mix.of(number + seed * GOLDEN_GAMMA));
  }

  /** Each popularity passes to another key four times, the top ones as often as the rest, but not all at once. */
  private long drifted(long position, int place) {
    long period = Math.max(1, length / 4);
    long age = (position + Math.floorMod(Mix.of(place), period)) / period;
    return place + age * keys;
  }

  private long zigzag(long position) {
    long turn = Math.max(1, 2L * (keys - 1));
    long at = position % turn;
    return Math.min(at, turn - at);
  }

  /** A tenth of the accesses are in scans of a tenth as many keys as there are. */
  private void scans() {
    int scan = Math.max(1, keys / 10);
    long fresh = keys;
    while (isGoingOn()) {
      for (int i = 0; i < 9 * scan && isGoingOn(); i++) {
        add(zipf.draw(random));
      }
      for (int i = 0; i < scan && isGoingOn(); i++) {
        add(fresh++);
      }
    }
  }

  /** Zipf's law for a while, then 2 to 9 rounds through up to a quarter as many keys, which are one of four sets. */
  private void phases() {
    while (isGoingOn()) {
      for (int i = random.nextInt(2 * keys) + 1; i > 0 && isGoingOn(); i--) {
        add(zipf.draw(random));
      }
      int part = random.nextInt(keys) / 4 + 1;
      int first = keys + random.nextInt(4) * keys;
      int rounds = random.nextInt(8) + 2;
      for (int i = 0; i < rounds * part && isGoingOn(); i++) {
        add(first + i % part);
      }
    }
  }

  /** A hundredth as many calls as keys are on at any time; each has 4 to 12 events, and one event in 100 comes late. */
  private void calls() {
    int lines = Math.max(1, keys / 100);
    long[] call = new long[lines];
    int[] left = new int[lines];
    long fresh = 0;
    while (isGoingOn()) {
      int line = random.nextInt(lines);
      if (random.nextInt(100) == 0) {
        add(Math.max(0, fresh - random.nextInt(4 * lines)));
      } else {
        if (left[line] == 0) {
          call[line] = fresh++;
          left[line] = 4 + random.nextInt(9);
        }
        left[line]--;
        add(call[line]);
      }
    }
  }

  /** A hundredth as many users as keys are there at a time; each has 5 keys of his own, accessed 20 to 60 times in all. */
  private void sessions() {
    int seats = Math.max(1, keys / 100);
    long[] user = new long[seats];
    int[] left = new int[seats];
    while (isGoingOn()) {
      int seat = random.nextInt(seats);
      if (left[seat] == 0) {
        user[seat] = zipf.draw(random);
        left[seat] = 20 + random.nextInt(41);
      }
      left[seat]--;
      add(user[seat] * 5 + random.nextInt(5));
    }
  }
}
