/**
 * Timing wheels: what is due next among very many, at the same cost however many there are.
 *
 * <p>Owns no thread and reads no clock: the time comes in. Imports nothing but the JDK.
 */
@NullMarked
package io.leaksafe.internal.wheel;

import org.jspecify.annotations.NullMarked;
