package io.leaksafe.testkit.internal.heap;

import io.leaksafe.internal.check.Text;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A heap dump (HPROF), read in one pass into an index: which objects there are, and where in the file.
 *
 * <p>Confined to one thread.
 */
final class Dump {
  /*
   * Idea. The contents of objects stay in the file. Here are only, for each object, its identifier, its place in the file and
   * one int for whoever walks through them: 30 to 48 bytes. An object is known by its number from then on. Before an index outgrows
   * the heap it is made in, reading gives up.
   *
   * The order of records is not relied on, but for one thing: names and loaded classes come before the heap, as HotSpot writes
   * them. From JDK 21 on it writes the heap in several threads, so objects are in no order.
   */
  private static final int UTF8 = 0x01;
  private static final int LOAD_CLASS = 0x02;
  private static final int FRAME = 0x04;
  private static final int TRACE = 0x05;
  private static final int HEAP = 0x0C;
  private static final int HEAP_SEGMENT = 0x1C;
  static final int CLASS = 0x20;
  static final int INSTANCE = 0x21;
  static final int OBJECTS = 0x22;
  static final int PRIMITIVES = 0x23;
  private static final int OBJECT_TYPE = 2;
  private static final int BYTES_PER_OBJECT = 48;
  private static final int ALWAYS_ALLOWED = 250_000;

  final DumpBytes bytes;
  final List<Root> roots = new ArrayList<>();
  private final int idSize;
  private final LongIndex objects = new LongIndex();
  private long[] places = new long[1 << 12];
  private final LongIndex strings = new LongIndex();
  private long[] stringPlaces = new long[1 << 10];
  private final Map<Long, Long> classNames = new HashMap<>();
  private final Map<Long, DumpClass> classes = new HashMap<>();
  private final Map<Long, Long> frames = new HashMap<>();
  private final Map<Integer, Long> traces = new HashMap<>();
  private final Map<Integer, Integer> traceOfThread = new HashMap<>();
  private final Map<Integer, Long> threads = new HashMap<>();
  private final int most;

  private Dump(Path file) throws IOException {
    bytes = new DumpBytes(file);
    idSize = bytes.idSize();
    Runtime jvm = Runtime.getRuntime();
    long free = jvm.maxMemory() - jvm.totalMemory() + jvm.freeMemory();
    most = (int) Math.min(1 << 28, Math.max(ALWAYS_ALLOWED, free / 2 / BYTES_PER_OBJECT));
  }

  /**
   * Reads a dump.
   *
   * @throws IOException if the file cannot be read, is none, or has more objects than can be looked at here
   */
  static Dump read(Path file) throws IOException {
    Dump dump = new Dump(file);
    try {
      dump.records();
    } catch (IndexOutOfBoundsException cut) {
      throw new IOException(file + " is cut off: a record goes on behind its end.", cut);
    }
    return dump;
  }

  private void records() throws IOException {
    for (long at = bytes.first; at < bytes.size; ) {
      int tag = bytes.u1(at);
      long length = bytes.u4(at + 5);
      long body = at + 9;
      switch (tag) {
        case UTF8 -> string(at);
        case LOAD_CLASS -> classNames.put(bytes.id(body + 4), bytes.id(body + 8 + idSize));
        case FRAME -> frames.put(bytes.id(body), body);
        case TRACE -> traces.put((int) bytes.u4(body), body);
        case HEAP, HEAP_SEGMENT -> heap(body, body + length);
        default -> {} // of no use here
      }
      at = body + length;
    }
  }

  private void string(long record) {
    int number = strings.add(bytes.id(record + 9));
    if (number >= stringPlaces.length) {
      stringPlaces = Arrays.copyOf(stringPlaces, number * 2);
    }
    stringPlaces[number] = record;
  }

