package io.leaksafe.map;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OrderTest {

  private final Order order = new Order(10);

  private static Cell cell(int number) {
    return new Cell(number, number, "v");
  }

  private List<Object> keys() {
    List<Object> keys = new ArrayList<>();
    order.forEach(cell -> keys.add(cell.key));
    return keys;
  }

  @Test
  void enter_asLongAsThereIsRoom_takesPlaceAndWeight() {
    assertThat(order.enter(cell(1), 4)).isTrue();
    assertThat(order.enter(cell(2), 6)).isTrue();
    assertThat(order.free()).isZero();
    assertThat(order.enter(cell(3), 1)).isFalse();
    assertThat(keys()).as("who was refused has no place").containsExactly(1, 2);
  }

  @Test
  void enter_withoutACell_takesWeightAlone() {
    assertThat(order.enter(null, 4)).isTrue();
    assertThat(order.free()).isEqualTo(6);
    assertThat(keys()).isEmpty();
  }

  @Test
  void exchange_takesTheOldest_andPutsTheNewcomerBehindAll() {
    order.enter(cell(1), 5);
    order.enter(cell(2), 5);

    assertThat(order.exchange(cell(3))).extracting(cell -> cell.key).isEqualTo(1);
    assertThat(keys()).containsExactly(2, 3);
    assertThat(order.free()).as("who leaves gives its room to who comes").isZero();
  }

  @Test
  void exchange_empty_givesNothingAndTakesNoPlace() {
    assertThat(order.exchange(cell(1))).isNull();
    assertThat(keys()).isEmpty();
  }

  @Test
  void putBehind_aCellThatMustStay_comesLast() {
    order.enter(cell(1), 1);
    order.enter(cell(2), 1);
    Cell first = order.exchange(null);

    order.putBehind(first);
    assertThat(keys()).containsExactly(2, 1);
  }

  @Test
  void giveBack_makesRoom_andCountsThePlacesLeftBehind() {
    List<Cell> cells = new ArrayList<>();
    Order large = new Order(1_000);
    for (int i = 0; i < 1_000; i++) {
      cells.add(cell(i));
      large.enter(cells.get(i), 1);
    }
    for (Cell cell : cells.subList(0, 990)) {
      cell.killQuietly();
      large.giveBack(1, 1);
    }
    assertThat(large.free()).isEqualTo(990);
    assertThat(large.slots()).as("dead places are swept").isLessThan(200);
    List<Object> left = new ArrayList<>();
    large.forEach(cell -> {
      if (cell.value != null) {
        left.add(cell.key);
      }
    });
    assertThat(left).containsExactly(990, 991, 992, 993, 994, 995, 996, 997, 998, 999);
  }

  @Test
  void wasDead_afterAnExchange_leavesNoTrace() {
    Cell dead = cell(1);
    order.enter(dead, 1);
    dead.killQuietly();
    order.giveBack(1, 1);

    assertThat(order.exchange(null)).isSameAs(dead);
    order.wasDead();
    assertThat(order.slots()).isZero();
    assertThat(order.free()).isEqualTo(10);
  }
}
