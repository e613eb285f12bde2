/**
 * A root's timers: the one thread that fires them, and the few that run what takes long.
 *
 * <p>Imports {@code time} alone.
 */
@NullMarked
package io.leaksafe.internal.timer;

import org.jspecify.annotations.NullMarked;
