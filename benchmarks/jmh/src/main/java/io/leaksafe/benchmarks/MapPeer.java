package io.leaksafe.benchmarks;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.google.common.cache.CacheBuilder;
import io.leaksafe.cleanup.Scope;
import io.leaksafe.map.BoundedMap;
import io.leaksafe.map.Eviction;
import io.leaksafe.map.MapBuilder;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import net.jodah.expiringmap.ExpirationPolicy;
import net.jodah.expiringmap.ExpiringMap;
import org.cache2k.Cache2kBuilder;

/** The maps that are measured beside each other, all behind the interface that they share. */
public enum MapPeer {
  /** Ours, as a cache. */
  bounded {
    @Override
    Map<Long, Object> open(Scope root, int maximum, Expiry expiry) {
      return ours(root, maximum, expiry).evict(Eviction.COLDEST).build();
    }
  },
  /** Ours, as application state. */
  oldest {
    @Override
    Map<Long, Object> open(Scope root, int maximum, Expiry expiry) {
      return ours(root, maximum, expiry).evict(Eviction.OLDEST).build();
    }
  },
  /** Not bounded at all: what a lookup costs at least. */
  hash {
    @Override
    Map<Long, Object> open(Scope root, int maximum, Expiry expiry) {
      expiry.mustBeNone(this);
      return new ConcurrentHashMap<>();
    }
  },
  /** Caffeine, whose maintenance runs on the caller. */
  caffeineSame {
    @Override
    Map<Long, Object> open(Scope root, int maximum, Expiry expiry) {
      return caffeine(maximum, expiry, Runnable::run);
    }
  },
  /** Caffeine, whose maintenance runs on the common pool, as it does by default. */
  caffeinePool {
    @Override
    Map<Long, Object> open(Scope root, int maximum, Expiry expiry) {
      return caffeine(maximum, expiry, ForkJoinPool.commonPool());
    }
  },
  /** Guava's cache. */
  guava {
    @Override
    Map<Long, Object> open(Scope root, int maximum, Expiry expiry) {
      CacheBuilder<Object, Object> builder = CacheBuilder.newBuilder().maximumSize(maximum);
      switch (expiry) {
        case none -> {}
        case write -> builder.expireAfterWrite(Expiry.HOUR);
        case access -> builder.expireAfterAccess(Expiry.HOUR);
        case entry -> throw expiry.notThere(this);
      }
      return builder.<Long, Object>build().asMap();
    }
  },
  /** The cache2k cache. */
  cache2k {
    @Override
    Map<Long, Object> open(Scope root, int maximum, Expiry expiry) {
      Cache2kBuilder<Long, Object> builder =
          Cache2kBuilder.of(Long.class, Object.class).entryCapacity(maximum).eternal(true);
      switch (expiry) {
        case none -> {}
        case write -> builder.eternal(false).expireAfterWrite(1, TimeUnit.HOURS);
        case access -> builder.eternal(false).idleScanTime(1, TimeUnit.HOURS);
        case entry ->
          builder
              .eternal(false)
              .expiryPolicy((key, value, loadTime, current) -> loadTime + Expiry.HOUR.toMillis());
      }
      return builder.build().asMap();
    }
  },
  /** ExpiringMap, which is bounded by a lock around everything. */
  expiringMap {
    @Override
    Map<Long, Object> open(Scope root, int maximum, Expiry expiry) {
      ExpiringMap.Builder<Object, Object> builder = ExpiringMap.builder().maxSize(maximum);
      builder.expiration(expiry == Expiry.none ? 1_000 : 1, TimeUnit.HOURS);
      switch (expiry) {
        case none, write -> builder.expirationPolicy(ExpirationPolicy.CREATED);
        case access -> builder.expirationPolicy(ExpirationPolicy.ACCESSED);
        case entry -> builder.variableExpiration();
      }
      return builder.build();
    }
  },
  /** What is written by hand: a LinkedHashMap in order of access, behind one lock. */
  linkedHash {
    @Override
    Map<Long, Object> open(Scope root, int maximum, Expiry expiry) {
      expiry.mustBeNone(this);
      return Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Object> eldest) {
          return size() > maximum;
        }
      });
    }
  };

  /** How long entries may stay; an hour always, so that none goes while it is measured. */
  public enum Expiry {
    none,
    write,
    access,
    entry;

    static final Duration HOUR = Duration.ofHours(1);

    void mustBeNone(MapPeer peer) {
      if (this != none) {
        throw notThere(peer);
      }
    }

    IllegalArgumentException notThere(MapPeer peer) {
      return new IllegalArgumentException(
          "'" + peer + "' has no expiry '" + this + "'; leave it out with -p.");
    }
  }

  /** Opens one; what needs an owner belongs to the root. */
  abstract Map<Long, Object> open(Scope root, int maximum, Expiry expiry);

  private static MapBuilder<Long, Object> ours(Scope root, int maximum, Expiry expiry) {
    MapBuilder<Long, Object> builder =
        BoundedMap.<Long, Object>in(root, "map").maximumSize(maximum);
    return switch (expiry) {
      case none -> builder;
      case write -> builder.expireAfterWrite(Expiry.HOUR);
      case access -> builder.expireAfterAccess(Expiry.HOUR);
      case entry -> builder.expiry((key, value, event) -> Expiry.HOUR);
    };
  }

  private static Map<Long, Object> caffeine(int maximum, Expiry expiry, Executor executor) {
    Caffeine<Object, Object> builder =
        Caffeine.newBuilder().maximumSize(maximum).executor(executor);
    switch (expiry) {
      case none -> {}
      case write -> builder.expireAfterWrite(Expiry.HOUR);
      case access -> builder.expireAfterAccess(Expiry.HOUR);
      case entry ->
        builder.expireAfter(
            com.github.benmanes.caffeine.cache.Expiry.creating((key, value) -> Expiry.HOUR));
    }
    return builder.<Long, Object>build().asMap();
  }
}
