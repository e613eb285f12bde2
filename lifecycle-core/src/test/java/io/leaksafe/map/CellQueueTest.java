package io.leaksafe.map;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CellQueueTest {

  private final CellQueue queue = new CellQueue();

  private static Cell cell(int number) {
    return new Cell(number, number, "v");
  }

  @Test
  void poll_acrossManyChunks_keepsTheOrder() {
    for (int i = 0; i < 1_000; i++) {
      queue.add(cell(i));
    }
    assertThat(queue.slots()).isEqualTo(1_000);
    for (int i = 0; i < 1_000; i++) {
      assertThat(queue.peek()).isSameAs(queue.peek());
      assertThat(queue.poll()).extracting(cell -> cell.key).isEqualTo(i);
    }
    assertThat(queue.poll()).isNull();
    assertThat(queue.peek()).isNull();
    assertThat(queue.slots()).isZero();
  }

  @Test
  void died_ofTheFirstCell_freesItsPlaceAndThoseOfTheDeadBehindIt() {
    List<Cell> cells = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      cells.add(cell(i));
      queue.add(cells.get(i));
    }
    for (int i = 100; i < 120; i++) {
      kill(cells.get(i));
    }
    assertThat(queue.dead()).isEqualTo(20);
    for (int i = 0; i < 100; i++) {
      kill(cells.get(i));
    }
    assertThat(queue.dead()).isZero();
    assertThat(queue.slots()).isEqualTo(880);
    assertThat(queue.peek()).isSameAs(cells.get(120));
    for (int i = 120; i < 1_000; i++) {
      kill(cells.get(i));
    }
    assertThat(queue.slots()).isZero();
    assertThat(queue.peek()).isNull();
    queue.add(cells.get(0));
    assertThat(queue.poll()).isSameAs(cells.get(0));
  }

  private void kill(Cell cell) {
    cell.kill();
    queue.died(cell);
  }

  @Test
  void died_ofMostCells_sweepsTheirPlaces() {
    List<Cell> cells = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      Cell cell = cell(i);
      cells.add(cell);
      queue.add(cell);
    }
    for (int i = 0; i < 10_000; i++) {
      if (i % 100 != 0) {
        cells.get(i).killQuietly();
        queue.died();
      }
    }
    assertThat(queue.slots()).isLessThan(400);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void operations_atRandom_agreeWithAPlainDeque(long seed) {
    Random random = new Random(seed);
    Deque<Cell> model = new ArrayDeque<>();
    List<Cell> alive = new ArrayList<>();
    int most = 0;
    for (int step = 0; step < 20_000; step++) {
      int what = random.nextInt(10);
      if (what < 4) {
        Cell cell = cell(step);
        queue.add(cell);
        model.add(cell);
        alive.add(cell);
      } else if (what < 6) {
        Cell cell = queue.poll();
        for (; cell != null && cell.value == null; cell = queue.poll()) {
          queue.buried();
        }
        Cell expected = model.poll();
        assertThat(cell).as("seed %d, step %d", seed, step).isSameAs(expected);
        alive.remove(cell);
      } else if (!alive.isEmpty()) {
        Cell cell = alive.remove(random.nextInt(alive.size()));
        model.remove(cell);
        cell.killQuietly();
        queue.died();
      }
      most = Math.max(most, queue.slots() - 2 * model.size());
      List<Cell> seen = new ArrayList<>();
      if (step % 500 == 0) {
        queue.forEach(cell -> {
          if (cell.value != null) {
            seen.add(cell);
          }
        });
        assertThat(seen).as("seed %d, step %d", seed, step).containsExactlyElementsOf(model);
      }
    }
    assertThat(most).as("dead places beyond the live ones").isLessThan(200);
  }
}
