/**
 * A root's timers: the one thread that fires them, and the few that run what takes long.
 *
 * <p>Imports {@code time}, {@code internal.wheel} and {@code internal.check}.
 */
@NullMarked
package io.leaksafe.internal.timer;

import org.jspecify.annotations.NullMarked;
