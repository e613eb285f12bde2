package io.leaksafe.health;

import io.leaksafe.handle.Kind;
import io.leaksafe.internal.measure.ThisProcess;
import io.leaksafe.internal.tree.OwnerNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads what this JVM and its platform tell. */
final class JvmProbe implements SampledHealth.Probe {

  private static final Path SELF = Path.of("/proc/self");
  private static final Kind[] KINDS = Kind.values();
  private static final long KILO = 1_024;
  private static final long UNKNOWN = ThisProcess.UNKNOWN;

  private final OwnerNode top;
  private final @Nullable GcWatch collections;

  JvmProbe(OwnerNode scope) {
    this.top = scope.root().top();
    this.collections = collections(scope);
  }

  /** Null where the module java.management is missing, which only shows when it is used. */
  private static @Nullable GcWatch collections(OwnerNode scope) {
    try {
      return new GcWatch(scope);
    } catch (NoClassDefFoundError missing) {
      return null;
    }
  }

  @Override
  public Reading read() {
    Runtime runtime = Runtime.getRuntime();
    GcWatch after = collections;
    GcWatch.Heap heap = after == null ? null : after.latest();
    return new Reading(
        runtime.totalMemory() - runtime.freeMemory(),
        heap == null ? UNKNOWN : heap.used(),
        runtime.maxMemory(),
        heap == null ? 0 : heap.number(),
        number(SELF.resolve("status"), "VmRSS:", kilobytes -> Long.parseLong(kilobytes) * KILO),
        ThisProcess.threads(),
        handles(),
        ThisProcess.openFiles(),
        number(SELF.resolve("limits"), "Max open files", JvmProbe::limit));
  }

  private static long limit(String number) {
    return number.equals("unlimited") ? UNKNOWN : Long.parseLong(number);
  }

  /** The first word behind the given beginning of a line; unknown where there is no such file or line. */
  private static long number(Path file, String begins, ToLongFunction<String> parse) {
    if (!Files.isReadable(file)) {
      return UNKNOWN;
    }
    try (Stream<String> lines = Files.lines(file)) {
      return lines
          .filter(line -> line.startsWith(begins))
          .findFirst()
          .map(line ->
              parse.applyAsLong(line.substring(begins.length()).strip().split("\\s+", 2)[0]))
          .orElse(UNKNOWN);
    } catch (IOException | UncheckedIOException | NumberFormatException unlike) {
      return UNKNOWN; // another platform's /proc
    }
  }

  private Map<Kind, Integer> handles() {
    int[] counts = new int[KINDS.length];
    List<OwnerNode> owners = new ArrayList<>();
    owners.add(top);
    for (int i = 0; i < owners.size(); i++) {
      owners.get(i).census(counts, owners);
    }
    Map<Kind, Integer> handles = new EnumMap<>(Kind.class);
    for (int i = 0; i < counts.length; i++) {
      if (counts[i] > 0) {
        handles.put(KINDS[i], counts[i]);
      }
    }
    return Collections.unmodifiableMap(handles);
  }
}