  private void heap(long from, long end) throws IOException {
    for (long at = from; at < end; ) {
      int tag = bytes.u1(at);
      long body = at + 1;
      at = switch (tag) {
        case CLASS -> {
          object(bytes.id(body), at);
          yield classDump(body);
        }
        case INSTANCE -> {
          object(bytes.id(body), at);
          yield body + idSize + 4 + idSize + 4 + bytes.u4(body + 2L * idSize + 4);
        }
        case OBJECTS -> {
          object(bytes.id(body), at);
          yield body + idSize + 8 + idSize + bytes.u4(body + idSize + 4) * idSize;
        }
        case PRIMITIVES -> {
          object(bytes.id(body), at);
          int size = bytes.sizeOf(bytes.u1(body + idSize + 8));
          yield body + idSize + 9 + bytes.u4(body + idSize + 4) * size;
        }
        default -> root(tag, body);
      };
    }
  }

  private void object(long id, long at) throws IOException {
    int number = objects.add(id);
    if (number >= most) {
      throw new IOException(
          "The heap has more than " + Text.count(most)
              + " objects, more than can be looked at in the memory that is left. Raise -Xmx for this test.");
    }
    if (number >= places.length) {
      places = Arrays.copyOf(places, number * 2);
    }
    places[number] = at;
  }

  private long root(int tag, long body) throws IOException {
    long id = bytes.id(body);
    long at = body + idSize;
    switch (tag) {
      case Root.UNKNOWN, Root.STICKY_CLASS, Root.MONITOR -> roots.add(new Root(id, tag, 0, -1));
      case Root.JNI_GLOBAL -> {
        roots.add(new Root(id, tag, 0, -1));
        at += idSize;
      }
      case Root.JNI_LOCAL, Root.FRAME -> {
        roots.add(new Root(id, tag, (int) bytes.u4(at), (int) bytes.u4(at + 4)));
        at += 8;
      }
      case Root.NATIVE_STACK, Root.THREAD_BLOCK -> {
        roots.add(new Root(id, tag, (int) bytes.u4(at), -1));
        at += 4;
      }
      case Root.THREAD -> {
        int serial = (int) bytes.u4(at);
        roots.add(new Root(id, tag, serial, -1));
        threads.put(serial, id);
        traceOfThread.put(serial, (int) bytes.u4(at + 4));
        at += 8;
      }
      default ->
        throw new IOException("The heap dump has a record of the unknown kind " + tag + ".");
    }
    return at;
  }

