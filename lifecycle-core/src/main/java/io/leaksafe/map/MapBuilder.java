package io.leaksafe.map;

import io.leaksafe.cleanup.Scope;
import io.leaksafe.handle.ClosedScopeException;
import io.leaksafe.handle.Closer;
import io.leaksafe.internal.check.Check;
import io.leaksafe.internal.check.Text;
import io.leaksafe.internal.tree.Decorator;
import io.leaksafe.internal.tree.OwnerNode;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a map; each may be set once, and what cannot be is an error where it is set. Not thread-safe.
 *
 * @param <K> the type of the keys
 * @param <V> the type of the values
 */
public final class MapBuilder<K, V> {

  /** So many entries are many, where their number has no bound. */
  private static final int MANY = 100_000;

  private final OwnerNode owner;
  private final String name;
  private @Nullable Long maximumSize;
  private @Nullable Long maximumWeight;
  private @Nullable Weigher<? super K, ? super V> weigher;
  private @Nullable Eviction eviction;
  private @Nullable Double evictFraction;
  private @Nullable Duration write;
  private @Nullable Duration access;
  private @Nullable ExpiryRule<? super K, ? super V> rule;
  private @Nullable Boolean strict;
  private @Nullable RemovalListener<? super K, ? super V> listener;
  private @Nullable Boolean recordStats;
  private @Nullable Boolean pinned;

  MapBuilder(Scope owner, String name) {
    this.owner = OwnerNode.of(owner);
    this.name = name;
  }

  /**
   * Bounds the map by the number of its entries.
   *
   * @param entries one or more
   * @return this builder
   * @throws IllegalArgumentException if it is less than one
   * @throws IllegalStateException    if it is set twice, or a maximum weight is set
   */
  public MapBuilder<K, V> maximumSize(long entries) {
    once(maximumSize, "maximumSize");
    maximumSize = maximum(entries, "maximumSize");
    refuseBothBounds();
    return this;
  }

  /**
   * Bounds the map by the sum of its entries' weights; needs a {@link #weigher}. An entry that weighs more than that is evicted as
   * soon as it is put.
   *
   * @param weight one or more
   * @return this builder
   * @throws IllegalArgumentException if it is less than one
   * @throws IllegalStateException    if it is set twice, or a maximum size is set
   */
  public MapBuilder<K, V> maximumWeight(long weight) {
    once(maximumWeight, "maximumWeight");
    maximumWeight = maximum(weight, "maximumWeight");
    refuseBothBounds();
    return this;
  }

  /**
   * Weighs the entries of a map with a {@link #maximumWeight}.
   *
   * @param each weighs an entry whenever it is put
   * @return this builder
   * @throws IllegalStateException if it is set twice
   */
  public MapBuilder<K, V> weigher(Weigher<? super K, ? super V> each) {
    once(weigher, "weigher");
    weigher = Check.notNull(each, "weigher");
    return this;
  }

  private static long maximum(long given, String what) {
    if (given < 1) {
      throw new IllegalArgumentException(
          what + " must be 1 or more, was " + Text.count(given) + ".");
    }
    return given;
  }

  private void refuseBothBounds() {
    if (maximumSize != null && maximumWeight != null) {
      throw new IllegalStateException(
          "Map '" + name + "' has both a maximumSize, " + Text.count(maximumSize)
              + ", and a maximumWeight, " + Text.count(maximumWeight) + ". Set one of them.");
    }
  }

  /**
   * Says what goes first when the map is full. Without a call it is {@link Eviction#OLDEST}.
   *
   * @param order what goes first
   * @return this builder
   * @throws IllegalStateException if it is set twice
   */
  public MapBuilder<K, V> evict(Eviction order) {
    once(eviction, "evict");
    eviction = Check.notNull(order, "evict");
    return this;
  }

