package io.leaksafe.examples.calls;

import io.leaksafe.cleanup.Scope;
import io.leaksafe.handle.Priority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The folder of the journal, where nobody asked to keep it. */
final class DataFolder {

  private DataFolder() {}

  /** Makes a folder that goes with its owner, after the journal that is in it. */
  static Path temporary(Scope owner) throws IOException {
    Path folder = Files.createTempDirectory("calls");
    return owner
        .register("folder", folder, DataFolder::delete)
        .priority(Priority.LAST)
        .get();
  }

  /** Counts what the journal's files hold; none if there is no folder yet. */
  static long lines(Path folder) throws IOException {
    long lines = 0;
    for (String name : List.of("journal.jsonl", "journal.1.jsonl")) {
      Path file = folder.resolve(name);
      if (Files.exists(file)) {
        try (Stream<String> all = Files.lines(file)) {
          lines += all.count();
        }
      }
    }
    return lines;
  }

  private static void delete(Path folder) throws IOException {
    List<Path> deepestFirst;
    try (Stream<Path> all = Files.walk(folder)) {
      deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : deepestFirst) {
      Files.delete(path);
    }
  }
}
