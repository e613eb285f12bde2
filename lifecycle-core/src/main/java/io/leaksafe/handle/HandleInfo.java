package io.leaksafe.handle;

import io.leaksafe.internal.check.Text;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One handle as it was at one moment; an immutable copy that keeps nothing alive.
 *
 * @param path     the names from the root down to this handle, joined by a slash: {@code orders/session-7/socket}
 * @param name     the handle's own name
 * @param kind     what it stands for
 * @param priority its group in the closing order
 * @param openedAt when it was opened, by the wall clock
 * @param age      how long ago that was, by the monotonic clock
 * @param openedBy the name of the thread that opened it; empty under {@link Tracking#DISABLED}
 * @param origin   the stack of the opening from the first frame outside this library on, innermost first; empty unless
 *                 {@link Tracking} asked for one
 * @param details  what its kind has to say beyond that, in a fixed order: a timer's next run, a map's size
 */
public record HandleInfo(
    String path,
    String name,
    Kind kind,
    Priority priority,
    Instant openedAt,
    Duration age,
    String openedBy,
    List<StackTraceElement> origin,
    Map<String, String> details) {

  /**
   * Returns where it was opened.
   *
   * @return the innermost frame outside this library, if a stack was recorded
   */
  public Optional<StackTraceElement> openedAtFrame() {
    return origin.isEmpty() ? Optional.empty() : Optional.of(origin.get(0));
  }

  /**
   * Says who opened it, for a line of a log.
   *
   * @return for example {@code opened 4 min 12 s ago by 'ws-reader-3' at Feed.connect(Feed.java:88)}
   */
  public String opening() {
    StringBuilder text = new StringBuilder("opened ").append(Text.duration(age)).append(" ago");
    if (!openedBy.isEmpty()) {
      text.append(" by '").append(openedBy).append('\'');
    }
    openedAtFrame().ifPresent(frame -> text.append(" at ").append(Text.frame(frame)));
    return text.toString();
  }

  /** Returns one line: path, kind, what its kind has to say, and who opened it. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("'")
        .append(path)
        .append("' ")
        .append(kind)
        .append(", ")
        .append(priority);
    details.forEach((key, value) -> text.append(", ").append(key).append(' ').append(value));
    return text.append(", ").append(opening()).toString();
  }
}
