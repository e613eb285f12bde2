/**
 * Who closes what, in which order, and how long it may take: scopes, their root, and the report of a close.
 *
 * <p>Imports {@code handle}, {@code time}, {@code internal.tree} and {@code internal.timer}; knows none of the features built
 * on it.
 */
@NullMarked
package io.leaksafe.cleanup;

import org.jspecify.annotations.NullMarked;
