package com.acme.leaks;

import static com.acme.leaks.Probed.left;
import static com.acme.leaks.Probed.leftInTheEnd;
import static org.assertj.core.api.Assertions.assertThat;

import io.leaksafe.testkit.leak.Leak;
import io.leaksafe.testkit.leak.LeakKind;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.RandomAccessFile;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileLeaksTest {

  @TempDir
  private Path folder;

  private Path file() throws Exception {
    return Files.writeString(folder.resolve("orders.csv"), "order");
  }

  /** What is left of something that is opened, before it is closed. */
  private static Leak of(Callable<? extends AutoCloseable> opener) throws Exception {
    AutoCloseable[] opened = new AutoCloseable[1];
    List<Leak> leaks = left(() -> opened[0] = opener.call());
    opened[0].close();
    assertThat(leaks).hasSize(1);
    assertThat(leaks.get(0).frames().get(0).getClassName()).startsWith("com.acme.leaks.");
    return leaks.get(0);
  }

  @Test
  void inputStream_open_isNamedWithItsPath() throws Exception {
    Path file = file();
    assertThat(of(() -> new FileInputStream(file.toFile())).toString())
        .isEqualTo("FILE " + file + ", open for reading");
  }

  @Test
  void outputStream_open_isFound() throws Exception {
    Path file = file();
    assertThat(of(() -> new FileOutputStream(file.toFile())).state()).isEqualTo("open for writing");
  }

  @Test
  void randomAccessFile_open_isFound() throws Exception {
    Path file = file();
    assertThat(of(() -> new RandomAccessFile(file.toFile(), "rw")).kind()).isEqualTo(LeakKind.FILE);
  }

  @Test
  void channel_open_saysForWhat() throws Exception {
    Path file = file();
    assertThat(of(() -> FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE))
            .state())
        .isEqualTo("open for reading and writing");
  }

  @Test
  void channelOfAStream_open_isReportedOnceWithItsStream() throws Exception {
    Path file = file();
    assertThat(of(() -> {
              FileInputStream stream = new FileInputStream(file.toFile());
              assertThat(stream.getChannel().isOpen()).isTrue();
              return stream;
            })
            .state())
        .isEqualTo("open for reading");
  }

  @Test
  void asynchronousChannel_open_isFound() throws Exception {
    Path file = file();
    assertThat(of(() -> AsynchronousFileChannel.open(file)).kind()).isEqualTo(LeakKind.FILE);
  }

  @Test
  void reader_open_isFound() throws Exception {
    Path file = file();
    assertThat(of(() -> Files.newBufferedReader(file)).name()).isEqualTo(file.toString());
  }

  @Test
  void zipFile_open_isOneLeak() throws Exception {
    Path zip = zip();
    assertThat(of(() -> new ZipFile(zip.toFile())).name()).isEqualTo(zip.toString());
  }

  @Test
  void list_notClosed_isADirectoryStream() throws Exception {
    assertThat(of(() -> Files.list(folder)).kind()).isEqualTo(LeakKind.DIRECTORY_STREAM);
  }

  @Test
  void everything_closed_isNoLeak() throws Exception {
    Path file = file();
    Path zip = zip();
    assertThat(leftInTheEnd(() -> {
          new FileInputStream(file.toFile()).close();
          new FileOutputStream(file.toFile()).close();
          new RandomAccessFile(file.toFile(), "r").close();
          FileChannel.open(file).close();
          AsynchronousFileChannel.open(file).close();
          Files.newBufferedReader(file).close();
          new ZipFile(zip.toFile()).close();
          try (Stream<Path> walk = Files.walk(folder)) {
            assertThat(walk.count()).isGreaterThan(1);
          }
        }))
        .isEmpty();
  }

  @Test
  void stream_closedAndCollected_isNoLeak() throws Exception {
    Path file = file();
    assertThat(left(() -> {
          FileInputStream stream = new FileInputStream(file.toFile());
          WeakReference<Object> reference = new WeakReference<>(stream);
          stream.close();
          stream = null;
          collect(reference);
        }))
        .isEmpty();
  }

  @Test
  void stream_collectedBeforeItWasClosed_isStillALeak() throws Exception {
    Path file = file();
    List<Leak> leaks = left(() -> collect(opened(file)));

    assertThat(leaks)
        .extracting(Leak::toString)
        .containsExactly("FILE " + file + ", open, no longer referenced");
  }

  @Test
  void jarOfAClassLoader_open_isTheClassLoaders() throws Exception {
    Path zip = zip();
    try (URLClassLoader loader = new URLClassLoader(new URL[] {zip.toUri().toURL()}, null)) {
      assertThat(left(() -> assertThat(loader.getResource("entry")).isNotNull()))
          .isEmpty();
    }
  }

  private static WeakReference<Object> opened(Path file) throws Exception {
    return new WeakReference<>(new FileInputStream(file.toFile()));
  }

  private static void collect(WeakReference<Object> reference) {
    while (!reference.refersTo(null)) {
      System.gc();
      Thread.onSpinWait();
    }
  }

  private Path zip() throws Exception {
    Path zip = folder.resolve("archive.zip");
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
      out.putNextEntry(new ZipEntry("entry"));
      out.closeEntry();
    }
    return zip;
  }
}
