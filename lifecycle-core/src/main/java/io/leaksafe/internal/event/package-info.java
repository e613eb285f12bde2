/**
 * Events of the JDK's flight recorder, fired where things happen; nothing where the JVM has none.
 *
 * <p>Imports nothing but the JDK.
 */
@NullMarked
package io.leaksafe.internal.event;

import org.jspecify.annotations.NullMarked;
