package io.leaksafe.testkit.internal.heap;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The bytes of a heap dump, read where they lie: the file is mapped, so that its pages are the platform's, not the heap's. */
final class DumpBytes {
  /*
   * A mapping ends at 2 GB, so there is one for each GB, with a few bytes more: what begins in one piece can be read from it.
   */
  private static final int PIECE_BITS = 30;
  private static final long PIECE = 1L << PIECE_BITS;
  private static final int OVERLAP = 8;
  private static final int HEADER_MOST = 64;

  private final ByteBuffer[] pieces;
  private final int idSize;
  final long size;
  /** Where the first record begins. */
  final long first;

  DumpBytes(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      size = channel.size();
      pieces = new ByteBuffer[(int) ((size + PIECE - 1) >> PIECE_BITS)];
      for (int i = 0; i < pieces.length; i++) {
        long from = i * PIECE;
        pieces[i] = channel.map(MapMode.READ_ONLY, from, Math.min(PIECE + OVERLAP, size - from));
      }
    }
    long at = 0;
    while (at < Math.min(size, HEADER_MOST) && u1(at) != 0) {
      at++;
    }
    if (size < at + 13 || !text(0, (int) at).startsWith("JAVA PROFILE")) {
      throw new IOException(file + " is not a heap dump: it does not begin with 'JAVA PROFILE'.");
    }
    idSize = (int) u4(at + 1);
    first = at + 13;
  }

  int u1(long at) {
    return piece(at).get(offset(at)) & 0xFF;
  }

  int u2(long at) {
    return piece(at).getShort(offset(at)) & 0xFFFF;
  }

  long u4(long at) {
    return piece(at).getInt(offset(at)) & 0xFFFF_FFFFL;
  }

  long s8(long at) {
    return piece(at).getLong(offset(at));
  }

  /** An identifier: of an object, a class, a string. */
  long id(long at) {
    return idSize == 4 ? u4(at) : s8(at);
  }

  int idSize() {
    return idSize;
  }

  String text(long at, int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) u1(at + i);
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** How many bytes a value of a basic type takes. */
  int sizeOf(int type) {
    return switch (type) {
      case 2 -> idSize;
      case 4, 8 -> 1;
      case 5, 9 -> 2;
      case 6, 10 -> 4;
      case 7, 11 -> 8;
      default ->
        throw new IllegalStateException(
            "A heap dump has a value of the unknown type " + type + ".");
    };
  }

  private ByteBuffer piece(long at) {
    return pieces[(int) (at >> PIECE_BITS)];
  }

  private static int offset(long at) {
    return (int) (at & PIECE - 1);
  }
}
