package com.acme.shop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.leaksafe.cleanup.CleanupManager;
import io.leaksafe.cleanup.Scope;
import io.leaksafe.internal.virtual.VirtualScheduler;
import io.leaksafe.listener.ListenerException;
import io.leaksafe.listener.ListenerRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Which places in a user's code the warnings of listeners name. */
class ListenerOpenersTest {

  static {
    Module ours = ListenerOpenersTest.class.getModule();
    for (String log : List.of("ch.qos.logback.classic", "ch.qos.logback.core")) {
      ModuleLayer.boot().findModule(log).ifPresent(module -> ours.addReads(module));
    }
  }

  private final VirtualScheduler time = new VirtualScheduler();
  private final CleanupManager shop =
      CleanupManager.builder("listener-shop").timeSource(time).build();
  private final ListenerRegistry<Runnable> prices = ListenerRegistry.in(shop, "prices");
  private final List<String> heard = new ArrayList<>();
  private final ListAppender<ILoggingEvent> appender = new ListAppender<>();
  private final Logger logger = logger();

  private static Logger logger() {
    while (!(LoggerFactory.getILoggerFactory() instanceof LoggerContext)) {
      Thread.onSpinWait();
    }
    return (Logger) LoggerFactory.getLogger(ListenerRegistry.class.getPackageName());
  }

  @BeforeEach
  void listenToTheLog() {
    appender.list = new CopyOnWriteArrayList<>();
    appender.start();
    logger.addAppender(appender);
  }

  @AfterEach
  void close() throws Exception {
    logger.detachAppender(appender);
    time.run(shop::close);
  }

  private List<String> logged() {
    return appender.list.stream()
        .map(ILoggingEvent::getFormattedMessage)
        .filter(line -> line.contains("'listener-shop/"))
        .map(line -> line.replaceAll("java:\\d+", "java:0"))
        .toList();
  }

  private void connect() {
    prices.add(() -> heard.add("connected"));
  }

  private void watch(Scope scope) {
    prices.add(scope, () -> heard.add("watched"));
  }

  private void times(int many, Runnable body) {
    for (int i = 0; i < many; i++) {
      body.run();
    }
  }

  private void connectAll() {
    for (int i = 0; i < 8; i++) {
      connect();
    }
  }

  private void watchTwo(Scope scope) {
    for (int i = 0; i < 2; i++) {
      watch(scope);
    }
  }

  @Test
  void add_theTenth_warnsAndNamesThePlaces() {
    connectAll();
    assertThat(logged()).isEmpty();
    watchTwo(shop.child("scope"));
    assertThat(logged())
        .containsExactly("10 listeners in 'listener-shop/prices': "
            + "8 added at ListenerOpenersTest.connect(ListenerOpenersTest.java:0) "
            + "from ListenerOpenersTest.connectAll(ListenerOpenersTest.java:0), "
            + "2 added at ListenerOpenersTest.watch(ListenerOpenersTest.java:0) "
            + "from ListenerOpenersTest.watchTwo(ListenerOpenersTest.java:0). "
            + "Close the handle of each when its work is done, or add it together with the scope that listens: "
            + "add(scope, listener).");
  }

  @Test
  void add_atManyPlaces_namesThreeAndCountsTheRest() {
    times(3, this::connect);
    times(2, () -> watch(shop));
    prices.add(() -> heard.add("1"));
    prices.add(() -> heard.add("2"));
    prices.add(() -> heard.add("3"));
    prices.add(() -> heard.add("4"));
    prices.add(() -> heard.add("5"));
    assertThat(logged())
        .singleElement()
        .asString()
        .contains(
            ": 3 added at ListenerOpenersTest.connect",
            ", 2 added at ListenerOpenersTest.watch",
            ", 4 elsewhere. Close");
  }

  @Test
  void add_theSameTwice_namesBothPlaces() {
    Runnable same = () -> heard.add("same");
    prices.add(same);
    addAgain(same);
    assertThat(logged())
        .singleElement()
        .asString()
        .contains(
            "at ListenerOpenersTest.add_theSameTwice_namesBothPlaces(",
            "at ListenerOpenersTest.addAgain(");
  }

  private void addAgain(Runnable listener) {
    prices.add(listener);
  }

  @Test
  void fire_aListenerFails_logsItsOpener() {
    prices.add(() -> {
      throw new IllegalStateException("no price");
    });
    assertThatThrownBy(() -> prices.fire(Runnable::run)).isInstanceOf(ListenerException.class);
    assertThat(logged())
        .singleElement()
        .asString()
        .startsWith("A listener of 'listener-shop/prices', opened 0 ns ago by '")
        .contains(
            "at ListenerOpenersTest.fire_aListenerFails_logsItsOpener(ListenerOpenersTest.java:0) from ")
        .endsWith(", failed; the others are called.");
  }
}
