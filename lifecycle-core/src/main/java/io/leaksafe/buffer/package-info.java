/**
 * Buffers that cannot grow: a history that forgets, and a queue that says no.
 *
 * <p>Imports nothing of this library but its checks.
 */
@NullMarked
package io.leaksafe.buffer;

import org.jspecify.annotations.NullMarked;
