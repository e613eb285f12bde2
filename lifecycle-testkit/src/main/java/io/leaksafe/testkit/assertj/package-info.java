/**
 * AssertJ assertions on scopes, handles, reports and what else the library makes; a thin adapter for that one framework.
 *
 * <p>Imports the library, {@code testkit} and AssertJ.
 */
@NullMarked
package io.leaksafe.testkit.assertj;

import org.jspecify.annotations.NullMarked;
