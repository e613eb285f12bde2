/**
 * User timers that have an owner.
 *
 * <p>Imports {@code cleanup}, {@code handle}, {@code time}, {@code internal.tree} and {@code internal.timer}.
 */
@NullMarked
package io.leaksafe.schedule;

import org.jspecify.annotations.NullMarked;
