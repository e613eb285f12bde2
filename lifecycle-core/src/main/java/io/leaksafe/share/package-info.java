/**
 * Resources that several scopes share: opened for the first of them, closed after the last.
 *
 * <p>Imports {@code cleanup}, {@code handle}, {@code time}, {@code internal.tree} and {@code internal.timer}.
 */
@NullMarked
package io.leaksafe.share;

import org.jspecify.annotations.NullMarked;
