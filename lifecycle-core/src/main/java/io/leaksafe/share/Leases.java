package io.leaksafe.share;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The leases of a share, linked to each other. Guarded by the share's lock. */
final class Leases<T> {

  private @Nullable Lease<T> newest;
  private int count;

  int count() {
    return count;
  }

  void add(Lease<T> lease) {
    lease.linked = true;
    lease.older = newest;
    if (newest != null) {
      newest.newer = lease;
    }
    newest = lease;
    count++;
  }

  /** Takes one out; false if it is not in, or not any more. */
  boolean remove(Lease<T> lease) {
    if (!lease.linked) {
      return false;
    }
    Lease<T> older = lease.older;
    Lease<T> newer = lease.newer;
    if (older != null) {
      older.newer = newer;
    }
    if (newer == null) {
      newest = older;
    } else {
      newer.older = older;
    }
    lease.linked = false;
    lease.older = null;
    lease.newer = null;
    count--;
    return true;
  }

  /** Takes all out; returns them, oldest first. */
  List<Lease<T>> clear() {
    List<Lease<T>> all = new ArrayList<>(count);
    for (Lease<T> each = newest; each != null; each = newest) {
      remove(each);
      all.add(0, each);
    }
    return all;
  }
}
