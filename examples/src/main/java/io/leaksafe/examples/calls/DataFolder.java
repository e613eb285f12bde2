package io.leaksafe.examples.calls;

import io.leaksafe.cleanup.Scope;
import io.leaksafe.handle.Handle;
import io.leaksafe.handle.Priority;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The folder of the journal: used by one process at a time, and removed where nobody asked to keep it. */
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

  /** Makes the folder, if it is not there, and keeps others out of it until the owner has closed. */
  static void claim(Scope owner, Path folder) throws IOException {
    Path file = Files.createDirectories(folder).resolve("calls.lock");
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    Handle<FileChannel> lock =
        owner.register("folder lock", channel, FileChannel::close).priority(Priority.LAST);
    if (!isFree(channel)) {
      lock.close();
      throw CannotRun.taken("'" + folder + "' is in use by another process, which would write into"
          + " the same journal. Choose another folder with --data, or end that process.");
    }
  }

  /** Locks the file, for as long as the channel is open; false if somebody else has. The file itself stays. */
  private static boolean isFree(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException inThisProcess) {
      return false;
    }
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
