package io.leaksafe.hook;

import static org.assertj.core.api.Assertions.assertThat;

import io.leaksafe.cleanup.CleanupManager;
import io.leaksafe.handle.Handle;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.Thread.UncaughtExceptionHandler;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.logging.Handler;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** The places that every JVM has. */
@Isolated("the places are the JVM's")
class JvmHooksTest {

  private final CleanupManager app = CleanupManager.create("jvm");
  private final List<String> heard = new ArrayList<>();
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final PrintStream err = System.err;
  private final PrintStream out = System.out;
  private final PrintStream fresh = new PrintStream(printed, true);

  @AfterEach
  void restore() {
    app.close();
    System.setErr(err);
    System.setOut(out);
  }

  private String printed() {
    fresh.flush();
    return printed.toString(Charset.defaultCharset()).replace(System.lineSeparator(), "\n");
  }

  @Test
  void uncaughtExceptions_byThree_tellsAllAndPutsTheHandlerBack() throws Exception {
    UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
    UncaughtExceptionHandler handler =
        (thread, failure) -> heard.add("handler " + failure.getMessage());
    Thread.setDefaultUncaughtExceptionHandler(handler);
    try {
      List<Handle<UncaughtExceptionHandler>> hooks = new ArrayList<>();
      for (String name : List.of("a", "b", "c")) {
        hooks.add(GlobalHook.uncaughtExceptions(
            app,
            (thread, failure) ->
                heard.add(name + " " + thread.getName() + " " + failure.getMessage())));
      }
      fail("worker");
      assertThat(heard)
          .containsExactly("a worker ouch", "b worker ouch", "c worker ouch", "handler ouch");
      hooks.forEach(Handle::close);
      assertThat(Thread.getDefaultUncaughtExceptionHandler()).isSameAs(handler);
    } finally {
      Thread.setDefaultUncaughtExceptionHandler(before);
    }
  }

  @Test
  void uncaughtExceptions_whereNoneHandles_printsAsTheJvmDoes() throws Exception {
    UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
    Thread.setDefaultUncaughtExceptionHandler(null);
    System.setErr(fresh);
    try {
      fail("bare");
      String jvms = printed();
      printed.reset();
      Handle<UncaughtExceptionHandler> hook =
          GlobalHook.uncaughtExceptions(app, (thread, failure) -> heard.add(failure.getMessage()));
      fail("bare");
      assertThat(printed()).isEqualTo(jvms).startsWith("Exception in thread \"bare\" ");
      assertThat(heard).containsExactly("ouch");
      hook.close();
      assertThat(Thread.getDefaultUncaughtExceptionHandler()).isNull();
    } finally {
      Thread.setDefaultUncaughtExceptionHandler(before);
    }
  }

  private static void fail(String name) throws InterruptedException {
    Thread thread = new Thread(
        () -> {
          throw new IllegalStateException("ouch");
        },
        name);
    thread.start();
    thread.join();
  }

