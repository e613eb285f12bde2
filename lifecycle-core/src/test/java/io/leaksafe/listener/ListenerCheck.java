package io.leaksafe.listener;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;

/** Looks over a registry: the invariants in the comment of {@link LiveListeners}. For use while nobody changes it. */
final class ListenerCheck {

  private ListenerCheck() {}

  static void verify(ListenerRegistry<?> registry) {
    LiveListeners<?> listeners = (LiveListeners<?>) registry;
    Slots<?> slots = (Slots<?>) read(listeners, "slots");
    int live = 0;
    int removed = 0;
    for (int i = 0; i < slots.entries.length; i++) {
      Subscription<?> each = slots.entries[i];
      assertThat(each == null).as("slot %d is empty", i).isEqualTo(i >= slots.size());
      if (each != null) {
        assertThat(each.placed).isTrue();
        if (each.isRemoved()) {
          removed++;
          assertThat(each.listener).as("what a removed one refers to").isNull();
        } else {
          live++;
        }
      }
    }
    assertThat((int) read(listeners, "live")).as("live").isEqualTo(live);
    assertThat((int) read(listeners, "removed")).as("removed").isEqualTo(removed);
    assertThat(removed).as("removed, of %d live", live).isLessThanOrEqualTo(live + 8);
    assertThat((int) read(listeners, "locked")).as("locked").isZero();
  }

  private static Object read(Object of, String name) {
    try {
      Field field = LiveListeners.class.getDeclaredField(name);
      field.setAccessible(true);
      return field.get(of);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("LiveListeners." + name + " is not there any more.", e);
    }
  }
}
