package io.leaksafe.map;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.acme.shop.Hanging;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What happens to what a listener has not been told of, since it hangs or is slower than those who remove. */
class BacklogTest extends MapTestCase {

  static {
    // On the module path tests are part of core's module, which does not read the log's.
    Module ours = BacklogTest.class.getModule();
    for (String log : List.of("ch.qos.logback.classic", "ch.qos.logback.core")) {
      ModuleLayer.boot().findModule(log).ifPresent(module -> ours.addReads(module));
    }
  }

  private final ListAppender<ILoggingEvent> appender = new ListAppender<>();
  private final Logger logger = logger();

  private static Logger logger() {
    while (!(LoggerFactory.getILoggerFactory() instanceof LoggerContext)) {
      Thread.onSpinWait();
    }
    return (Logger) LoggerFactory.getLogger(BoundedMap.class.getPackageName());
  }

  @BeforeEach
  void listen() {
    appender.list = new CopyOnWriteArrayList<>();
    appender.start();
    logger.addAppender(appender);
  }

  @AfterEach
  void listenNoMore() {
    logger.detachAppender(appender);
  }

  private List<String> warnings(String path) {
    return appender.list.stream()
        .map(ILoggingEvent::getFormattedMessage)
        .filter(line -> line.contains("'" + path + "'"))
        .toList();
  }

  @Test
  void hangingListener_isWarnedOfAtEachDoubling_andSeenInTheDetails() throws Exception {
    List<Integer> told = Collections.synchronizedList(new ArrayList<>());
    Hanging<String> listener = new Hanging<>(told);
    BoundedMap<String, Integer> map = BoundedMap.<String, Integer>in(app, "hanging")
        .maximumSize(10)
        .onRemoval(listener)
        .build();
    map.put("k", 0);
    Thread hanging = new Thread(() -> map.put("k", 1), "put-k");
    hanging.start();
    listener.hangs.await();

    IntStream.rangeClosed(2, 1_000).forEach(i -> map.put("k", i));
    assertThat(warnings("app/hanging")).isEmpty();
    map.put("k", 1_001);
    assertThat(warnings("app/hanging"))
        .containsExactly(
            "1,000 removals of one key of map 'app/hanging' wait to be told of: its removal listener is busy with key 'k' on 'put-k', "
                + "at Hanging.onRemoval(Hanging.java:27). Each keeps its value until then. Let the listener return sooner, or "
                + "hand its work to an executor that has a bound.");
    assertThat(details()).containsEntry("untold removals", "1,001");
    IntStream.rangeClosed(1_002, 2_500).forEach(i -> map.put("k", i));
    assertThat(warnings("app/hanging"))
        .hasSize(2)
        .last()
        .asString()
        .startsWith("2,000 removals of");

    listener.goOn.countDown();
    hanging.join();
    time.settle();
    assertThat(told).isEqualTo(IntStream.range(0, 2_500).boxed().toList());
    assertThat(details()).doesNotContainKey("untold removals");
  }

  private Map<String, String> details() {
    return app.handles().get(0).details();
  }

  @Test
  void slowListener_thatWasWarnedOfOnce_isNotWarnedOfAgainUntilItIsWorse() {
    List<BoundedMap<Integer, Integer>> self = new ArrayList<>();
    self.add(BoundedMap.<Integer, Integer>in(app, "slow")
        .maximumSize(10)
        .onRemoval((key, value, cause) -> {
          if (value < 0) {
            IntStream.range(0, 1_001).forEach(i -> self.get(0).put(key, i));
          }
        })
        .build());
    for (int i = 0; i < 3; i++) {
      self.get(0).put(i, -1);
      self.get(0).remove(i);
      time.settle();
    }
    assertThat(warnings("app/slow"))
        .singleElement()
        .asString()
        .contains("busy with key '0' on '" + Thread.currentThread().getName() + "'. Each keeps");
  }

  /** A thread that removes one entry does not tell of those of all others for as long as they are faster. */
  @Test
  void caller_tellsOfAFewOthers_andAWorkerOfTheRest() {
    List<Thread> by = Collections.synchronizedList(new ArrayList<>());
    List<Integer> told = Collections.synchronizedList(new ArrayList<>());
    List<BoundedMap<String, Integer>> self = new ArrayList<>();
    self.add(BoundedMap.<String, Integer>in(app, "map")
        .maximumSize(10)
        .onRemoval((key, value, cause) -> {
          by.add(Thread.currentThread());
          told.add(value);
          if (value == 0) {
            IntStream.range(2, 500).forEach(i -> self.get(0).put(key, i));
          }
        })
        .build());
    self.get(0).put("k", 0);
    self.get(0).put("k", 1);
    time.settle();

    assertThat(told).isEqualTo(IntStream.range(0, 499).boxed().toList());
    assertThat(by.stream().filter(Thread.currentThread()::equals)).hasSize(1 + Removals.IN_A_ROW);
    assertThat(by.subList(0, 1 + Removals.IN_A_ROW)).containsOnly(Thread.currentThread());
  }

  /** A worker may never come: the engine closes. */
  @Test
  void close_tellsOfWhatWasHandedOnToAWorkerThatNeverBegins() {
    List<Object> told = new ArrayList<>();
    Removals removals =
        new Removals((key, value, cause) -> told.add(value), () -> "map", task -> true, 10);
    note(removals, 0, 200);
    assertThat(told).hasSize(1 + Removals.IN_A_ROW);
    assertThat(removals.untold()).isEqualTo(200 - 1 - Removals.IN_A_ROW);

    removals.takeOver();
    assertThat(told).isEqualTo(IntStream.range(0, 200).boxed().toList());
    note(removals, 200, 400);
    assertThat(told).isEqualTo(IntStream.range(0, 400).boxed().toList());
    assertThat(removals.untold()).isZero();
  }

  /** Notes values of one key, and only then tells of the first. */
  private static void note(Removals removals, int from, int to) {
    Removal first = removals.note(1, "k", from, RemovalCause.REMOVED);
    for (int i = from + 1; i < to; i++) {
      assertThat(removals.note(1, "k", i, RemovalCause.REMOVED)).isNull();
    }
    Removals.tellAll(first);
  }

  @Test
  void moreThanAllEntriesExpired_whileNoWorkerBegins_isWarnedOf() {
    Removals removals = new Removals((key, value, cause) -> {}, () -> "all", task -> true, 2_000);
    expire(removals, 0, 2_000);
    assertThat(warnings("all")).isEmpty();
    expire(removals, 2_000, 2_001);
    expire(removals, 2_001, 4_000);
    assertThat(warnings("all"))
        .singleElement()
        .asString()
        .startsWith(
            "2,001 removals of map 'all' wait to be told of: its removal listener is busy with key '")
        .contains("', which no worker has begun with. Each keeps its value until then.");
    removals.takeOver();
    assertThat(removals.untold()).isZero();
  }

  private static void expire(Removals removals, int from, int to) {
    Removal gone = null;
    for (int i = from; i < to; i++) {
      Removal noted = removals.note(Table.spread(i), i, "v", RemovalCause.EXPIRED);
      assertThat(noted).isNotNull();
      noted.next = gone;
      gone = noted;
    }
    removals.handOver(gone);
  }
}
