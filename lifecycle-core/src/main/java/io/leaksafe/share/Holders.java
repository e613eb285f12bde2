package io.leaksafe.share;

import io.leaksafe.handle.HandleInfo;
import io.leaksafe.internal.check.Text;
import java.util.ArrayList;
import java.util.List;

/** The words for leases that were still out. */
final class Holders {

  private static final int MOST = 5;

  private Holders() {}

  static <T> String message(String path, List<Lease<T>> leases) {
    List<String> holders = new ArrayList<>();
    for (Lease<T> lease : leases.subList(0, Math.min(MOST, leases.size()))) {
      if (lease.handle != null) {
        HandleInfo info = lease.handle.info();
        holders.add("'" + info.path() + "', " + info.opening());
      }
    }
    int rest = leases.size() - holders.size();
    if (rest > 0) {
      holders.add(Text.count(rest) + (holders.isEmpty() ? " not yet handed over" : " more"));
    }
    return "'" + path + "' was closed while " + Text.count(leases.size(), "lease")
        + (leases.size() == 1 ? " was out: " : " were out: ") + String.join("; ", holders)
        + ". Close the holders first: give them scopes that are opened after it, or close their leases.";
  }
}
