package io.leaksafe.map;

/** An entry that has a weight, or two reasons to expire. */
final class FullCell extends TimedCell {

  /** When its time is over however often it is read. */
  volatile long limit;

  private final int weight;

  FullCell(int hash, Object key, Object value, long deadline, long limit, int weight) {
    super(hash, key, value, deadline);
    this.limit = limit;
    this.weight = weight;
  }

  @Override
  Cell again(Object value) {
    return new FullCell(hash, key, value, deadline, limit, weight);
  }

  @Override
  int weight() {
    return weight;
  }
}
