package io.leaksafe.testkit.internal.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

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