  /**
   * Makes more room at once when the map is full, so that it then takes many puts until it is full again. Under {@link
   * Eviction#OLDEST} exactly this part of the maximum goes, the oldest entries; under {@link Eviction#COLDEST} this part of what
   * one of the map's shards holds.
   *
   * @param fraction of the maximum: more than 0, at most 1
   * @return this builder
   * @throws IllegalArgumentException if it is not in that range
   * @throws IllegalStateException    if it is set twice
   */
  public MapBuilder<K, V> evictFraction(double fraction) {
    once(evictFraction, "evictFraction");
    if (!(fraction > 0 && fraction <= 1)) {
      throw new IllegalArgumentException("evictFraction must be more than 0 and at most 1, was "
          + fraction + ". It is the part of the maximum that goes at once.");
    }
    evictFraction = fraction;
    return this;
  }

  /**
   * Lets an entry expire when its value has been there for the given time.
   *
   * @param time longer than zero, since the last put
   * @return this builder
   * @throws IllegalArgumentException if it is zero or negative
   * @throws IllegalStateException    if it is set twice
   */
  public MapBuilder<K, V> expireAfterWrite(Duration time) {
    once(write, "expireAfterWrite");
    Check.positiveNanos(time, "expireAfterWrite");
    write = time;
    return this;
  }

  /**
   * Lets an entry expire when it has been neither put nor read for the given time. A read counts for up to 1/64 of the time
   * more, or for a millisecond if that is longer: an entry may live that much longer than asked for, and no shorter.
   *
   * @param time longer than zero, since the last put or read
   * @return this builder
   * @throws IllegalArgumentException if it is zero or negative
   * @throws IllegalStateException    if it is set twice
   */
  public MapBuilder<K, V> expireAfterAccess(Duration time) {
    once(access, "expireAfterAccess");
    Check.positiveNanos(time, "expireAfterAccess");
    access = time;
    return this;
  }

  /**
   * Has a rule say for each entry how long it may stay. Of all limits that are set, the earliest wins.
   *
   * @param each asked whenever a value is put
   * @return this builder
   * @throws IllegalStateException if it is set twice
   */
  public MapBuilder<K, V> expiry(ExpiryRule<? super K, ? super V> each) {
    once(rule, "expiry");
    rule = Check.notNull(each, "expiry");
    return this;
  }

  /**
   * Has every read look at the clock: no value is ever returned after its time, even if the timer is late, and an access counts
   * to the nanosecond. A read then costs about three times as much.
   *
   * @return this builder
   * @throws IllegalStateException if it is set twice
   */
  public MapBuilder<K, V> strict() {
    once(strict, "strict");
    strict = true;
    return this;
  }

  /**
   * Has somebody told of every entry that leaves.
   *
   * <p>Nobody waits for it, so nothing bounds what it has not been told of. If it hangs, or is slower than all who remove, what
   * left keeps its key and value until its turn comes. The map's details say how many there are, as {@code untold removals}; and
   * there is a warning, which names what the listener is busy with, at 1,000 of one key, or more than the map has room for, and at
   * each doubling.
   *
   * @param told called once for each
   * @return this builder
   * @throws IllegalStateException if it is set twice
   */
  public MapBuilder<K, V> onRemoval(RemovalListener<? super K, ? super V> told) {
    once(listener, "onRemoval");
    listener = Check.notNull(told, "onRemoval");
    return this;
  }

  /**
   * Has the map count what {@link BoundedMap#stats} returns. Without this call it counts nothing.
   *
   * @return this builder
   * @throws IllegalStateException if it is set twice
   */
  public MapBuilder<K, V> recordStats() {
    once(recordStats, "recordStats");
    recordStats = true;
    return this;
  }

  /**
   * Keeps what is leased from being evicted; for {@link #buildLeased}. A newcomer that finds everything leased is refused.
   *
   * @return this builder
   * @throws IllegalStateException if it is set twice
   */
  public MapBuilder<K, V> pinned() {
    once(pinned, "pinned");
    pinned = true;
    return this;
  }

