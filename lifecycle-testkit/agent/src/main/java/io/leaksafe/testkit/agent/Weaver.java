package io.leaksafe.testkit.agent;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * Puts the calls of some hooks into one class.
 *
 * <p>What is put in never branches and leaves the stack as it was, so every stack map frame of the class stays right, and
 * constructors need no special care: an object is only passed on before a return, when it is complete. The one exception is the
 * handler of a span: it knows nothing of the locals, which is true wherever it is entered from, and throws on.
 */
final class Weaver extends ClassVisitor {

  private final List<Hook> hooks;
  private final ToIntFunction<String> numbers;
  private final Consumer<Hook> found;

  private Weaver(
      ClassVisitor next, List<Hook> hooks, ToIntFunction<String> numbers, Consumer<Hook> found) {
    super(Opcodes.ASM9, next);
    this.hooks = hooks;
    this.numbers = numbers;
    this.found = found;
  }

  /** The class with the calls in it. */
  static byte[] weave(
      byte[] type, List<Hook> hooks, ToIntFunction<String> numbers, Consumer<Hook> found) {
    ClassReader reader = new ClassReader(type);
    ClassWriter writer = new ClassWriter(reader, ClassWriter.COMPUTE_MAXS);
    reader.accept(new Weaver(writer, hooks, numbers, found), 0);
    return writer.toByteArray();
  }

  @Override
  public @Nullable MethodVisitor visitMethod(
      int access,
      String name,
      String descriptor,
      @Nullable String signature,
      String @Nullable [] exceptions) {
    MethodVisitor next = super.visitMethod(access, name, descriptor, signature, exceptions);
    List<Hook> here = hooks.stream().filter(hook -> hook.isIn(name, descriptor)).toList();
    boolean hasCode = (access & (Opcodes.ACC_NATIVE | Opcodes.ACC_ABSTRACT)) == 0;
    return here.isEmpty() || !hasCode ? next : new Method(next, here, access, descriptor);
  }

  private final class Method extends MethodVisitor {
    private final List<Hook> here;
    private final boolean isStatic;
    private final Type[] arguments;
    private final Label start = new Label();

    Method(MethodVisitor next, List<Hook> here, int access, String descriptor) {
      super(Opcodes.ASM9, next);
      this.here = here;
      this.isStatic = (access & Opcodes.ACC_STATIC) != 0;
      this.arguments = Type.getArgumentTypes(descriptor);
    }

    @Override
    public void visitCode() {
      super.visitCode();
      for (Hook hook : here) {
        if (hook.place() == Place.ENTRY || hook.place() == Place.SPAN) {
          tell(hook, hook.event());
        }
      }
      mv.visitLabel(start);
    }

    @Override
    public void visitInsn(int opcode) {
      if (opcode >= Opcodes.IRETURN && opcode <= Opcodes.RETURN) {
        for (Hook hook : here) {
          if (hook.place() == Place.EXIT) {
            tell(hook, hook.event());
          } else if (hook.place() == Place.SPAN) {
            tellEnd(hook);
          }
        }
      }
      super.visitInsn(opcode);
    }

    @Override
    public void visitMethodInsn(
        int opcode, String type, String name, String descriptor, boolean isInterface) {
      for (Hook hook : here) {
        if (hook.place() == Place.BEFORE_CALL && name.equals(hook.call())) {
          tell(hook, hook.event());
        }
      }
      super.visitMethodInsn(opcode, type, name, descriptor, isInterface);
      for (Hook hook : here) {
        if (hook.place() == Place.AFTER_CALL && name.equals(hook.call())) {
          tell(hook, hook.event());
        }
      }
    }

    @Override
    public void visitMaxs(int maxStack, int maxLocals) {
      for (Hook hook : here) {
        if (hook.place() == Place.SPAN) {
          Label end = new Label();
          mv.visitLabel(end);
          mv.visitTryCatchBlock(start, end, end, null);
          mv.visitFrame(Opcodes.F_FULL, 0, null, 1, new Object[] {"java/lang/Throwable"});
          tellEnd(hook);
          mv.visitInsn(Opcodes.ATHROW);
        }
      }
      super.visitMaxs(maxStack, maxLocals);
    }

    private void tell(Hook hook, String event) {
      if (hook.subject() == Hook.TOP) { // ..., top -> ..., top, number, top
        mv.visitInsn(Opcodes.DUP);
        push(numbers.applyAsInt(event));
        mv.visitInsn(Opcodes.SWAP);
      } else {
        push(numbers.applyAsInt(event));
        load(hook.subject());
      }
      load(hook.other());
      call();
      found.accept(hook);
    }

    private void tellEnd(Hook hook) {
      push(numbers.applyAsInt(Hook.end(hook.event())));
      load(Hook.NONE);
      load(Hook.NONE);
      call();
    }

    private void push(int number) {
      mv.visitIntInsn(Opcodes.BIPUSH, number);
    }

    private void call() {
      mv.visitMethodInsn(
          Opcodes.INVOKESTATIC, Switchboard.NAME, Switchboard.TELL, Switchboard.DESCRIPTOR, false);
    }

    private void load(int what) {
      if (what == Hook.NONE) {
        mv.visitInsn(Opcodes.ACONST_NULL);
      } else if (what == Hook.THIS) {
        mv.visitVarInsn(Opcodes.ALOAD, 0);
      } else {
        int slot = isStatic ? 0 : 1;
        for (int i = 0; i < what - 1; i++) {
          slot += arguments[i].getSize();
        }
        mv.visitVarInsn(Opcodes.ALOAD, slot);
      }
    }
  }
}
