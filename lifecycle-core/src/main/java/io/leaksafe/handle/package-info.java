/**
 * What is open: the handle on one resource, what is known about it, and the words for its kind and place in the order.
 *
 * <p>Imports {@code time} alone.
 */
@NullMarked
package io.leaksafe.handle;

import org.jspecify.annotations.NullMarked;