  @Test
  void systemErr_byThree_isOneLayerAndThenTheVeryStream() {
    System.setErr(fresh);
    List<Handle<Consumer<String>>> hooks = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      hooks.add(GlobalHook.systemErr(app, heard::add));
    }
    System.err.println("once");
    assertThat(printed()).isEqualTo("once\n");
    assertThat(heard).containsExactly("once", "once", "once");
    hooks.forEach(Handle::close);
    assertThat(System.err).isSameAs(fresh);
  }

  @Test
  void systemOut_everyWayToPrint_printsTheSameAndTellsLines() {
    System.setOut(fresh);
    printEverything(System.out);
    String expected = printed();
    printed.reset();
    GlobalHook.systemOut(app, heard::add);
    printEverything(System.out);
    assertThat(printed()).isEqualTo(expected);
    assertThat(String.join("\n", heard) + "\n").isEqualTo(expected);
    assertThat(System.out.checkError()).isFalse();
  }

  @SuppressWarnings("AnnotateFormatMethod")
  private static void printEverything(PrintStream to) {
    to.print(true);
    to.print('c');
    to.print(1);
    to.print(2L);
    to.print(1.5f);
    to.print(2.5d);
    to.print(new char[] {'x', 'y'});
    to.print("text");
    to.print((Object) null);
    to.println();
    to.println(false);
    to.println('d');
    to.println(3);
    to.println(4L);
    to.println(3.5f);
    to.println(4.5d);
    to.println(new char[] {'z'});
    to.println("line");
    to.println((Object) List.of(1));
    to.println((String) null);
    to.printf("%d and %s%n", 5, "six");
    to.printf(Locale.ROOT, "%.2f%n", 7.0);
    to.format("%x%n", 255);
    to.format(Locale.ROOT, "%,d%n", 1_000);
    to.append('a').append("bc").append("xdefx", 1, 4).append(null).println();
    to.write('\n');
    byte[] bytes = "bytes\n".getBytes(Charset.defaultCharset());
    to.write(bytes, 0, bytes.length);
    to.writeBytes(bytes);
    to.flush();
  }

  @Test
  void systemErr_piecesOfALine_areToldWhenItIsComplete() {
    System.setErr(fresh);
    GlobalHook.systemErr(app, heard::add);
    System.err.print("a");
    System.err.print("b\r\nc");
    assertThat(heard).containsExactly("ab");
    System.err.println("d");
    assertThat(heard).containsExactly("ab", "cd");
  }

  @Test
  void systemErr_aLineWithoutEnd_isToldInPieces() {
    System.setErr(fresh);
    GlobalHook.systemErr(app, heard::add);
    System.err.print("x".repeat(20_000));
    assertThat(heard).hasSize(2).allMatch(piece -> piece.length() == 8_192);
  }

  @Test
  void systemErr_listenerPrints_doesNotHearItself() {
    System.setErr(fresh);
    GlobalHook.systemErr(app, line -> {
      heard.add(line);
      System.err.println("echo " + line);
    });
    System.err.println("1");
    assertThat(heard).containsExactly("1");
    assertThat(printed()).isEqualTo("1\necho 1\n");
  }

  @Test
  void jul_byThree_addsOneHandlerAndTakesItAway() {
    Logger rootLogger = LogManager.getLogManager().getLogger("");
    Handler[] before = rootLogger.getHandlers();
    for (Handler each : before) {
      rootLogger.removeHandler(each); // so that the test does not print
    }
    try {
      Handler[] none = rootLogger.getHandlers();
      List<Handle<Consumer<LogRecord>>> hooks = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        hooks.add(JulHook.install(app, logged -> heard.add(logged.getMessage())));
      }
      assertThat(rootLogger.getHandlers()).hasSize(none.length + 1);
      Logger.getLogger("com.acme").warning("hot");
      assertThat(heard).containsExactly("hot", "hot", "hot");
      hooks.forEach(Handle::close);
      assertThat(rootLogger.getHandlers()).isEqualTo(none);
      JulHook.install(app, logged -> heard.add("again")).close();
      assertThat(rootLogger.getHandlers()).isEqualTo(none);
    } finally {
      for (Handler each : before) {
        rootLogger.addHandler(each);
      }
    }
    assertThat(rootLogger.getHandlers()).containsExactly(before);
  }

  @Test
  void jul_somebodyRemovedOurHandler_isLeftAlone() {
    Logger rootLogger = LogManager.getLogManager().getLogger("");
    Handler[] before = rootLogger.getHandlers();
    Handle<Consumer<LogRecord>> hook =
        JulHook.install(app, logged -> heard.add(logged.getMessage()));
    for (Handler each : rootLogger.getHandlers()) {
      if (!List.of(before).contains(each)) {
        rootLogger.removeHandler(each);
      }
    }
    hook.close();
    assertThat(rootLogger.getHandlers()).containsExactly(before);
  }
}
