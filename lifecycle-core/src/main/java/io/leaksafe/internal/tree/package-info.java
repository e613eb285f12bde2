/**
 * Owned nodes, the lists they stand in, and where they came from: how every feature attaches to a scope.
 *
 * <p>Imports {@code handle}, {@code time} and {@code internal.timer}. A node knows its owner as an {@link
 * io.leaksafe.internal.tree.OwnerNode} and nothing of how scopes close.
 */
@NullMarked
package io.leaksafe.internal.tree;

import org.jspecify.annotations.NullMarked;
