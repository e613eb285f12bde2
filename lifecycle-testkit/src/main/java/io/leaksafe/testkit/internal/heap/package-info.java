/**
 * Looks into the heap of this JVM: counts its objects by class, proves that garbage was collected, and reads heap dumps.
 *
 * <p>Imports {@code internal.check} and {@code internal.measure} of the library, and the JDK.
 */
@NullMarked
package io.leaksafe.testkit.internal.heap;

import org.jspecify.annotations.NullMarked;
