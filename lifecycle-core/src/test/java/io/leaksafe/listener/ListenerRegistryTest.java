package io.leaksafe.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leaksafe.cleanup.CleanupManager;
import io.leaksafe.cleanup.CloseReport;
import io.leaksafe.cleanup.Scope;
import io.leaksafe.handle.ClosedScopeException;
import io.leaksafe.handle.Handle;
import io.leaksafe.handle.HandleInfo;
import io.leaksafe.handle.Kind;
import io.leaksafe.handle.Priority;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Adding and removing: who is called, who owns it, and who ends it. */
class ListenerRegistryTest extends ListenerTestCase {

  @Test
  void fire_toSeveral_callsThemInTheOrderOfAdding() {
    events.add(hears("a"));
    events.add(hears("b"));
    events.add(hears("c"));
    fire("1");
    assertThat(heard).containsExactly("a 1", "b 1", "c 1");
  }

  @Test
  void fire_withTwoArguments_passesBoth() {
    ListenerRegistry<List<String>> lists = ListenerRegistry.in(app, "lists");
    lists.add(heard);
    lists.fire((list, at, what) -> list.add(at, what), 0, "first");
    lists.fire(list -> list.add("last"));
    assertThat(heard).containsExactly("first", "last");
  }

  @Test
  void fire_toNobody_doesNothing() {
    fire("1");
    assertThat(heard).isEmpty();
  }

  @Test
  void close_aHandle_removesThatListenerAlone() {
    Handle<Heard> a = events.add(hears("a"));
    events.add(hears("b"));
    a.close();
    a.close();
    fire("1");
    assertThat(heard).containsExactly("b 1");
    assertThat(events.size()).isEqualTo(1);
  }

  @Test
  void add_whileFiring_isCalledFromTheNextTimeOn() {
    events.add(event -> {
      heard.add("a " + event);
      if (event.equals("1")) {
        events.add(hears("b"));
      }
    });
    fire("1");
    assertThat(heard).containsExactly("a 1");
    fire("2");
    assertThat(heard).containsExactly("a 1", "a 2", "b 2");
  }

  @Test
  void add_whileFiringAndAsManyAreRemoved_isCalledFromTheNextTimeOn() {
    events.add(event -> {
      for (int i = 0; i < 100; i++) {
        Handle<Heard> other = events.add(hears("other"));
        if (i < 99) {
          other.close();
        }
      }
    });
    events.add(hears("b"));
    fire("1");
    assertThat(heard).containsExactly("b 1");
    assertThat(events.size()).isEqualTo(3);
  }

  @Test
  void close_ofALaterListenerWhileFiring_keepsItFromBeingCalled() {
    List<Handle<Heard>> later = new ArrayList<>();
    events.add(event -> later.get(0).close());
    later.add(events.add(hears("b")));
    events.add(hears("c"));
    fire("1");
    assertThat(heard).containsExactly("c 1");
  }

  @Test
  void close_ofItselfWhileFiring_callsItOnce() {
    List<Handle<Heard>> own = new ArrayList<>();
    own.add(events.add(event -> {
      heard.add("once " + event);
      own.get(0).close();
    }));
    events.add(hears("b"));
    fire("1");
    fire("2");
    assertThat(heard).containsExactly("once 1", "b 1", "b 2");
  }

  @Test
  void fire_fromWithinAListener_runsToItsEndFirst() {
    events.add(event -> {
      if (event.equals("outer")) {
        fire("inner");
      }
    });
    events.add(hears("b"));
    fire("outer");
    assertThat(heard).containsExactly("b inner", "b outer");
  }

  // ---- owners

  @Test
  void in_aScope_standsThereAsAnOwnerOfListeners() {
    events.add(hears("a"));
    HandleInfo registry = app.handles().get(1);
    assertThat(registry.path()).isEqualTo(root + "/events");
    assertThat(registry.kind()).isEqualTo(Kind.LISTENER);
    assertThat(registry.priority()).isEqualTo(Priority.EARLY);
    assertThat(registry.details()).containsEntry("listeners", "1");
    assertThat(events).hasToString("Listeners '" + root + "/events', 1 live");
    HandleInfo listener = app.handles().get(0);
    assertThat(listener.path()).isEqualTo(root + "/events/listener");
    assertThat(listener.kind()).isEqualTo(Kind.LISTENER);
    assertThat(listener.origin()).isNotEmpty();
  }

  @Test
  void close_theOwner_removesAllListeners() throws Exception {
    Scope scope = app.child("scope");
    ListenerRegistry<Heard> own = ListenerRegistry.in(scope, "own");
    own.add(hears("a"));
    time.run(scope::close);
    own.fire(Heard::on, "1");
    assertThat(heard).isEmpty();
    assertThat(own.size()).isZero();
    assertThatThrownBy(() -> own.add(hears("b")))
        .isInstanceOf(ClosedScopeException.class)
        .hasMessageContaining("'" + root + "/scope/own' is closed");
    ListenerCheck.verify(own);
  }

