package io.leaksafe.testkit.agent;

import static io.leaksafe.testkit.agent.Hook.NONE;
import static io.leaksafe.testkit.agent.Hook.THIS;
import static io.leaksafe.testkit.agent.Hook.TOP;
import static io.leaksafe.testkit.agent.Place.ENTRY;
import static io.leaksafe.testkit.agent.Place.EXIT;
import static io.leaksafe.testkit.agent.Place.SPAN;

import java.util.List;

/**
 * The places of the JDK, one row each. A thing is announced where it begins to cost something: a thread when it is started, a
 * socket when it is connected or bound. Names that only some JDKs have stand side by side: per event and class one is enough.
 */
final class Probes {

  private static final String INIT = "<init>";
  private static final String NIO = "sun/nio/ch/";
  private static final String CONCURRENT = "java/util/concurrent/";
  private static final String POOL = CONCURRENT + "ThreadPoolExecutor";
  private static final String FORK_JOIN = CONCURRENT + "ForkJoinPool";

  private Probes() {}

  static List<Probe> all() {
    return List.of(
        threads(),
        virtualThreads(),
        timers(),
        timerTasks(),
        pools(),
        poolTasks(),
        forkJoinPools(),
        forkJoinTasks(),
        threadPerTask(),
        delayedTasks(),
        fileStreams(),
        fileChannels(),
        zipFiles(),
        directories(),
        sockets(),
        serverSockets(),
        channels(),
        selectors(),
        httpClients(),
        processes(),
        shutdownHooks(),
        directMemory(),
        deleteOnExit());
  }

  private static Probe threads() {
    return new Probe("threads", 17).at("thread", "java/lang/Thread", "start", ENTRY, THIS, NONE);
  }

  private static Probe virtualThreads() {
    return new Probe("virtual threads", 21)
        .at("thread", "java/lang/VirtualThread", "start", ENTRY, THIS, NONE);
  }

  private static Probe timers() {
    return new Probe("timers", 17).at("timer", "java/util/Timer", INIT, EXIT, THIS, NONE);
  }

  private static Probe timerTasks() {
    return new Probe("timer tasks", 17)
        .at("timerTask", "java/util/Timer", "sched", EXIT, 1, THIS)
        .running("java/util/TimerThread", "mainLoop", "run", "run");
  }

  private static Probe pools() {
    return new Probe("thread pools", 17)
        .at("executor", POOL, INIT, EXIT, THIS, NONE)
        .at("grow", POOL, "addWorker", SPAN, THIS, NONE);
  }

  private static Probe poolTasks() {
    return new Probe("tasks of thread pools", 17)
        .at("task", POOL, "execute", ENTRY, 1, THIS)
        .at("task", CONCURRENT + "ScheduledThreadPoolExecutor", "delayedExecute", ENTRY, 1, THIS)
        .running(POOL, "runWorker", "beforeExecute", "afterExecute");
  }

  private static Probe forkJoinPools() {
    return new Probe("fork-join pools", 17)
        .at("executor", FORK_JOIN, INIT, EXIT, THIS, NONE)
        .at("grow", FORK_JOIN, "createWorker", SPAN, THIS, NONE);
  }

  private static Probe forkJoinTasks() {
    return new Probe("tasks of fork-join pools", 17)
        .at("task", FORK_JOIN, "externalPush", ENTRY, 1, THIS)
        .at("task", FORK_JOIN, "externalSubmit", ENTRY, 1, THIS)
        .at("task", FORK_JOIN, "poolSubmit", ENTRY, 2, THIS)
        .at("run", CONCURRENT + "ForkJoinTask", "doExec", SPAN, THIS, NONE);
  }

  private static Probe threadPerTask() {
    return new Probe("thread-per-task executors", 21)
        .at("executor", CONCURRENT + "ThreadPerTaskExecutor", INIT, EXIT, THIS, NONE);
  }

  private static Probe delayedTasks() {
    return new Probe("delayed tasks of fork-join pools", 25)
        .at("delayed", FORK_JOIN, "scheduleDelayedTask", ENTRY, 1, THIS)
        .at("grow", FORK_JOIN, "startDelayScheduler", SPAN, THIS, NONE);
  }

