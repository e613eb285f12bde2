/**
 * A result or a timeout, and nothing left behind.
 *
 * <p>Imports {@code cleanup}, {@code handle}, {@code time}, {@code internal.future}, {@code internal.tree} and {@code
 * internal.timer}.
 */
@NullMarked
package io.leaksafe.timeout;

import org.jspecify.annotations.NullMarked;
