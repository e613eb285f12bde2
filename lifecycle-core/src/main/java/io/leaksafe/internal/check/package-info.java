/**
 * Checks of arguments and the words of messages; pure functions.
 *
 * <p>Imports nothing but the JDK.
 */
@NullMarked
package io.leaksafe.internal.check;

import org.jspecify.annotations.NullMarked;