  private static Probe fileStreams() {
    return new Probe("file streams", 17)
        .at("file", "java/io/FileInputStream", INIT, "(Ljava/io/File;", EXIT, THIS, 1)
        .at("file", "java/io/FileOutputStream", INIT, "(Ljava/io/File;", EXIT, THIS, 1)
        .at("file", "java/io/RandomAccessFile", INIT, "(Ljava/io/File;", EXIT, THIS, 1)
        .closed("java/io/FileInputStream", "close")
        .closed("java/io/FileOutputStream", "close")
        .closed("java/io/RandomAccessFile", "close");
  }

  private static Probe fileChannels() {
    return new Probe("file channels", 17)
        .at("file", NIO + "FileChannelImpl", "open", EXIT, TOP, 2)
        .at("file", NIO + "AsynchronousFileChannelImpl", INIT, EXIT, THIS, NONE)
        .closed(NIO + "SimpleAsynchronousFileChannelImpl", "close")
        .closed(NIO + "FileChannelImpl", "implCloseChannel"); // also when an interrupt closes it
  }

  private static Probe zipFiles() {
    return new Probe("zip files", 17)
        .at("file", "java/util/zip/ZipFile", INIT, "(Ljava/io/File;I", EXIT, THIS, 1)
        .closed("java/util/zip/ZipFile", "close");
  }

  private static Probe directories() {
    return new Probe("directory streams", 17)
        .at("directory", "sun/nio/fs/UnixDirectoryStream", INIT, EXIT, THIS, 1)
        .at("directory", "sun/nio/fs/WindowsDirectoryStream", INIT, EXIT, THIS, 1)
        .closed("sun/nio/fs/UnixDirectoryStream", "closeImpl")
        .closed("sun/nio/fs/WindowsDirectoryStream", "close")
        .anyOfItsClasses();
  }

  private static Probe sockets() {
    return new Probe("sockets", 17)
        .at("socket", "java/net/Socket", "connect", "(Ljava/net/SocketAddress;I", EXIT, THIS, NONE)
        .at("socket", "java/net/Socket", "bind", EXIT, THIS, NONE)
        .at("socket", "java/net/ServerSocket", "implAccept", "(Ljava/net/Socket;", EXIT, 1, NONE)
        .closed("java/net/Socket", "close");
  }

  private static Probe serverSockets() {
    return new Probe("server sockets", 17)
        .at("socket", "java/net/ServerSocket", "bind", EXIT, THIS, NONE)
        .closed("java/net/ServerSocket", "close");
  }

  private static Probe channels() {
    Probe probe = new Probe("network channels and pipes", 17);
    List.of(
            "SocketChannelImpl",
            "ServerSocketChannelImpl",
            "DatagramChannelImpl",
            "SourceChannelImpl",
            "SinkChannelImpl",
            "AsynchronousSocketChannelImpl",
            "AsynchronousServerSocketChannelImpl")
        .forEach(type -> probe.at("channel", NIO + type, INIT, EXIT, THIS, NONE));
    return probe
        .closed("java/nio/channels/spi/AbstractSelectableChannel", "implCloseChannel")
        .closed(NIO + "AsynchronousSocketChannelImpl", "close")
        .closed(NIO + "AsynchronousServerSocketChannelImpl", "close");
  }

  private static Probe selectors() {
    return new Probe("selectors", 17)
        .at("selector", NIO + "SelectorImpl", INIT, EXIT, THIS, NONE)
        .closed("java/nio/channels/spi/AbstractSelector", "close");
  }

  private static Probe httpClients() {
    return new Probe("HTTP clients", 17)
        .at("httpClient", "jdk/internal/net/http/HttpClientImpl", INIT, EXIT, THIS, NONE)
        .whenLoaded();
  }

  private static Probe processes() {
    return new Probe("processes", 17)
        .at("process", "java/lang/ProcessBuilder", "start", "([", EXIT, TOP, THIS);
  }

  private static Probe shutdownHooks() {
    return new Probe("shutdown hooks", 17)
        .at("hook", "java/lang/ApplicationShutdownHooks", "add", EXIT, 1, NONE);
  }

  private static Probe directMemory() {
    return new Probe("direct memory", 17)
        .at("directMemory", "java/nio/DirectByteBuffer", INIT, "(I)", EXIT, THIS, NONE);
  }

  private static Probe deleteOnExit() {
    return new Probe("delete on exit", 17)
        .at("deleteOnExit", "java/io/DeleteOnExitHook", "add", EXIT, 1, NONE);
  }
}
