/** What the proofs share, and the program that runs them. */
package io.leaksafe.stress;
