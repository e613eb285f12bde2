package io.leaksafe.testkit.internal.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BirthTest {

  /** A stack, innermost first, each frame as {@code type.method}. */
  private static Birth birth(String... frames) {
    return Birth.of(Arrays.stream(frames)
        .map(frame -> {
          int dot = frame.lastIndexOf('.');
          String type = frame.substring(0, dot);
          return new StackTraceElement(type, frame.substring(dot + 1), "File.java", 1);
        })
        .toArray(StackTraceElement[]::new));
  }

  @Test
  void frames_ofAStack_areTheUsersOwnLines() {
    Birth birth = birth(
        "java.lang.Thread.start",
        "com.acme.Feed.connect",
        "jdk.internal.reflect.DirectMethodHandleAccessor.invoke",
        "com.acme.FeedTest.reconnects",
        "org.junit.platform.commons.util.ReflectionUtils.invokeMethod",
        "org.apache.maven.surefire.booter.ForkedBooter.main");

    assertThat(birth.frames())
        .extracting(frame -> frame.getClassName() + "." + frame.getMethodName())
        .containsExactly("com.acme.Feed.connect", "com.acme.FeedTest.reconnects");
    assertThat(birth.ignored()).isEmpty();
  }

  @Test
  void frames_ofALambda_nameTheMethodInWhichItWasWritten() {
    assertThat(birth("com.acme.Feed.lambda$connect$0", "com.acme.Feed$$Lambda/0x01.run")
            .frames())
        .extracting(StackTraceElement::getMethodName)
        .containsExactly("connect");
  }

  /** The lines of a stack, innermost first, each given as {@code type.method:line}. */
  private static List<String> lines(String... frames) {
    Lines lines = new Lines();
    for (String frame : frames) {
      int dot = frame.lastIndexOf('.');
      int colon = frame.lastIndexOf(':');
      lines.add(new StackTraceElement(
          frame.substring(0, dot),
          frame.substring(dot + 1, colon),
          "File.java",
          Integer.parseInt(frame.substring(colon + 1))));
    }
    return lines.all().stream()
        .map(line -> line.getClassName() + "." + line.getMethodName() + ":" + line.getLineNumber())
        .toList();
  }

  @Test
  void lines_ofLambdasInsideEachOther_areTheInnermost() {
    assertThat(lines(
            "com.acme.Feed.<init>:34",
            "com.acme.FeedTest.lambda$reads$0:70",
            "com.acme.FeedTest.lambda$reads$1:69",
            "com.acme.FeedTest.lambda$reads$2:67",
            "com.acme.FeedTest.reads:65"))
        .containsExactly("com.acme.Feed.<init>:34", "com.acme.FeedTest.reads:70");
  }

  @Test
  void lines_ofALambdaThatSomebodyElseRuns_nameBothOnce() {
    assertThat(lines(
            "com.acme.FeedTest.lambda$reads$0:70",
            "com.acme.Retry.run:12",
            "com.acme.FeedTest.lambda$reads$1:69",
            "com.acme.Named.as:8",
            "com.acme.FeedTest.reads:68",
            "com.acme.Suite.all:3"))
        .containsExactly(
            "com.acme.FeedTest.reads:70",
            "com.acme.Retry.run:12",
            "com.acme.Named.as:8",
            "com.acme.Suite.all:3");
  }

  @Test
  void lines_ofARecursion_areOneOfEachMethod() {
    assertThat(lines(
            "com.acme.Walk.file:9",
            "com.acme.Walk.folder:20",
            "com.acme.Walk.folder:24",
            "com.acme.Walk.folder:24",
            "com.acme.WalkTest.walks:5"))
        .containsExactly(
            "com.acme.Walk.file:9", "com.acme.Walk.folder:20", "com.acme.WalkTest.walks:5");
    assertThat(lines(
            "com.acme.Walk.file:9",
            "com.acme.Walk.folder:20",
            "com.acme.Walk.each:30",
            "com.acme.Walk.folder:24",
            "com.acme.Walk.each:30",
            "com.acme.Walk.folder:24",
            "com.acme.WalkTest.walks:5"))
        .containsExactly(
            "com.acme.Walk.file:9",
            "com.acme.Walk.folder:20",
            "com.acme.Walk.each:30",
            "com.acme.Walk.folder:24",
            "com.acme.WalkTest.walks:5");
  }

  @Test
  void lines_ofOneMethodReachedTwice_areBoth() {
    assertThat(lines("a.Server.handle:50", "a.Filter.pass:10", "a.Server.handle:33"))
        .containsExactly("a.Server.handle:50", "a.Filter.pass:10", "a.Server.handle:33");
  }

  @Test
  void lines_ofOneNameInTwoClasses_areBoth() {
    assertThat(lines("a.Base.start:5", "a.Feed.start:7"))
        .containsExactly("a.Base.start:5", "a.Feed.start:7");
  }

  @ParameterizedTest
  @CsvSource({
    "lambda$open$0, open",
    "lambda$open$9e43c5fe$1, open",
    "lambda$new$3, <init>",
    "lambda$static$0, <clinit>",
    "open$lambda$0, open",
    "open$lambda$1$lambda$0, open",
    "$anonfun$open$1, open",
    "lambda$0, lambda$0",
    "open$0, open$0"
  })
  void lines_ofALambda_goByTheMethodInWhichItWasWritten(String method, String written) {
    assertThat(lines("a.B." + method + ":1")).containsExactly("a.B." + written + ":1");
  }

  @Test
  void openedAt_aNestedClass_matchesThoseAroundItToo() {
    assertThat(birth("com.acme.Feed$Reader$1.run").openedAt())
        .containsExactly("com.acme.Feed$Reader$1", "com.acme.Feed$Reader", "com.acme.Feed");
  }

  @Test
  void ignored_underAClassInitialiser_saysWhich() {
    assertThat(birth("java.lang.Thread.start", "com.acme.Feed.<clinit>", "com.acme.Test.run")
            .ignored())
        .isEqualTo("made while com.acme.Feed was initialised");
  }

  @Test
  void ignored_underAClassLoader_isTheJvms() {
    assertThat(birth("java.util.zip.ZipFile.<init>", "java.net.URLClassLoader.findClass", "a.B.c")
            .ignored())
        .isEqualTo("opened by java.net.URLClassLoader for the whole JVM");
  }

  @ParameterizedTest
  @CsvSource({
    "java.lang.Thread.start, okio.AsyncTimeout$Companion.scheduleTimeout",
    "java.util.concurrent.ThreadPoolExecutor.<init>, "
        + "dev.failsafe.internal.util.DelegatingScheduler.delayer",
    "java.nio.DirectByteBuffer.<init>, sun.nio.ch.Util.getTemporaryDirectBuffer",
    "java.lang.Runtime.addShutdownHook, com.sun.imageio.stream.StreamCloser.addToQueue"
  })
  void ignored_byWhatALibrarySharesInTheWholeJvm_saysSo(String made, String by) {
    assertThat(birth(made, by, "a.B.c").ignored()).endsWith("for the whole JVM");
  }

  @Test
  void ignored_byAFileOfTheUsersInALibrary_isNothing() {
    assertThat(birth(
                "java.io.RandomAccessFile.<init>",
                "javax.imageio.stream.FileImageInputStream.<init>",
                "javax.imageio.ImageIO.createImageInputStream",
                "a.B.c")
            .ignored())
        .isEmpty();
  }

  @Test
  void frames_ofATestFrameworkAlone_areNone() {
    assertThat(birth("java.lang.Thread.start", "org.junit.platform.engine.Engine.run")
            .frames())
        .isEmpty();
  }

  @Test
  void library_whenTheInnermostLineIsOurs_isTrue() {
    assertThat(birth("java.lang.Thread.start", "io.leaksafe.time.SystemTime.start", "a.B.c")
            .library())
        .isTrue();
    assertThat(birth("java.lang.Thread.start", "a.B.c", "io.leaksafe.time.SystemTime.start")
            .library())
        .isFalse();
  }

  @Test
  void part_ofTheJdk_isKnownByItsInnermostFrames() {
    assertThat(
            birth("sun.nio.ch.SelectorImpl.<init>", "sun.net.httpserver.ServerImpl.<init>", "a.B.c")
                .part())
        .isEqualTo("sun.net.httpserver.");
    assertThat(birth("java.lang.Thread.start", "a.B.c", "sun.net.httpserver.Exchange.run")
            .part())
        .isEmpty();
  }
}
