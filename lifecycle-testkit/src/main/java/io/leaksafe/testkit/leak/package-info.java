/**
 * What a piece of code leaves behind in this JVM: threads, executors, timers, files, sockets and the rest, each with where it
 * was made. Needs no test framework.
 *
 * <p>Imports {@code internal.ledger} and core.
 */
@NullMarked
package io.leaksafe.testkit.leak;

import org.jspecify.annotations.NullMarked;
