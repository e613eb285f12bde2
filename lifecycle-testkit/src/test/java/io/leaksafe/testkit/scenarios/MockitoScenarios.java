package io.leaksafe.testkit.scenarios;

import static io.leaksafe.testkit.leak.LeakKind.FILE;
import static io.leaksafe.testkit.leak.LeakKind.THREAD;
import static io.leaksafe.testkit.leak.LeakKind.TIMER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.doReturn;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.mockConstruction;
import static org.mockito.Mockito.mockStatic;
import static org.mockito.Mockito.spy;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Timer;
import java.util.concurrent.ThreadPoolExecutor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mockito.MockedConstruction;
import org.mockito.MockedStatic;

/** Mocks beside the check: Mockito's agent changes classes of the user's and of the JDK, also those that ours has changed. */
class MockitoScenarios {

  @TempDir
  Path folder;

  private Path file;

  /** Final, so that only the inline mock maker can mock it. */
  static final class Prices {
    Thread poll() {
      Thread thread = new Thread(Later::idle, "price-poller");
      thread.start();
      return thread;
    }

    InputStream open(Path file) throws IOException {
      return new FileInputStream(file.toFile());
    }

    static String currency() {
      return "EUR";
    }
  }

  @BeforeEach
  void write() throws IOException {
    file = Files.writeString(folder.resolve("prices.csv"), "id;price\n");
  }

  @Test
  void mocked_opensNothing() throws Exception {
    Prices prices = mock(Prices.class);
    when(prices.open(any())).thenReturn(InputStream.nullInputStream());
    assertThat(prices.open(file).read()).isEqualTo(-1);
    assertThat(prices.poll()).isNull();
    verify(prices).poll();
  }

  @Test
  @Left(
      value = THREAD,
      says = {"price-poller", "MockitoScenarios.spied_startsAThread("},
      by = "MockitoScenarios$Prices.poll(")
  void spied_startsAThread() throws Exception {
    Prices prices = spy(new Prices());
    doReturn(InputStream.nullInputStream()).when(prices).open(any());
    assertThat(prices.poll().isAlive()).isTrue();
    assertThat(prices.open(file).read()).isEqualTo(-1);
    verify(prices).poll();
  }

  @Test
  @Left(
      value = FILE,
      says = {"prices.csv", "MockitoScenarios.mockedStatics_aFileStaysOpen("},
      by = "MockitoScenarios$Prices.open(")
  void mockedStatics_aFileStaysOpen() throws Exception {
    try (MockedStatic<Prices> statics = mockStatic(Prices.class)) {
      statics.when(Prices::currency).thenReturn("CHF");
      assertThat(Prices.currency()).isEqualTo("CHF");
    }
    assertThat(Prices.currency()).isEqualTo("EUR");
    Later.close(new Prices().open(file));
  }

  @Test
  void mockedStatics_theFileIsClosed() throws Exception {
    try (MockedStatic<Prices> statics = mockStatic(Prices.class)) {
      statics.when(Prices::currency).thenReturn("CHF");
      assertThat(Prices.currency()).isEqualTo("CHF");
    }
    try (InputStream in = new Prices().open(file)) {
      assertThat(in.read()).isEqualTo('i');
    }
  }

  /** They say of themselves what the test wants. */
  @Test
  void mockedClassesOfTheJdk_areNoLeaks() throws Exception {
    Timer timer = mock(Timer.class);
    timer.schedule(null, 1);
    verify(timer).schedule(null, 1);
    ThreadPoolExecutor pool = mock(ThreadPoolExecutor.class);
    when(pool.getPoolSize()).thenReturn(7);
    pool.execute(() -> {});
    assertThat(pool.getPoolSize()).isEqualTo(7);
    Socket socket = mock(Socket.class);
    when(socket.isConnected()).thenReturn(true);
    socket.connect(new InetSocketAddress(1), 1);
    assertThat(socket.isConnected()).isTrue();
    FileInputStream in = mock(FileInputStream.class);
    when(in.read()).thenReturn(17);
    assertThat(in.read()).isEqualTo(17);
  }

  @Test
  void mockedConstructionOfTheJdks_isNoLeak() throws Exception {
    try (MockedConstruction<FileInputStream> files =
        mockConstruction(FileInputStream.class, (in, context) -> when(in.read()).thenReturn(17))) {
      assertThat(new Prices().open(file).read()).isEqualTo(17);
      assertThat(files.constructed()).hasSize(1);
    }
  }

  /** The probes are still there, in classes that Mockito changed after us. */
  @Test
  @Left(
      value = TIMER,
      says = {"real-timer"})
  void mockedClassOfTheJdk_aRealOneIsLeft() {
    Timer mocked = mock(Timer.class);
    mocked.cancel();
    verify(mocked).cancel();
    Later.end(new Timer("real-timer"), Timer::cancel);
  }
}
