package io.leaksafe.examples.docs;

import static io.leaksafe.examples.docs.Docs.assertShown;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.leaksafe.cleanup.CleanupManager;
import io.leaksafe.cleanup.Scope;
import io.leaksafe.handle.Handle;
import io.leaksafe.listener.ListenerException;
import io.leaksafe.listener.ListenerRegistry;
import io.leaksafe.testkit.VirtualTime;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** How to have listeners of one's own. */
class OwnListenersTest {

  private final VirtualTime time = VirtualTime.create();
  private final CleanupManager app =
      CleanupManager.builder("market").timeSource(time).build();
  private final List<String> heard = new ArrayList<>();
  private final Logger logger = (Logger) LoggerFactory.getLogger("io.leaksafe.listener");
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();

  @BeforeEach
  void listenToTheLog() {
    log.start();
    logger.addAppender(log);
  }

  @AfterEach
  void close() throws Exception {
    logger.detachAppender(log);
    time.run(app::close);
  }

  // region emitter
  interface PriceListener {
    void changed(String symbol, double price);
  }

  static final class Prices {
    private final ListenerRegistry<PriceListener> listeners;

    Prices(Scope owner) {
      listeners = ListenerRegistry.in(owner, "prices");
    }

    Handle<PriceListener> listen(Scope scope, PriceListener listener) {
      return listeners.add(scope, listener); // gone with the scope, or with the emitter
    }

    void tick(String symbol, double price) {
      listeners.fire(PriceListener::changed, symbol, price);
    }
  }
  // endregion

  private void onPrice(String symbol, double price) {
    heard.add(symbol + " " + price);
  }

  @Test
  void close_theSessionThatListens_removesItsListener() {
    Prices prices = new Prices(app);
    // region listen
    Scope session = app.child("session");
    prices.listen(session, this::onPrice);
    prices.tick("EURUSD", 1.08);
    session.close();
    prices.tick("EURUSD", 1.09);
    // endregion
    assertThat(heard).containsExactly("EURUSD 1.08");
  }

  @Test
  void fire_aListenerThatThrows_callsTheOthers() {
    Prices prices = new Prices(app);
    prices.listen(app, (symbol, price) -> {
      throw new IllegalStateException("no such symbol");
    });
    prices.listen(app, this::onPrice);
    assertThatThrownBy(() -> prices.tick("EURUSD", 1.08))
        .isInstanceOf(ListenerException.class)
        .satisfies(thrown -> assertShown("OwnListenersTest", "failed", thrown.getMessage()));
    assertThat(heard).hasSize(1);
  }

  @Test
  void fire_aListenerThatThrows_isLogged() {
    Prices prices = new Prices(app);
    Docs.onThreadNamed("main", () -> listenBadly(prices));
    assertThatThrownBy(() -> prices.tick("EURUSD", 1.08)).isInstanceOf(ListenerException.class);
    assertShown("OwnListenersTest", "log-failed", logged());
  }

  private void listenBadly(Prices prices) {
    prices.listen(app, (symbol, price) -> {
      throw new IllegalStateException("no such symbol");
    });
  }

  @Test
  void listen_again_withoutClosing_isWarnedOf() {
    Prices prices = new Prices(app);
    for (int i = 0; i < 10; i++) {
      reconnect(prices);
    }
    assertShown("OwnListenersTest", "many", logged());
  }

  private void reconnect(Prices prices) {
    prices.listen(app, this::onPrice);
  }

  @Test
  void listen_twiceWithTheSame_isWarnedOf() {
    Prices prices = new Prices(app);
    Docs.onThreadNamed("main", () -> listenTwice(prices));
    assertShown("OwnListenersTest", "twice", logged());
  }

  private void listenTwice(Prices prices) {
    PriceListener listener = this::onPrice;
    prices.listen(app, listener);
    prices.listen(app, listener);
  }

  @Test
  void addWeak_aView_goesWithIt() {
    ListenerRegistry<PriceListener> listeners = ListenerRegistry.in(app, "prices");
    View view = new View();
    // region weak
    listeners.addWeak(view, it -> it::changed);
    // endregion
    listeners.fire(PriceListener::changed, "EURUSD", 1.08);
    assertThat(view.shown).isEqualTo("EURUSD 1.08");
    Reference.reachabilityFence(view);
  }

  private static final class View {
    private String shown = "";

    void changed(String symbol, double price) {
      shown = symbol + " " + price;
    }
  }

  @Test
  void warnAbove_whereManyAreMeant_isSetOnce() {
    // region many
    ListenerRegistry<PriceListener> listeners =
        ListenerRegistry.<PriceListener>in(app, "prices").warnAbove(5_000);
    // endregion
    for (int i = 0; i < 100; i++) {
      listeners.add(this::onPrice);
    }
    assertThat(log.list).isEmpty();
  }

  private String logged() {
    assertThat(log.list).hasSize(1);
    return log.list.get(0).toString();
  }
}
