package io.leaksafe.testkit.agent;

import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.FieldVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** Names and descriptors of a class's fields and methods: retransforming must leave them alone. */
final class Members extends ClassVisitor {
  private final Set<String> names = new TreeSet<>();

  private Members() {
    super(Opcodes.ASM9);
  }

  static Set<String> of(byte[] type) {
    Members members = new Members();
    new ClassReader(type).accept(members, 0);
    return members.names;
  }

  @Override
  public @Nullable FieldVisitor visitField(
      int access, String name, String type, @Nullable String signature, @Nullable Object value) {
    names.add(name + " " + type);
    return null;
  }

  @Override
  public @Nullable MethodVisitor visitMethod(
      int access,
      String name,
      String type,
      @Nullable String signature,
      String @Nullable [] exceptions) {
    names.add(name + type);
    return null;
  }
}
