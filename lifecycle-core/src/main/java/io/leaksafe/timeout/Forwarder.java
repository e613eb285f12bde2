package io.leaksafe.timeout;

import io.leaksafe.internal.future.Link;
import io.leaksafe.internal.future.OwnedFuture;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * What a source is given to call. The source keeps it for as long as it is pending, and longer than anybody may wait: so it
 * lets go of the result when that ends, and is then an empty shell of 16 bytes.
 */
final class Forwarder<T extends @Nullable Object> extends Link<T>
    implements BiFunction<T, @Nullable Throwable, @Nullable Void> {

  Forwarder(OwnedFuture<T> result) {
    super(result);
  }

  @Override
  public @Nullable Void apply(T value, @Nullable Throwable failure) {
    OwnedFuture<T> result = target();
    if (result != null) {
      result.sourceEnded(value, failure);
    }
    return null;
  }
}
