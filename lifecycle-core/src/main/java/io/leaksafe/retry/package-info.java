/**
 * Attempts, backoff, giving up.
 *
 * <p>Imports {@code timeout}, {@code cleanup}, {@code handle}, {@code time}, {@code internal.future}, {@code internal.tree} and
 * {@code internal.timer}.
 */
@NullMarked
package io.leaksafe.retry;

import org.jspecify.annotations.NullMarked;
