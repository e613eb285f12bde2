/**
 * Where "now" comes from, how a thread waits and how it starts: the one seam through which this library touches time.
 *
 * <p>Imports nothing but the JDK.
 */
@NullMarked
package io.leaksafe.time;

import org.jspecify.annotations.NullMarked;
