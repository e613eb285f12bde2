/**
 * A call orchestrator: it takes webhooks in, knows the state of every call and whether a line is free, keeps a journal,
 * and closes to zero live handles.
 *
 * <p>One class per role. {@link io.leaksafe.examples.calls.CallService} opens everything under one owner; nobody else opens
 * or closes anything. {@link io.leaksafe.examples.calls.Calls} is the command line: it serves, or drills the service.
 */
@NullMarked
package io.leaksafe.examples.calls;

import org.jspecify.annotations.NullMarked;
