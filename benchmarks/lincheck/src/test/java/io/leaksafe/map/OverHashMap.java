package io.leaksafe.map;

import java.util.HashMap;

/** What each operation returns and leaves if nothing else happens meanwhile. */
public class OverHashMap extends Operations {

  public OverHashMap() {
    super(new HashMap<>());
  }
}
