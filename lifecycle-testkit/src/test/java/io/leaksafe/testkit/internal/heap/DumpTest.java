package io.leaksafe.testkit.internal.heap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Dumps are read as they are; what is none, or is cut off, is refused with the reason. */
class DumpTest {

  @TempDir
  Path folder;

  /** Writes a small dump: a class with a static field, and a chain of its instances. */
  private static final class Writer {
    private final int idSize;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final DataOutputStream out = new DataOutputStream(bytes);

    Writer(int idSize) throws IOException {
      this.idSize = idSize;
      out.write("JAVA PROFILE 1.0.2".getBytes(StandardCharsets.US_ASCII));
      out.writeByte(0);
      out.writeInt(idSize);
      out.writeLong(0);
    }

    void id(DataOutputStream to, long id) throws IOException {
      if (idSize == 4) {
        to.writeInt((int) id);
      } else {
        to.writeLong(id);
      }
    }

    private interface Body {
      void write(DataOutputStream to) throws IOException;
    }

    void record(int tag, Body body) throws IOException {
      ByteArrayOutputStream content = new ByteArrayOutputStream();
      body.write(new DataOutputStream(content));
      out.writeByte(tag);
      out.writeInt(0);
      out.writeInt(content.size());
      content.writeTo(out);
    }

    void string(long id, String text) throws IOException {
      record(0x01, to -> {
        id(to, id);
        to.write(text.getBytes(StandardCharsets.UTF_8));
      });
    }

    /** Class 100, com.acme.Node, with the static field HEAD and the fields int count and Node next; nodes 201 to 203. */
    byte[] chain() throws IOException {
      string(1, "com/acme/Node");
      string(2, "HEAD");
      string(3, "next");
      record(0x02, to -> {
        to.writeInt(1);
        id(to, 100);
        to.writeInt(0);
        id(to, 1);
      });
      record(0x1C, to -> {
        for (long node = 203; node > 200; node--) { // not in the order of their identifiers
          instance(to, node, node == 203 ? 0 : node + 1);
        }
        classDump(to);
        to.writeByte(0x01); // a JNI global
        id(to, 203);
        id(to, 7);
        to.writeByte(0x23); // three longs
        id(to, 300);
        to.writeInt(0);
        to.writeInt(3);
        to.writeByte(11);
        to.write(new byte[24]);
      });
      record(0x2C, to -> {});
      return bytes.toByteArray();
    }

    private void instance(DataOutputStream to, long id, long next) throws IOException {
      to.writeByte(0x21);
      id(to, id);
      to.writeInt(0);
      id(to, 100);
      to.writeInt(4 + idSize);
      to.writeInt(7);
      id(to, next);
    }

    private void classDump(DataOutputStream to) throws IOException {
      to.writeByte(0x20);
      id(to, 100);
      to.writeInt(0);
      for (int i = 0; i < 6; i++) {
        id(to, 0);
      }
      to.writeInt(4 + idSize);
      to.writeShort(1); // a constant
      to.writeShort(1);
      to.writeByte(10);
      to.writeInt(42);
      to.writeShort(1); // a static field
      id(to, 2);
      to.writeByte(2);
      id(to, 201);
      to.writeShort(2); // two fields
      id(to, 3);
      to.writeByte(10);
      id(to, 3);
      to.writeByte(2);
    }
  }

  private Path file(byte[] content) throws IOException {
    return Files.write(folder.resolve("heap.hprof"), content);
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 8})
  void read_chainOfObjects_hasTheirClassesAndReferences(int idSize) throws IOException {
    Dump dump = Dump.read(file(new Writer(idSize).chain()));
    assertThat(dump.size()).isEqualTo(5);
    int first = dump.find(201);
    assertThat(dump.classNameOf(first)).isEqualTo("com.acme.Node");
    assertThat(dump.reference(first, "next")).isEqualTo(202);
    assertThat(dump.reference(dump.find(203), "next")).isZero();
    assertThat(dump.bytesOf(first)).isEqualTo(4 + idSize);
    assertThat(dump.classNameOf(dump.find(300))).isEqualTo("long[]");
    assertThat(dump.bytesOf(dump.find(300))).isEqualTo(24);
    assertThat(dump.find(999)).isEqualTo(-1);
    List<String> found = new ArrayList<>();
    References.each(
        dump,
        dump.find(100),
        false,
        (target, holder, field) ->
            found.add(References.label(holder, field, false) + " -> " + (target == first)));
    assertThat(found).containsExactly("static com.acme.Node.HEAD -> true");
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 8})
  void walk_chainOfObjects_reachesEachOnceBySteps(int idSize) throws IOException {
    Dump dump = Dump.read(file(new Writer(idSize).chain()));
    List<String> steps = new ArrayList<>();
    Walk walk = new Walk(dump, false);
    walk.run(
        new Walk.Marks() {
          @Override
          public int ofRoot(int number) {
            return number + 1;
          }

          @Override
          public int ofReference(int from, int mark, int target, DumpClass holder, int field) {
            steps.add(References.label(holder, field, false));
            return 7;
          }
        },
        -1);
    assertThat(steps).containsExactly("static com.acme.Node.HEAD", "com.acme.Node.next");
    assertThat(walk.mark(dump.find(203))).as("from its own root").isEqualTo(2);
    assertThat(walk.mark(dump.find(300))).as("garbage").isZero();
  }

  @Test
  void read_anotherFile_saysThatItIsNone() throws IOException {
    Path file = file("not a dump at all, but a text".getBytes(StandardCharsets.UTF_8));
    assertThatIOException()
        .isThrownBy(() -> Dump.read(file))
        .withMessage(file + " is not a heap dump: it does not begin with 'JAVA PROFILE'.");
    Path empty = Files.write(folder.resolve("empty.hprof"), new byte[0]);
    assertThatIOException().isThrownBy(() -> Dump.read(empty));
  }

  @Test
  void read_cutOffAnywhere_saysSoOrReadsWhatIsWhole() throws IOException {
    byte[] whole = new Writer(8).chain();
    int refused = 0;
    for (int length = 32; length < whole.length - 9; length += 5) {
      Path file = file(Arrays.copyOf(whole, length));
      try {
        assertThat(Dump.read(file).size()).isLessThanOrEqualTo(5);
      } catch (IOException cut) {
        assertThat(cut).hasMessage(file + " is cut off: a record goes on behind its end.");
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(whole.length / 10);
  }

  @Test
  void read_unknownRecordInTheHeap_namesIt() throws IOException {
    Writer writer = new Writer(8);
    writer.record(0x0C, to -> {
      to.writeByte(0x55);
      writer.id(to, 1);
    });
    Path file = file(writer.bytes.toByteArray());
    assertThatIOException()
        .isThrownBy(() -> Dump.read(file))
        .withMessageContaining("unknown kind 85");
  }
}
