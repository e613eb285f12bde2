/**
 * What is measured in more than one place: amounts of memory in words, slopes, and what this process has open.
 *
 * <p>Imports nothing but the JDK.
 */
@NullMarked
package io.leaksafe.internal.measure;

import org.jspecify.annotations.NullMarked;
