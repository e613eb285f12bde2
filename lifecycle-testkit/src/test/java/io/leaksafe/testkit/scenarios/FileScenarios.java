package io.leaksafe.testkit.scenarios;

import static io.leaksafe.testkit.leak.LeakKind.DIRECTORY_STREAM;
import static io.leaksafe.testkit.leak.LeakKind.FILE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leaksafe.testkit.Collectable;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files and directories that stay open. */
class FileScenarios {

  @TempDir
  Path folder;

  private InputStream openDuringTheTest;

  @BeforeEach
  void open() throws IOException {
    openDuringTheTest =
        new FileInputStream(Files.createFile(folder.resolve("fixture")).toFile());
  }

  @AfterEach
  void close() throws IOException {
    openDuringTheTest.close();
  }

  private Path file(String name) throws IOException {
    return Files.writeString(folder.resolve(name), "id;price\n");
  }

  @Test
  @Left(
      value = FILE,
      says = {"orders.csv", "reading"})
  void inputStream() throws IOException {
    Later.close(new FileInputStream(file("orders.csv").toFile()));
  }

  @Test
  @Left(
      value = FILE,
      says = {"out.csv", "writing"})
  void outputStream() throws IOException {
    Later.close(new FileOutputStream(folder.resolve("out.csv").toFile()));
  }

  @Test
  @Left(value = FILE, says = "random.bin")
  void randomAccess() throws IOException {
    Later.close(new RandomAccessFile(file("random.bin").toFile(), "rw"));
  }

  @Test
  @Left(value = FILE, says = "channel.bin")
  void channel() throws IOException {
    Later.close(FileChannel.open(file("channel.bin")));
  }

  @Test
  @Left(value = FILE, says = "reader.csv")
  void bufferedReader() throws IOException {
    Later.close(Files.newBufferedReader(file("reader.csv")));
  }

  @Test
  @Left(value = FILE, says = "lines.csv")
  void lines() throws IOException {
    Later.close(Files.lines(file("lines.csv")));
  }

  @Test
  @Left(value = FILE, says = "archive.zip")
  void zipFile() throws IOException {
    Later.close(new ZipFile(zip("archive.zip").toFile()));
  }

  private Path zip(String name) throws IOException {
    Path zip = folder.resolve(name);
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
      out.putNextEntry(new ZipEntry("entry.txt"));
      out.write(new byte[] {1});
    }
    return zip;
  }

  @Test
  @Left(
      value = FILE,
      says = {"dropped.csv", "no longer referenced"})
  void noLongerReferenced() throws IOException {
    drop(file("dropped.csv"));
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
  }

  private static void drop(Path file) throws IOException {
    new FileInputStream(file.toFile()).read();
  }

  @Test
  @Left(DIRECTORY_STREAM)
  void list() throws IOException {
    Later.close(Files.list(folder));
  }

  @Test
  @Left(DIRECTORY_STREAM)
  void directoryStream() throws IOException {
    Later.close(Files.newDirectoryStream(folder));
  }

  @Test
  @Left(value = FILE, says = "picture.png")
  void imageInputStream() throws Exception {
    Object picture = file("picture.png").toFile();
    Later.close((Closeable) Class.forName("javax.imageio.ImageIO")
        .getMethod("createImageInputStream", Object.class)
        .invoke(null, picture));
  }

  // ---- near misses

  /** The interrupt closes it, and nobody calls close() any more. */
  @Test
  void closedByAnInterrupt() throws Exception {
    Collectable gone = Collectable.of(interrupted(FileChannel.open(file("interrupted.bin"))));
    assertThat(gone.isCollected()).isTrue();
  }

  private static FileChannel interrupted(FileChannel channel) {
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> channel.read(ByteBuffer.allocate(1)))
        .isInstanceOf(ClosedByInterruptException.class);
    assertThat(Thread.interrupted()).isTrue();
    return channel;
  }

  @Test
  void closedStreams() throws IOException {
    Path file = file("closed.csv");
    try (InputStream in = new FileInputStream(file.toFile());
        BufferedReader reader = Files.newBufferedReader(file, UTF_8);
        FileChannel channel = FileChannel.open(file);
        RandomAccessFile random = new RandomAccessFile(file.toFile(), "r")) {
      in.read();
      reader.readLine();
      channel.size();
      random.read();
    }
  }

  @Test
  void closedDirectories() throws IOException {
    try (Stream<Path> list = Files.list(folder);
        Stream<Path> walk = Files.walk(folder);
        DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
      assertThat(list.count()).isEqualTo(1);
      assertThat(walk.count()).isEqualTo(2);
      assertThat(stream).hasSize(1);
    }
  }

  @Test
  void readWhole() throws IOException {
    Path file = file("whole.csv");
    Files.readAllLines(file);
    Files.readString(file);
    Files.copy(file, folder.resolve("copy.csv"));
  }

  @Test
  void notThere() {
    assertThatThrownBy(() -> new FileInputStream(folder.resolve("missing").toFile()))
        .isInstanceOf(IOException.class);
  }

  @Test
  void openedByAClassLoader() throws Exception {
    URLClassLoader loader =
        Later.close(new URLClassLoader(new URL[] {zip("library.jar").toUri().toURL()}, null));
    loader.findResource("entry.txt");
  }

  @Test
  void closedTwiceRemoved() throws IOException {
    InputStream in = Files.newInputStream(file("twice.csv"));
    in.close();
    in.close();
    Files.delete(folder.resolve("twice.csv"));
  }
}
