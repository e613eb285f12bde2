/**
 * The leak check in JUnit Jupiter: every test, class and run of the engine owns what is made on its behalf, and fails if that
 * outlives it. It is switched on by being on the class path.
 *
 * <p>Imports {@code testkit}, {@code testkit.leak}, {@code internal.ledger}, core and JUnit.
 */
@NullMarked
package io.leaksafe.testkit.junit;

import org.jspecify.annotations.NullMarked;
