/**
 * What is alive in this JVM and who owns it: fed by the agent where there is one, by looking where there is none.
 *
 * <p>Imports {@code testkit.leak}'s values and core.
 */
@NullMarked
package io.leaksafe.testkit.internal.ledger;

import org.jspecify.annotations.NullMarked;
