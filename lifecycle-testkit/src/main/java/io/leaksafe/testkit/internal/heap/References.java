package io.leaksafe.testkit.internal.heap;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The references from one object of a dump to others. */
final class References {

  /** What is told of each reference. */
  interface Sink {
    /**
     * Called for each.
     *
     * @param target the object it points to
     * @param holder the class that declares the field; of an array, its own
     * @param field  which of the holder's {@link DumpClass#labels}; of an array, {@link #ELEMENT} less the index; of a static,
     *               {@link #STATIC} less its number
     */
    void reference(int target, DumpClass holder, int field);
  }

  static final int STATIC = -2;
  static final int ELEMENT = -1_000_000;
  private static final int OBJECT_TYPE = 2;
  private static final Set<String> NOT_STRONG =
      Set.of("java.lang.ref.WeakReference", "java.lang.ref.PhantomReference");
  private static final String SOFT = "java.lang.ref.SoftReference";
  private static final String REFERENCE = "java.lang.ref.Reference";

  private References() {}

  /** Calls for each reference that keeps its target alive; soft ones do if wanted. */
  static void each(Dump dump, int object, boolean soft, Sink sink) {
    DumpClass type = dump.classOf(object);
    if (type == null) {
      return;
    }
    switch (dump.tag(object)) {
      case Dump.CLASS -> ofClass(dump, type, sink);
      case Dump.INSTANCE -> ofInstance(dump, object, type, soft, sink);
      case Dump.OBJECTS -> ofArray(dump, object, type, sink);
      default -> {} // primitives refer to nothing
    }
  }

  private static void ofClass(Dump dump, DumpClass type, Sink sink) {
    for (int i = 0; i < type.statics.length; i++) {
      tell(dump, dump.bytes.id(type.staticsAt[i]), type, STATIC - i, sink);
    }
    tell(dump, type.superId, type, STATIC - type.statics.length, sink);
    tell(dump, type.loaderId, type, STATIC - type.statics.length - 1, sink);
  }

  private static void ofInstance(Dump dump, int object, DumpClass type, boolean soft, Sink sink) {
    layOut(dump, type);
    int[] offsets = type.offsets();
    if (offsets == null) {
      return;
    }
    long values = dump.values(object);
    boolean skipsReferent = isNotStrong(dump, type, soft);
    for (int i = 0; i < offsets.length; i++) {
      if (!(skipsReferent && type.labels()[i].equals(REFERENCE + ".referent"))) {
        tell(dump, dump.bytes.id(values + offsets[i]), type, i, sink);
      }
    }
  }

  private static boolean isNotStrong(Dump dump, DumpClass type, boolean soft) {
    for (DumpClass at = type; at != null; at = dump.classById(at.superId)) {
      if (NOT_STRONG.contains(at.name) || !soft && at.name.equals(SOFT)) {
        return true;
      }
    }
    return false;
  }

  private static void ofArray(Dump dump, int object, DumpClass type, Sink sink) {
    int idSize = dump.bytes.idSize();
    long body = dump.place(object) + 1;
    long length = dump.bytes.u4(body + idSize + 4);
    long elements = body + 2L * idSize + 8;
    for (int i = 0; i < length; i++) {
      tell(dump, dump.bytes.id(elements + (long) i * idSize), type, ELEMENT - i, sink);
    }
  }

  private static void tell(Dump dump, long id, DumpClass holder, int field, Sink sink) {
    int target = dump.find(id);
    if (target >= 0) {
      sink.reference(target, holder, field);
    }
  }

  /** Finds out where instances of a class have their references: its own fields come first, then those of the class above. */
  static void layOut(Dump dump, DumpClass type) {
    if (type.offsets() != null) {
      return;
    }
    List<Integer> offsets = new ArrayList<>();
    List<String> labels = new ArrayList<>();
    int offset = 0;
    for (DumpClass at = type; at != null; at = dump.classById(at.superId)) {
      for (int i = 0; i < at.fields.length; i++) {
        if (at.types[i] == OBJECT_TYPE
            && !(at.name.equals(REFERENCE) && at.fields[i].equals("discovered"))) {
          offsets.add(offset);
          labels.add(at.name + "." + at.fields[i]);
        }
        offset += dump.bytes.sizeOf(at.types[i]);
      }
    }
    type.layout(
        offsets.stream().mapToInt(Integer::intValue).toArray(), labels.toArray(new String[0]));
  }

  /** What a person calls a reference. */
  static String label(DumpClass holder, int field, boolean withIndex) {
    if (field <= ELEMENT) {
      String name = holder.name;
      return withIndex ? name.substring(0, name.length() - 1) + (ELEMENT - field) + "]" : name;
    }
    if (field <= STATIC) {
      int number = STATIC - field;
      if (number < holder.statics.length) {
        return "static " + holder.name + "." + holder.statics[number];
      }
      return number == holder.statics.length
          ? "super class of " + holder.name
          : "class loader of " + holder.name;
    }
    return holder.labels()[field];
  }
}
