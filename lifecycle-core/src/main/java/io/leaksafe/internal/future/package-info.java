/**
 * Results that take back what they wait for once nobody waits for them any more.
 *
 * <p>Imports nothing but the JDK and the logger.
 */
@NullMarked
package io.leaksafe.internal.future;

import org.jspecify.annotations.NullMarked;
