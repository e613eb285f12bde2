package io.leaksafe.hitratios;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.tukaani.xz.XZInputStream;

/** Traces kept in a folder, as text or numbers, plain or compressed. */
final class TraceFile {

  private static final int BUFFER = 1 << 16;
  private static final Pattern ENDINGS = Pattern.compile("(\\.trace)?(\\.(gz|xz))?$");

  private TraceFile() {}

  /** The files of a folder whose names begin with a known format, in order of name; others are left alone. */
  static List<Path> in(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new CannotRead(
          "'" + folder + "' is not a folder. --traces takes a folder of trace files.");
    }
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> traces = files
          .filter(file -> format(file).isPresent() && Files.isRegularFile(file))
          .sorted()
          .toList();
      if (traces.isEmpty()) {
        throw new CannotRead("'" + folder
            + "' has no trace: a name must begin with arc-, cache2k-, corda- or lirs-.");
      }
      return traces;
    } catch (IOException e) {
      throw new CannotRead("'" + folder + "' cannot be listed: " + e, e);
    }
  }

  /** The name that a trace goes by: its file's, without what tells how it is compressed. */
  static String name(Path file) {
    return ENDINGS.matcher(String.valueOf(file.getFileName())).replaceFirst("");
  }

  static Trace read(Path file) {
    TraceFormat format = format(file)
        .orElseThrow(() ->
            new CannotRead("'" + file + "' must begin with arc-, cache2k-, corda- or lirs-."));
    Trace.Builder trace = new Trace.Builder();
    try (InputStream in = open(file)) {
      format.read(in, trace);
    } catch (IOException e) {
      throw new CannotRead("'" + file + "' cannot be read: " + reason(e), e);
    }
    if (trace.length() == 0) {
      throw new CannotRead("'" + file + "' has no access.");
    }
    return trace.build(name(file));
  }

  private static Optional<TraceFormat> format(Path file) {
    String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
    return Stream.of(TraceFormat.values())
        .filter(format -> name.startsWith(format.name().toLowerCase(Locale.ROOT) + "-"))
        .findAny();
  }

  private static InputStream open(Path file) throws IOException {
    InputStream raw = new BufferedInputStream(Files.newInputStream(file), BUFFER);
    try {
      String name = String.valueOf(file.getFileName());
      if (name.endsWith(".gz")) {
        return new BufferedInputStream(new GZIPInputStream(raw, BUFFER), BUFFER);
      }
      return name.endsWith(".xz") ? new BufferedInputStream(new XZInputStream(raw), BUFFER) : raw;
    } catch (IOException e) {
      raw.close();
      throw e;
    }
  }

  private static String reason(IOException e) {
    return e instanceof TraceFormat.Malformed ? e.getMessage() : e.toString();
  }
}