  @Test
  void close_theScopeThatListens_removesItsListeners() throws Exception {
    Scope session = app.child("session");
    events.add(session, hears("session"));
    events.add(hears("stays"));
    assertThat(session.handles()).hasSize(1);
    session.close();
    fire("1");
    assertThat(heard).containsExactly("stays 1");
  }

  @Test
  void close_theRegistryFirst_leavesNothingInTheScopeThatListens() throws Exception {
    Scope publisher = app.child("publisher");
    Scope session = app.child("session");
    ListenerRegistry<Heard> own = ListenerRegistry.in(publisher, "own");
    Handle<Heard> handle = own.add(session, hears("session"));
    CloseReport report = time.call(publisher::shutdown);
    assertThat(report.clean()).isTrue();
    assertThat(report.entries())
        .extracting(entry -> entry.handle().path())
        .contains(root + "/session/listener");
    assertThat(session.handles()).isEmpty();
    assertThatThrownBy(handle::get).isInstanceOf(ClosedScopeException.class);
    assertThatThrownBy(() -> own.add(session, hears("late")))
        .isInstanceOf(ClosedScopeException.class)
        .hasMessage("Listeners '" + root
            + "/publisher/own' are closed or closing; 'listener' was not added. Add it before "
            + "close(), or to listeners that live longer.");
    assertThat(session.handles()).isEmpty();
    session.close();
    ListenerCheck.verify(own);
  }

  @Test
  void add_byAHundredConnections_leavesTheCountWhereItWas() {
    Scope connection = app.child("connection");
    events.add(connection, hears("0"));
    for (int i = 1; i <= 100; i++) {
      connection.close();
      connection = app.child("connection");
      events.add(connection, hears("" + i));
      assertThat(events.size()).isEqualTo(1);
    }
    fire("price");
    assertThat(heard).containsExactly("100 price");
    assertThat(logged()).isEmpty();
    connection.close();
    assertThat(events.size()).isZero();
  }

  @Test
  void add_forAClosedScope_isRefused() {
    Scope session = app.child("session");
    session.close();
    assertThatThrownBy(() -> events.add(session, hears("late")))
        .isInstanceOf(ClosedScopeException.class);
    fire("1");
    assertThat(heard).isEmpty();
  }

  @Test
  void add_forAScopeOfAnotherRoot_isRefused() throws Exception {
    CleanupManager other = CleanupManager.builder("other").timeSource(time).build();
    assertThatThrownBy(() -> events.add(other, hears("a")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(
            "'other' belongs to another root than listeners '" + root + "/events'.");
    time.run(other::close);
  }

  @Test
  void release_aHandle_leavesTheListenerUntilTheRegistryCloses() throws Exception {
    Scope scope = app.child("scope");
    ListenerRegistry<Heard> own = ListenerRegistry.in(scope, "own");
    own.add(hears("a")).release();
    own.fire(Heard::on, "1");
    time.run(scope::close);
    own.fire(Heard::on, "2");
    assertThat(heard).containsExactly("a 1");
  }

  @Test
  void adopt_aHandle_leavesItToTheSideThatClosesFirst() throws Exception {
    Scope session = app.child("session");
    Scope publisher = app.child("publisher");
    ListenerRegistry<Heard> own = ListenerRegistry.in(publisher, "own");
    session.adopt(own.add(hears("a")));
    time.run(publisher::close);
    assertThat(session.handles()).isEmpty();
    Handle<Heard> b = session.adopt(events.add(hears("b")));
    session.close();
    fire("1");
    assertThat(heard).isEmpty();
    assertThat(b.info().details()).isEmpty();
  }

  @Test
  void add_nullArguments_areRefused() {
    assertThatThrownBy(() -> events.add(null)).hasMessage("listener must not be null.");
    assertThatThrownBy(() -> events.add(app, null)).hasMessage("listener must not be null.");
    assertThatThrownBy(() -> events.add(null, hears("a"))).hasMessage("scope must not be null.");
    assertThatThrownBy(() -> events.addWeak(null, o -> hears("a")))
        .hasMessage("owner must not be null.");
    assertThatThrownBy(() -> events.addWeak(this, null)).hasMessage("listenerOf must not be null.");
    assertThatThrownBy(() -> events.fire(null)).hasMessage("call must not be null.");
    assertThatThrownBy(() -> events.fire((ListenerRegistry.CallWith<Heard, String>) null, ""))
        .hasMessage("call must not be null.");
    assertThatThrownBy(() -> ListenerRegistry.in(app, " "))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> events.warnAbove(0)).hasMessage("warnAbove must be 1 or more, was 0.");
  }
}