  private long classDump(long body) {
    long id = bytes.id(body);
    long superId = bytes.id(body + idSize + 4);
    long loaderId = bytes.id(body + 2L * idSize + 4);
    long at = body + 7L * idSize + 8;
    int constants = bytes.u2(at);
    at += 2;
    for (int i = 0; i < constants; i++) {
      at += 3 + bytes.sizeOf(bytes.u1(at + 2));
    }
    int count = bytes.u2(at);
    at += 2;
    List<String> names = new ArrayList<>();
    List<Long> values = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int type = bytes.u1(at + idSize);
      if (type == OBJECT_TYPE) {
        names.add(name(bytes.id(at)));
        values.add(at + idSize + 1);
      }
      at += idSize + 1 + bytes.sizeOf(type);
    }
    int declared = bytes.u2(at);
    at += 2;
    String[] fields = new String[declared];
    byte[] types = new byte[declared];
    for (int i = 0; i < declared; i++) {
      types[i] = (byte) bytes.u1(at + idSize);
      fields[i] = types[i] == OBJECT_TYPE ? name(bytes.id(at)) : "";
      at += idSize + 1;
    }
    classes.put(
        id,
        new DumpClass(
            id,
            className(id),
            superId,
            loaderId,
            fields,
            types,
            names.toArray(new String[0]),
            values.stream().mapToLong(Long::longValue).toArray()));
    return at;
  }

  private String className(long id) {
    Long name = classNames.get(id);
    return name == null
        ? "a class"
        : ClassNames.plain(name(name).replace('/', '.').replace(".0x", "/0x"));
  }

  /** A name of the dump's table. */
  String name(long id) {
    int number = strings.find(id);
    if (number < 0) {
      return "?";
    }
    long record = stringPlaces[number];
    return bytes.text(record + 9 + idSize, (int) bytes.u4(record + 5) - idSize);
  }

  // ---- objects

  /** How many objects there are. */
  int size() {
    return objects.size();
  }

  /** The number of the object with an identifier; -1 if there is none. */
  int find(long id) {
    return id == 0 ? -1 : objects.find(id);
  }

  /** Where the record of an object is. */
  long place(int object) {
    return places[object];
  }

  /** What kind of record an object has. */
  int tag(int object) {
    return bytes.u1(places[object]);
  }

  /** The class of an object or array of objects, and the class itself of a class; null for an array of primitives. */
  @Nullable
  DumpClass classOf(int object) {
    long body = places[object] + 1;
    return switch (tag(object)) {
      case CLASS -> classes.get(bytes.id(body));
      case INSTANCE -> classes.get(bytes.id(body + idSize + 4));
      case OBJECTS -> classes.get(bytes.id(body + idSize + 8));
      default -> null;
    };
  }

  /** How many bytes the values of an object take, without its header. */
  long bytesOf(int object) {
    long body = places[object] + 1;
    return switch (tag(object)) {
      case INSTANCE -> bytes.u4(body + 2L * idSize + 4);
      case OBJECTS -> bytes.u4(body + idSize + 4) * idSize;
      case PRIMITIVES -> bytes.u4(body + idSize + 4) * bytes.sizeOf(bytes.u1(body + idSize + 8));
      default -> 0;
    };
  }

  /** What a person calls the class of an object. */
  String classNameOf(int object) {
    if (tag(object) == CLASS) {
      return "java.lang.Class";
    }
    DumpClass type = classOf(object);
    return type != null ? type.name : primitives(bytes.u1(places[object] + 1 + idSize + 8));
  }

  private static String primitives(int type) {
    return switch (type) {
      case 4 -> "boolean[]";
      case 5 -> "char[]";
      case 6 -> "float[]";
      case 7 -> "double[]";
      case 8 -> "byte[]";
      case 9 -> "short[]";
      case 10 -> "int[]";
      case 11 -> "long[]";
      default -> "array";
    };
  }

  /** A class by its identifier; null if there is none. */
  @Nullable
  DumpClass classById(long id) {
    return classes.get(id);
  }

  /** All classes. */
  Iterable<DumpClass> classes() {
    return classes.values();
  }

  /** The value of a reference field that a class or one above it declares; zero if there is none. */
  long reference(int object, String field) {
    DumpClass type = classOf(object);
    if (type == null || tag(object) != INSTANCE) {
      return 0;
    }
    References.layOut(this, type);
    int[] offsets = type.offsets();
    String[] labels = type.labels();
    for (int i = 0; offsets != null && i < offsets.length; i++) {
      if (labels[i].endsWith("." + field)) {
        return bytes.id(values(object) + offsets[i]);
      }
    }
    return 0;
  }

  /** Where the values of an instance begin. */
  long values(int object) {
    return places[object] + 1 + 2L * idSize + 8;
  }

  // ---- threads

  /** The identifier of a thread's object; zero if it is not known. */
  long thread(int serial) {
    return threads.getOrDefault(serial, 0L);
  }

  /** The method and line of a frame of a thread's stack; null if it is not known. */
  @Nullable
  String frame(int thread, int number) {
    Long trace = traces.get(traceOfThread.getOrDefault(thread, -1));
    if (trace == null || number < 0 || number >= bytes.u4(trace + 8)) {
      return null;
    }
    Long frame = frames.get(bytes.id(trace + 12 + (long) number * idSize));
    if (frame == null) {
      return null;
    }
    String method = name(bytes.id(frame + idSize));
    long source = bytes.id(frame + 3L * idSize);
    int line = (int) bytes.u4(frame + 4L * idSize + 4);
    String file = source == 0 ? "Unknown Source" : name(source);
    return method + "(" + file + (line > 0 ? ":" + line : "") + ")";
  }
}
