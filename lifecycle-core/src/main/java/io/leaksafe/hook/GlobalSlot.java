package io.leaksafe.hook;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A place of which a process has one, and how to put a layer over what is in it: for {@link GlobalHook#install}.
 *
 * <p>{@link #read}, {@link #write} and {@link #wrap} are called one at a time for all slots of the process, so they must return
 * soon, and install no hook themselves.
 *
 * @param <T> the type of what is in the slot
 * @param <L> the type of those who are told of what passes through
 */
public interface GlobalSlot<T, L> {

  /**
   * Those who are told of what passes through a layer; nobody, once their handles are closed.
   *
   * @param <L> their type
   */
  interface Told<L> {

    /**
     * Tells each of them, in the order in which they came. What one throws is logged, and does not keep the others from being
     * told. When a listener causes something to pass through the same layer again, on the same thread, nobody is told of that.
     *
     * @param call how to tell one
     */
    void tell(Consumer<? super L> call);
  }

  /**
   * Names the place. Two slots with equal keys are the same place, over which there is one layer.
   *
   * @return the key; its {@code toString} is what reports call a hook
   */
  Object key();

  /**
   * Reads what is there now.
   *
   * @return the very object, since it is compared by identity; null if there is none
   */
  @Nullable
  T read();

  /**
   * Puts something there.
   *
   * @param value a layer, or what was there before
   */
  void write(@Nullable T value);

  /**
   * Makes the layer: something that does all that the original does, and tells of it. It must refer to nothing else of the
   * caller's, since it stays, as a mere pass-through, if somebody has wrapped it when the last hook is closed.
   *
   * @param original what is there now; null if there is nothing
   * @param told     whom to tell
   * @return the layer
   */
  T wrap(@Nullable T original, Told<L> told);
}
