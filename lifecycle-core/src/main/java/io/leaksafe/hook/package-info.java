/**
 * Process-wide slots, such as the handler of uncaught exceptions: taken over once, restored exactly.
 *
 * <p>Imports {@code cleanup}, {@code handle} and {@code internal.tree}.
 */
@NullMarked
package io.leaksafe.hook;

import org.jspecify.annotations.NullMarked;
