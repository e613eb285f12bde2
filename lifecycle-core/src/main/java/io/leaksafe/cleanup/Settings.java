package io.leaksafe.cleanup;

import io.leaksafe.handle.Tracking;
import io.leaksafe.time.TimeSource;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What {@link CleanupManager.Builder} has gathered. */
record Settings(
    Duration timeout,
    @Nullable Duration drainDelay,
    @Nullable Duration haltAfter,
    Tracking tracking,
    int sampleEvery,
    @Nullable Duration warnAfter,
    int warnAbove,
    @Nullable Executor executor,
    @Nullable UnaryOperator<Runnable> taskDecorator,
    @Nullable CleanupListener listener,
    TimeSource timeSource) {}