  /**
   * Builds the map.
   *
   * @return a map that is open for as long as its owner
   * @throws IllegalStateException if no bound is set, or settings contradict each other
   * @throws ClosedScopeException  if the owner's close has begun
   */
  public BoundedMap<K, V> build() {
    if (pinned != null) {
      throw new IllegalStateException("pinned() of map '" + name
          + "' has no effect without leases. Use buildLeased(closer), or leave it out.");
    }
    refuseContradictions();
    return OwnedMap.open(this);
  }

  /**
   * Builds a map whose values are resources, handed out as leases.
   *
   * @param closer closes a value after it has left the map and its last lease has ended
   * @return a map that is open for as long as its owner
   * @throws IllegalStateException if no bound is set, or settings contradict each other
   * @throws ClosedScopeException  if the owner's close has begun
   */
  public LeasedMap<K, V> buildLeased(Closer<? super V> closer) {
    Check.notNull(closer, "closer");
    refuseContradictions();
    return LeasingMap.open(this, closer);
  }

  private void refuseContradictions() {
    if (maximumSize == null && maximumWeight == null) {
      throw new IllegalStateException(
          "Map '" + name
              + "' has no bound, so it could grow until the memory is used up. Set maximumSize or maximumWeight.");
    }
    if (maximumWeight != null && weigher == null) {
      throw new IllegalStateException(
          "Map '" + name + "' has a maximumWeight of " + Text.count(maximumWeight)
              + " and nothing that weighs. Set a weigher, or maximumSize to count entries.");
    }
    if (weigher != null && maximumWeight == null) {
      throw new IllegalStateException(
          "Map '" + name
              + "' has a weigher and no bound for it. Set maximumWeight instead of maximumSize, or leave the weigher out.");
    }
    if (strict != null && write == null && access == null && rule == null) {
      throw new IllegalStateException(
          "strict() of map '" + name
              + "' has no effect without expiry. Set expireAfterWrite, expireAfterAccess or expiry, or leave it out.");
    }
  }

  private void once(@Nullable Object value, String what) {
    if (value != null) {
      String first = value instanceof Duration time
          ? ", first to " + Text.duration(time)
          : value instanceof Number || value instanceof Enum ? ", first to " + value : "";
      throw new IllegalStateException(
          what + " of map '" + name + "' is set twice" + first + ". Set it once.");
    }
  }

  // ---- for those who build

  OwnerNode owner() {
    return owner;
  }

  String name() {
    return name;
  }

  @Nullable
  Weigher<? super K, ? super V> weigher() {
    return weigher;
  }

  /** Makes the entries of a map: which listener hears of them is the map's to say. */
  @SuppressWarnings("unchecked") // whoever puts and reads is typed
  Store store(
      OwnerNode node,
      Supplier<String> path,
      @Nullable RemovalListener<Object, Object> told,
      Bound.@Nullable Pins pins) {
    Expiry.Settings times = new Expiry.Settings(
        nanos(write), nanos(access), (ExpiryRule<Object, Object>) rule, strict != null);
    Store.Settings settings = new Store.Settings(
        maximumSize != null ? maximumSize : maximumWeight == null ? 0 : maximumWeight,
        weigher != null,
        eviction == null ? Eviction.OLDEST : eviction,
        evictFraction == null ? 0 : evictFraction,
        pins);
    return new Store(
        path,
        node.root().time,
        settings,
        times.any() ? new Expiry(node.root().time, node.root().engine, times) : null,
        told == null
            ? null
            : new Removals(
                told,
                path,
                task -> node.root().engine.execute(Decorator.runnable(node, name, task)),
                weigher == null ? settings.maximum() : Math.min(MANY, settings.maximum())),
        recordStats == null ? null : new Counters());
  }

  @SuppressWarnings("unchecked") // called with keys and values of the map
  @Nullable
  RemovalListener<Object, Object> listener() {
    return (RemovalListener<Object, Object>) listener;
  }

  boolean isPinned() {
    return pinned != null;
  }

  private static long nanos(@Nullable Duration time) {
    return time == null ? 0 : Check.saturatedNanos(time);
  }
}
