/**
 * Maps that are bounded, by size or weight and by time, and that have an owner.
 *
 * <p>Imports {@code cleanup}, {@code handle}, {@code time}, {@code internal.tree} and {@code internal.timer}.
 */
@NullMarked
package io.leaksafe.map;

import org.jspecify.annotations.NullMarked;
