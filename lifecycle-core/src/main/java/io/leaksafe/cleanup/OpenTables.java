package io.leaksafe.cleanup;

import io.leaksafe.handle.HandleInfo;
import java.util.List;
import java.util.Map;
import javax.management.openmbean.CompositeDataSupport;
import javax.management.openmbean.CompositeType;
import javax.management.openmbean.OpenDataException;
import javax.management.openmbean.OpenType;
import javax.management.openmbean.SimpleType;
import javax.management.openmbean.TabularData;
import javax.management.openmbean.TabularDataSupport;
import javax.management.openmbean.TabularType;

/** Handles and maps as tables that every JMX console can show. */
final class OpenTables {

  private static final String[] COLUMNS = {
    "number", "path", "kind", "priority", "ageSeconds", "opened", "details"
  };

  private static final CompositeType HANDLE = row(
      "Handle",
      "One live handle",
      COLUMNS,
      SimpleType.INTEGER,
      SimpleType.STRING,
      SimpleType.STRING,
      SimpleType.STRING,
      SimpleType.LONG,
      SimpleType.STRING,
      SimpleType.STRING);

  private static final String[] KEY_AND_VALUE = {"key", "value"};

  private static final CompositeType PAIR =
      row("Pair", "A name and what it is", KEY_AND_VALUE, SimpleType.STRING, SimpleType.STRING);

  /** Handles by their number in the closing order. */
  static final TabularType HANDLES = table("Handles", "Handles in closing order", HANDLE, "number");

  /** Names and what they are. */
  static final TabularType PAIRS = table("Pairs", "Names and what they are", PAIR, "key");

  private OpenTables() {}

  private static CompositeType row(
      String name, String description, String[] columns, OpenType<?>... types) {
    try {
      return new CompositeType(name, description, columns, columns, types);
    } catch (OpenDataException wrong) {
      throw new ExceptionInInitializerError(wrong);
    }
  }

  private static TabularType table(
      String name, String description, CompositeType row, String index) {
    try {
      return new TabularType(name, description, row, new String[] {index});
    } catch (OpenDataException wrong) {
      throw new ExceptionInInitializerError(wrong);
    }
  }

  static TabularData handles(List<HandleInfo> handles) {
    TabularDataSupport table = new TabularDataSupport(HANDLES);
    int number = 0;
    for (HandleInfo handle : handles) {
      put(table, HANDLE, COLUMNS, new Object[] {
        ++number,
        handle.path(),
        handle.kind().name(),
        handle.priority().name(),
        handle.age().toSeconds(),
        handle.opening(),
        handle.details().toString()
      });
    }
    return table;
  }

  static TabularData pairs(Map<String, ?> map) {
    TabularDataSupport table = new TabularDataSupport(PAIRS);
    map.forEach(
        (key, value) -> put(table, PAIR, KEY_AND_VALUE, new Object[] {key, String.valueOf(value)}));
    return table;
  }

  private static void put(
      TabularDataSupport table, CompositeType type, String[] columns, Object[] values) {
    try {
      table.put(new CompositeDataSupport(type, columns, values));
    } catch (OpenDataException wrong) {
      throw new IllegalStateException(wrong);
    }
  }
}
