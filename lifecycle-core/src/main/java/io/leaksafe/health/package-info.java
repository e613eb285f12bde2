/**
 * How a service is: memory, threads, handles and files, their trend, and a level that flips at thresholds.
 *
 * <p>Imports {@code schedule}, {@code cleanup}, {@code handle}, {@code time} and {@code internal.tree}.
 */
@NullMarked
package io.leaksafe.health;

import org.jspecify.annotations.NullMarked;
