/**
 * AssertJ assertions on scopes, handles and reports; a thin adapter for that one framework.
 *
 * <p>Imports the library's {@code cleanup} and {@code handle}, and AssertJ.
 */
@NullMarked
package io.leaksafe.testkit.assertj;

import org.jspecify.annotations.NullMarked;
