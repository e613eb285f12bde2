package io.leaksafe.map;

/** An entry that expires. 40 bytes. */
class TimedCell extends Cell {

  /** When its time is over, by the map's clock. Readers move it on without the lock; plain longs do not tear on 64 bits. */
  volatile long deadline;

  TimedCell(int hash, Object key, Object value, long deadline) {
    super(hash, key, value);
    this.deadline = deadline;
  }

  @Override
  Cell again(Object value) {
    return new TimedCell(hash, key, value, deadline);
  }
}
