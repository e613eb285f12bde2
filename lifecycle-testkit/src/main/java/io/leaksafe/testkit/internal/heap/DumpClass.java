package io.leaksafe.testkit.internal.heap;

import org.jspecify.annotations.Nullable;

/** A class as a heap dump describes it. */
final class DumpClass {

  final long id;
  final String name;
  final long superId;
  final long loaderId;
  /** Names of the fields it declares itself, in the order of their values in an instance. */
  final String[] fields;
  /** Their types. */
  final byte[] types;
  /** Names of its static fields that are references. */
  final String[] statics;
  /** Where in the dump these have their values. */
  final long[] staticsAt;

  /** The references in an instance: where, and what they are called; made when they are first asked for. */
  private int @Nullable [] offsets;

  private String @Nullable [] labels;

  DumpClass(
      long id,
      String name,
      long superId,
      long loaderId,
      String[] fields,
      byte[] types,
      String[] statics,
      long[] staticsAt) {
    this.id = id;
    this.name = name;
    this.superId = superId;
    this.loaderId = loaderId;
    this.fields = fields;
    this.types = types;
    this.statics = statics;
    this.staticsAt = staticsAt;
  }

  boolean isArray() {
    return name.endsWith("]");
  }

  void layout(int[] at, String[] called) {
    offsets = at;
    labels = called;
  }

  int @Nullable [] offsets() {
    return offsets;
  }

  String[] labels() {
    return labels == null ? new String[0] : labels;
  }
}
