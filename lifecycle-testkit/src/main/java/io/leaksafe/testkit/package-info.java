/**
 * What a test needs that has no framework: time that passes when the test says so.
 *
 * <p>Imports core and {@code internal.virtual}, and no test framework.
 */
@NullMarked
package io.leaksafe.testkit;

import org.jspecify.annotations.NullMarked;
