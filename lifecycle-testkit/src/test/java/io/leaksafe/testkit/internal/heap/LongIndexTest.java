package io.leaksafe.testkit.internal.heap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LongIndexTest {

  @Test
  void add_randomKeys_numbersThemLikeAMap() {
    Random random = new Random(7);
    LongIndex index = new LongIndex();
    Map<Long, Integer> model = new LinkedHashMap<>();
    for (int i = 0; i < 100_000; i++) {
      long key = (random.nextInt(60_000) + 1L) * 8;
      int expected = model.computeIfAbsent(key, any -> model.size());
      assertThat(index.add(key)).isEqualTo(expected);
    }
    assertThat(index.size()).isEqualTo(model.size());
    model.forEach((key, number) -> assertThat(index.find(key)).isEqualTo(number));
    assertThat(index.find(3)).isEqualTo(-1);
  }

  @Test
  void add_zero_isRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> new LongIndex().add(0));
  }
}
