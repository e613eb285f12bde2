package io.leaksafe.testkit.internal.ledger;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * How something was made, read from the stack: which lines are the user's, and whether it is his at all. It goes by where code
 * comes from, never by the names of threads.
 *
 * @param frames   the user's own lines, innermost first, without those of the JDK, of test frameworks and of this library, and
 *                 without those that say nothing new (see {@link Lines})
 * @param openedAt the classes of these lines, each followed by those around it
 * @param part     the part of the JDK that made it for the user and keeps it together with other things; empty if none
 * @param library  whether the innermost line outside the JDK is this library's
 * @param ignored  why it is nobody's leak; empty if it may be one
 * @param all      the whole stack
 */
record Birth(
    List<StackTraceElement> frames,
    List<String> openedAt,
    String part,
    boolean library,
    String ignored,
    List<StackTraceElement> all) {

  private static final List<String> JDK =
      List.of("java.", "javax.", "jdk.", "sun.", "com.sun.", "org.xml.sax.", "org.w3c.dom.");

  /** Who runs tests. */
  private static final List<String> RUNNERS = List.of(
      "org.junit.",
      "junit.",
      "org.testng.",
      "org.opentest4j.",
      "org.apache.maven.",
      "org.gradle.",
      "worker.org.gradle.",
      "com.intellij.rt.",
      "org.eclipse.jdt.internal.junit",
      "org.assertj.",
      "org.hamcrest.",
      "org.jacoco.",
      "org.mockito.",
      "net.bytebuddy.",
      "kotlin.reflect.",
      "groovy.lang.",
      "org.codehaus.groovy.");

  /** What calls tests and is itself called by a main method, a build or an IDE. */
  private static final List<String> ENGINES = List.of(
      "org.junit.platform.engine.support.hierarchical.",
      "org.junit.platform.launcher.",
      "org.testng.TestRunner",
      "org.junit.runners.");

  /** Those parts of this library that are no tests and no examples. */
  private static final List<String> OURS = List.of(
      "io.leaksafe.buffer.",
      "io.leaksafe.cleanup.",
      "io.leaksafe.handle.",
      "io.leaksafe.health.",
      "io.leaksafe.hook.",
      "io.leaksafe.internal.",
      "io.leaksafe.jmx.",
      "io.leaksafe.listener.",
      "io.leaksafe.map.",
      "io.leaksafe.retry.",
      "io.leaksafe.schedule.",
      "io.leaksafe.share.",
      "io.leaksafe.time.",
      "io.leaksafe.timeout.",
      "io.leaksafe.testkit.agent.",
      "io.leaksafe.testkit.internal.",
      "io.leaksafe.testkit.junit.",
      "io.leaksafe.testkit.leak.Leak");

  /** Code that opens things for the whole JVM, whoever happens to be the first to need them. */
  private static final List<String> JVM_WIDE = List.of(
      "java.lang.ClassLoader.loadClass",
      "java.lang.ClassLoader.getResource",
      "java.net.URLClassLoader.",
      "jdk.internal.loader.",
      "sun.net.www.protocol.jar.JarFileFactory.",
      "java.lang.ref.Cleaner.",
      "jdk.internal.ref.CleanerFactory.",
      "java.lang.ProcessHandleImpl.",
      "java.lang.VirtualThread.parkNanos",
      "java.lang.VirtualThread.sleepNanos",
      "java.lang.VirtualThread.schedule",
      "java.lang.System$LoggerFinder.",
      "java.util.logging.LogManager.",
      "java.util.logging.Logger.getLogger",
      "org.slf4j.LoggerFactory.",
      "org.apache.logging.log4j.LogManager.",
      "sun.net.www.http.KeepAliveCache.",
      "sun.net.www.http.HttpClient.",
      "java.security.SecureRandom.",
      "sun.security.provider.",
      "java.time.zone.TzdbZoneRulesProvider.",
      "sun.util.",
      "jdk.jfr.",
      "sun.management.",
      "javax.management.remote.",
      "sun.rmi.",
      "java.awt.",
      "sun.awt.",
      "javax.imageio.spi.",
      "com.sun.imageio.stream.StreamCloser.",
      "sun.font.",
      "sun.instrument.",
      "sun.launcher.",
      "sun.tools.attach.",
      "java.util.zip.ZipFile$Source.",
      "sun.nio.ch.Util.", // a thread's buffers between the heap and the system
      "sun.nio.ch.ThreadPool.createDefault",
      "sun.nio.ch.LinuxAsynchronousChannelProvider.default",
      "sun.nio.ch.BsdAsynchronousChannelProvider.default",
      "sun.nio.ch.WindowsAsynchronousChannelProvider.default",
      "java.util.concurrent.ForkJoinPool.common",
      "io.netty.util.concurrent.GlobalEventExecutor.",
      "okio.AsyncTimeout$Companion.",
      "dev.failsafe.internal.util.DelegatingScheduler.delayer");

  /** Parts of the JDK that make several things which end together. */
  private static final List<String> PARTS = List.of(
      "sun.net.httpserver.",
      "jdk.internal.net.http.",
      "sun.nio.ch.PipeImpl",
      "sun.nio.ch.AsynchronousChannelGroupImpl",
      "sun.nio.ch.EPollPort");

  static Birth of(StackTraceElement[] stack) {
    Lines lines = new Lines();
    String part = "";
    String ignored = "";
    boolean library = false;
    boolean inJdk = true;
    for (StackTraceElement frame : stack) {
      String type = frame.getClassName();
      String full = type + "." + frame.getMethodName();
      if (isOurs(type) && isOf(List.of("io.leaksafe.testkit."), type)) {
        continue; // the ledger itself, and what watches tests
      }
      if (frame.getMethodName().equals("<clinit>")) {
        ignored = ignored.isEmpty() ? "made while " + type + " was initialised" : ignored;
      }
      if (isOf(ENGINES, type)) {
        break; // whoever runs the tests, and whatever called that
      }
      boolean jdk = isOf(JDK, type);
      if (jdk && inJdk) {
        part = part.isEmpty() ? firstOf(PARTS, full) : part;
      }
      if (isOf(JVM_WIDE, full) && ignored.isEmpty()) {
        ignored = "opened by " + type + " for the whole JVM";
      }
      if (jdk || isGenerated(type)) {
        continue;
      }
      boolean ours = isOurs(type);
      library |= inJdk && ours;
      inJdk = false;
      if (!ours && !isOf(RUNNERS, type)) {
        lines.add(frame);
      }
    }
    List<StackTraceElement> frames = lines.all();
    return new Birth(
        frames, openedAt(frames), part, library, ignored, List.copyOf(Arrays.asList(stack)));
  }

  /** Whether it was made inside something's constructor or method: the beginning of class and method. */
  boolean isUnder(String place) {
    return all.stream()
        .anyMatch(frame -> (frame.getClassName() + "." + frame.getMethodName()).startsWith(place));
  }

  static boolean isUsers(StackTraceElement frame) {
    String type = frame.getClassName();
    return !isOf(JDK, type) && !isOf(RUNNERS, type) && !isOurs(type) && !isGenerated(type);
  }

  private static boolean isGenerated(String type) {
    return type.contains("$$Lambda") || type.contains("/0x") || type.contains("$$FastClass");
  }

  /** By name and place: the library's own tests are in its packages, too. */
  private static boolean isOurs(String type) {
    return isOf(OURS, type) && Home.isOf(type);
  }

  private static boolean isOf(List<String> beginnings, String name) {
    return !firstOf(beginnings, name).isEmpty();
  }

  private static String firstOf(List<String> beginnings, String name) {
    for (String beginning : beginnings) {
      if (name.startsWith(beginning)) {
        return beginning;
      }
    }
    return "";
  }

  private static List<String> openedAt(List<StackTraceElement> frames) {
    Set<String> types = new LinkedHashSet<>();
    for (StackTraceElement frame : frames) {
      String type = frame.getClassName();
      types.add(type);
      for (int end = type.lastIndexOf('$'); end > 0; end = type.lastIndexOf('$', end - 1)) {
        types.add(type.substring(0, end));
      }
    }
    return List.copyOf(types);
  }
}
