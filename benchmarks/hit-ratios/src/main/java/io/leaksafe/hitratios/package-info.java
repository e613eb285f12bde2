/** Replays access traces against the bounded map and its peers, and compares how many accesses hit. */
@NullMarked
package io.leaksafe.hitratios;

import org.jspecify.annotations.NullMarked;
