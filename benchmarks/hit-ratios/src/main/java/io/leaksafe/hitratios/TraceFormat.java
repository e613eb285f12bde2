package io.leaksafe.hitratios;

import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/** How the files of a trace are written; the beginning of a file's name tells which. */
enum TraceFormat {
  /** Text: first block, number of blocks, and more that does not matter; each block in turn is an access. */
  ARC {
    @Override
    void read(InputStream in, Trace.Builder into) throws IOException {
      BufferedReader lines = lines(in);
      int number = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        if (!line.isBlank()) {
          String[] fields = line.strip().split("\\s+", 3);
          if (fields.length < 2) {
            throw new Malformed(number, line, "the first block and the number of blocks");
          }
          long first = number(fields[0], number, line);
          long count = number(fields[1], number, line);
          if (count < 0 || count > MOST_BLOCKS) {
            throw new Malformed(number, line, "0 to " + MOST_BLOCKS + " blocks");
          }
          for (long block = first; block < first + count; block++) {
            into.add(block);
          }
        }
      }
    }
  },

  /** Big-endian integers of 4 bytes. */
  CACHE2K {
    @Override
    void read(InputStream in, Trace.Builder into) throws IOException {
      readBinary(in, Integer.BYTES, into);
    }
  },

  /** Big-endian integers of 8 bytes. */
  CORDA {
    @Override
    void read(InputStream in, Trace.Builder into) throws IOException {
      readBinary(in, Long.BYTES, into);
    }
  },

  /** Text: a number a line; lines that begin with a star are marks, not accesses. */
  LIRS {
    @Override
    void read(InputStream in, Trace.Builder into) throws IOException {
      BufferedReader lines = lines(in);
      int number = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        String text = line.strip();
        if (!text.isEmpty() && text.charAt(0) != '*') {
          into.add(number(text, number, line));
        }
      }
    }
  };

  private static final long MOST_BLOCKS = 1_000_000;

  /** Adds every access of an uncompressed file. */
  abstract void read(InputStream in, Trace.Builder into) throws IOException;

  private static BufferedReader lines(InputStream in) {
    return new BufferedReader(new InputStreamReader(in, StandardCharsets.ISO_8859_1));
  }

  private static long number(String text, int lineNumber, String line) throws Malformed {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      Malformed malformed = new Malformed(lineNumber, line, "a number");
      malformed.initCause(e);
      throw malformed;
    }
  }

  private static void readBinary(InputStream in, int bytes, Trace.Builder into) throws IOException {
    DataInputStream data = new DataInputStream(in);
    byte[] number = new byte[bytes];
    for (int first = data.read(); first >= 0; first = data.read()) {
      number[0] = (byte) first;
      try {
        data.readFully(number, 1, bytes - 1);
      } catch (EOFException e) {
        Malformed malformed =
            new Malformed("ends within an access; each takes " + bytes + " bytes");
        malformed.initCause(e);
        throw malformed;
      }
      into.add(bigEndian(number));
    }
  }

  private static long bigEndian(byte[] number) {
    long value = number[0];
    for (int i = 1; i < number.length; i++) {
      value = value << 8 | (number[i] & 0xff);
    }
    return value;
  }

  /** What a file says is not what its format says. */
  static final class Malformed extends IOException {

    private static final long serialVersionUID = 1L;

    Malformed(String message) {
      super(message);
    }

    Malformed(int lineNumber, String line, String expected) {
      super(String.format("line %,d must begin with %s, was '%s'", lineNumber, expected, line));
    }
  }
}
