package io.leaksafe.internal.wheel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What the wheels do in a JVM that has no memory left, which is one of its own. */
class WheelsWithoutMemoryTest {

  @Test
  void addCancelAndFire_withoutMemory_leaveNothingHalfDone() throws Exception {
    Process process = new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx8m",
            "-XX:+UseSerialGC",
            "-cp",
            folder(Wheels.class) + File.pathSeparator + folder(Main.class),
            Main.class.getName())
        .redirectErrorStream(true)
        .start();
    try {
      assertThat(process.waitFor(50, TimeUnit.SECONDS)).isTrue();
      assertThat(
              new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip())
          .isEqualTo("all is well");
    } finally {
      process.destroyForcibly();
    }
  }

  private static Path folder(Class<?> type) throws Exception {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
  }

  /** Uses up the memory, and adds, cancels and fires all the same. */
  static final class Main {

    private static final class Plain extends Entry {
      @Override
      protected Group group() {
        return null;
      }
    }

    private static final int ADDED = 15_121; // for all to come there is too little room by 20
    private static Object[] hoard;

    private Main() {}

    /** Takes all there is, the last few bytes as well. */
    private static void hoard() {
      for (int size = 1 << 17; size >= 4; size >>= 3) {
        try {
          while (true) {
            Object[] more = new Object[size];
            more[0] = hoard;
            hoard = more;
          }
        } catch (OutOfMemoryError noMore) {
          continue; // with a smaller piece
        }
      }
    }

    public static void main(String[] args) {
      Wheels wheels = new Wheels(4, new Ticks(0, 16), 512, () -> {});
      List<Plain> added = new ArrayList<>(1 << 16);
      Plain[] toCome = new Plain[970];
      for (int i = 0; i < toCome.length; i++) {
        toCome[i] = new Plain();
      }
      home(wheels, 0);
      add(wheels, added, ADDED);
      cancelFrom(wheels, 1, added, 0, 200); // so that everything is loaded
      Due due = new Due(512);
      wheels.takeDue(1L << 20, due);

      hoard();
      int refused = 0;
      for (Plain entry : toCome) {
        try {
          wheels.add(entry, 1L << 40);
        } catch (OutOfMemoryError noMemory) {
          refused++;
        }
      }
      int cancelled = cancelFrom(wheels, 1, added, 200, 300);
      boolean more = wheels.takeDue(1L << 30, due);
      hoard = null;

      require(refused > 0 && refused < toCome.length, "refused " + refused);
      require(cancelled == 100, "cancelled " + cancelled);
      require(!more, "more");
      for (Plain entry : toCome) {
        if (!entry.isStanding()) {
          wheels.add(entry, 1L << 40);
          refused--;
        }
      }
      require(refused == 0, "refused and standing: " + refused);
      // some of those cancelled without memory may keep their slots until they are due
      int lost = wheels.count() - (ADDED - 300 + toCome.length);
      require(lost >= 0 && lost <= 100, "lost " + lost);
      int fired = 0;
      do {
        due.clear();
        more = wheels.takeDue(1L << 41, due);
        fired += due.size();
      } while (more);
      require(fired == ADDED - 300 + toCome.length, "fired " + fired);
      require(wheels.count() == 0, "left " + wheels.count());
      WheelCheck.verify(wheels, List.of());
      System.out.println("all is well");
    }

    private static void home(Wheels wheels, int stripe) {
      wheels.stripes.homes[(int) Thread.currentThread().getId() & Stripes.HOMES - 1] =
          (short) stripe;
    }

    private static void add(Wheels wheels, List<Plain> added, int count) {
      for (int i = 0; i < count; i++) {
        Plain entry = new Plain();
        wheels.add(entry, 1L << 40);
        added.add(entry);
      }
    }

    private static int cancelFrom(
        Wheels wheels, int stripe, List<Plain> entries, int from, int to) {
      home(wheels, stripe);
      int cancelled = 0;
      for (int i = from; i < to; i++) {
        cancelled += wheels.cancel(entries.get(i)) ? 1 : 0;
      }
      home(wheels, 0);
      return cancelled;
    }

    private static void require(boolean so, String otherwise) {
      if (!so) {
        System.out.println(otherwise);
        System.exit(1);
      }
    }
  }
}
