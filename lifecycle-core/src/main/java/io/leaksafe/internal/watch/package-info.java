/**
 * How a leak checker learns of every root scope of the JVM. Exported to the testkit alone; without one it costs a read of a
 * field for each root.
 *
 * <p>Imports nothing but the JDK.
 */
@NullMarked
package io.leaksafe.internal.watch;

import org.jspecify.annotations.NullMarked;
