/**
 * The engine of virtual time: a {@link io.leaksafe.time.TimeSource} whose clock a test moves and whose threads run one at a
 * time. Exported to the testkit alone; core's own tests use it directly.
 *
 * <p>Imports {@code time}, {@code internal.timer} and {@code internal.check}.
 */
@NullMarked
package io.leaksafe.internal.virtual;

import org.jspecify.annotations.NullMarked;
