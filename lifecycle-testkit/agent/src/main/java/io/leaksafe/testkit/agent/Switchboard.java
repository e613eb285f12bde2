package io.leaksafe.testkit.agent;

import java.lang.instrument.Instrumentation;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * The class that the JDK's classes call. It must be visible to all of them, so it is defined in {@code java.lang}, by a private
 * look-up that the instrumentation grants; written out in Java it would be
 *
 * <pre>{@code
 * public final class LeaksafeSwitchboard {
 *   public static volatile BiConsumer[] sinks;
 *   public static volatile Throwable failure;
 *
 *   public static void tell(int event, Object subject, Object other) {
 *     BiConsumer[] all = sinks;
 *     if (all != null) {
 *       try { all[event].accept(subject, other); } catch (Throwable t) { failure = t; }
 *     }
 *   }
 * }
 * }</pre>
 *
 * <p>Nothing that goes wrong in a ledger reaches the code that was watched; the last failure is kept for the report.
 */
final class Switchboard {

  static final String NAME = "java/lang/LeaksafeSwitchboard";
  static final String TELL = "tell";
  static final String DESCRIPTOR = "(ILjava/lang/Object;Ljava/lang/Object;)V";

  private static final String SINK = "java/util/function/BiConsumer";
  private static final String SINKS = "[L" + SINK + ";";
  private static final String FAILURE = "Ljava/lang/Throwable;";

  private final Field sinks;
  private final Field failure;
  private final List<String> events = new ArrayList<>();

  private Switchboard(Class<?> type) throws ReflectiveOperationException {
    this.sinks = type.getField("sinks");
    this.failure = type.getField("failure");
  }

  /** Defines the class; the JVM has one. */
  static Switchboard install(Instrumentation instrumentation) throws ReflectiveOperationException {
    Module own = Switchboard.class.getModule();
    open(instrumentation, Object.class.getModule(), Set.of("java.lang"), own);
    Class<?> type =
        MethodHandles.privateLookupIn(Object.class, MethodHandles.lookup()).defineClass(bytes());
    return new Switchboard(type);
  }

  /** Lets one module look into packages of another. */
  static void open(Instrumentation instrumentation, Module module, Set<String> names, Module to) {
    Map<String, Set<Module>> opens = new HashMap<>();
    names.stream()
        .filter(name -> module.getPackages().contains(name) && !module.isOpen(name, to))
        .forEach(name -> opens.put(name, Set.of(to)));
    if (!opens.isEmpty()) {
      instrumentation.redefineModule(module, Set.of(), Map.of(), opens, Set.of(), Map.of());
    }
  }

  /** The number of an event; called before there are sinks. */
  synchronized int number(String event) {
    int number = events.indexOf(event);
    if (number < 0) {
      number = events.size();
      events.add(event);
    }
    return number;
  }

  synchronized List<String> events() {
    return List.copyOf(events);
  }

  void sinks(BiConsumer<?, ?>[] all) {
    set(sinks, all);
  }

  /** What last went wrong in a sink, once. */
  @Nullable
  Throwable failure() {
    try {
      Object last = failure.get(null);
      set(failure, null);
      return (Throwable) last;
    } catch (IllegalAccessException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static void set(Field field, @Nullable Object value) {
    try {
      field.set(null, value);
    } catch (IllegalAccessException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static byte[] bytes() {
    ClassWriter type = new ClassWriter(ClassWriter.COMPUTE_MAXS);
    int open = Opcodes.ACC_PUBLIC | Opcodes.ACC_STATIC;
    type.visit(
        Opcodes.V17,
        Opcodes.ACC_PUBLIC | Opcodes.ACC_FINAL | Opcodes.ACC_SUPER,
        NAME,
        null,
        "java/lang/Object",
        null);
    type.visitField(open | Opcodes.ACC_VOLATILE, "sinks", SINKS, null, null).visitEnd();
    type.visitField(open | Opcodes.ACC_VOLATILE, "failure", FAILURE, null, null).visitEnd();
    MethodVisitor tell = type.visitMethod(open, TELL, DESCRIPTOR, null, null);
    Label from = new Label();
    Label to = new Label();
    Label caught = new Label();
    Label out = new Label();
    tell.visitCode();
    tell.visitTryCatchBlock(from, to, caught, "java/lang/Throwable");
    tell.visitFieldInsn(Opcodes.GETSTATIC, NAME, "sinks", SINKS);
    tell.visitVarInsn(Opcodes.ASTORE, 3);
    tell.visitVarInsn(Opcodes.ALOAD, 3);
    tell.visitJumpInsn(Opcodes.IFNULL, out);
    tell.visitLabel(from);
    tell.visitVarInsn(Opcodes.ALOAD, 3);
    tell.visitVarInsn(Opcodes.ILOAD, 0);
    tell.visitInsn(Opcodes.AALOAD);
    tell.visitVarInsn(Opcodes.ALOAD, 1);
    tell.visitVarInsn(Opcodes.ALOAD, 2);
    tell.visitMethodInsn(
        Opcodes.INVOKEINTERFACE, SINK, "accept", "(Ljava/lang/Object;Ljava/lang/Object;)V", true);
    tell.visitLabel(to);
    tell.visitJumpInsn(Opcodes.GOTO, out);
    tell.visitLabel(caught);
    tell.visitFrame(
        Opcodes.F_FULL,
        4,
        new Object[] {Opcodes.INTEGER, "java/lang/Object", "java/lang/Object", SINKS},
        1,
        new Object[] {"java/lang/Throwable"});
    tell.visitFieldInsn(Opcodes.PUTSTATIC, NAME, "failure", FAILURE);
    tell.visitLabel(out);
    tell.visitFrame(
        Opcodes.F_FULL,
        4,
        new Object[] {Opcodes.INTEGER, "java/lang/Object", "java/lang/Object", SINKS},
        0,
        null);
    tell.visitInsn(Opcodes.RETURN);
    tell.visitMaxs(0, 0);
    tell.visitEnd();
    type.visitEnd();
    return type.toByteArray();
  }
}
