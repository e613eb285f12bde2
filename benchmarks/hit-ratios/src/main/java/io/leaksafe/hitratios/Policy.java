package io.leaksafe.hitratios;

/** Decides what stays when a cache is full. */
interface Policy {

  /**
   * Replays a trace through an empty cache: what is not there when it is accessed is put.
   *
   * @param size how many entries the cache may hold, at least 1
   * @return how many accesses found their key
   */
  long hits(Trace trace, int size);
}
