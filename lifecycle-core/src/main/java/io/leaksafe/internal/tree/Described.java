package io.leaksafe.internal.tree;

import java.util.Map;

/** A resource of ours that says about itself what listings show: without an object for that in each of its handles. */
public interface Described {

  /** What listings say. Must not block. */
  Map<String, String> details();
}
