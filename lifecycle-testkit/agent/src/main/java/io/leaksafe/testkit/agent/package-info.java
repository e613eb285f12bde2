/**
 * The agent of the leak check: puts a call into the places of the JDK where things are made, run and closed. It judges nothing;
 * who is told is the testkit's ledger, by names of events and types of the JDK alone, so the two know no class of each other.
 *
 * <p>Imports nothing but the JDK and ASM.
 */
@NullMarked
package io.leaksafe.testkit.agent;

import org.jspecify.annotations.NullMarked;
