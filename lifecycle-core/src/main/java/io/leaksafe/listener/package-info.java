/**
 * Listeners of one's own emitters: each has an owner, and none is called once it has been removed.
 *
 * <p>Imports {@code cleanup}, {@code handle} and {@code internal.tree}.
 */
@NullMarked
package io.leaksafe.listener;

import org.jspecify.annotations.NullMarked;
