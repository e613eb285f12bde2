package io.leaksafe.testkit.internal.heap;

import java.nio.charset.StandardCharsets;

/** The text of strings in a dump. */
final class Strings {

  private static final int MOST = 200;

  private Strings() {}

  /** Reads a string by its identifier. */
  static String read(Dump dump, long id) {
    int string = dump.find(id);
    int value = string < 0 ? -1 : dump.find(dump.reference(string, "value"));
    if (value < 0 || dump.tag(value) != Dump.PRIMITIVES) {
      return "?";
    }
    int idSize = dump.bytes.idSize();
    long body = dump.place(value) + 1;
    int length = (int) Math.min(MOST, dump.bytes.u4(body + idSize + 4));
    byte[] bytes = new byte[length];
    int zeros = 0;
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) dump.bytes.u1(body + idSize + 9 + i);
      zeros += bytes[i] == 0 ? 1 : 0;
    }
    // Compact strings are Latin-1; those that are not have zeros in what is mostly English.
    return zeros == 0
        ? new String(bytes, StandardCharsets.ISO_8859_1)
        : new String(
            bytes,
            java.nio.ByteOrder.nativeOrder() == java.nio.ByteOrder.LITTLE_ENDIAN
                ? StandardCharsets.UTF_16LE
                : StandardCharsets.UTF_16BE);
  }
}
