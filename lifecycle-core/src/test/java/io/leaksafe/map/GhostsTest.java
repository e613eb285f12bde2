package io.leaksafe.map;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GhostsTest {

  private static int hash(int key) {
    return Table.spread(key * 31 + 7);
  }

  @Test
  void contains_whatWasEvictedLately_mostly() {
    Ghosts ghosts = new Ghosts(100);
    for (int i = 0; i < 10_000; i++) {
      ghosts.add(hash(i));
    }
    int found = 0;
    for (int i = 9_901; i < 10_000; i++) {
      found += ghosts.contains(hash(i)) ? 1 : 0;
    }
    assertThat(found).isGreaterThan(60);
  }

  @Test
  void contains_whatWasEvictedLongAgoOrNever_hardlyEver() {
    Ghosts ghosts = new Ghosts(100);
    for (int i = 0; i < 200_000; i++) { // the time wraps around
      ghosts.add(hash(i));
    }
    int found = 0;
    for (int i = 0; i < 199_800; i++) {
      found += ghosts.contains(hash(i)) ? 1 : 0;
    }
    assertThat(found).isLessThan(100);
  }

  @Test
  void contains_inAnEmptyOne_nothing() {
    Ghosts ghosts = new Ghosts(1);
    for (int i = 0; i < 100_000; i++) {
      assertThat(ghosts.contains(hash(i))).isFalse();
    }
  }
}
