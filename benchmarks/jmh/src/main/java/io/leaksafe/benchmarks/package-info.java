/** Speed and memory of what the library does often, beside peers that do a part of it. */
package io.leaksafe.benchmarks;
