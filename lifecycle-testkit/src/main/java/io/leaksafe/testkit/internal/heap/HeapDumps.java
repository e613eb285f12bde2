package io.leaksafe.testkit.internal.heap;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/** Dumps of this JVM's heap in a temporary folder, which is gone afterwards. */
public final class HeapDumps {

  private HeapDumps() {}

  /**
   * Finds what keeps an object alive.
   *
   * @param reference the class of the weak reference to it, of which there must be one instance
   * @return a line for each step from the root on; empty if nothing does
   */
  public static List<String> retentionOf(Class<?> reference) throws IOException {
    Path folder = folder();
    try {
      Path dump = folder.resolve("heap.hprof");
      Diagnostics.dump(dump);
      return Retention.path(dump, reference.getName());
    } finally {
      delete(folder);
    }
  }

  /** Finds what holds the objects that an action leaves, of classes that are known to grow by about so many bytes in it. */
  static Map<String, Containers.Held> growthBy(Map<String, Double> counted, Callable<?> action)
      throws Exception {
    Path folder = folder();
    try {
      Path before = folder.resolve("before.hprof");
      Path after = folder.resolve("after.hprof");
      Garbage.settle();
      Diagnostics.dump(before);
      action.call();
      Garbage.settle();
      Diagnostics.dump(after);
      return Containers.compare(before, after, counted);
    } finally {
      delete(folder);
    }
  }

  private static Path folder() throws IOException {
    return Files.createTempDirectory("heap-");
  }

  /** Where a file cannot be deleted while it is mapped, as on Windows, it is when the JVM ends. */
  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        deleteNowOrAtExit(file.toFile());
      }
    }
    deleteNowOrAtExit(folder.toFile());
  }

  private static void deleteNowOrAtExit(File file) {
    if (!file.delete()) {
      file.deleteOnExit();
    }
  }
}
