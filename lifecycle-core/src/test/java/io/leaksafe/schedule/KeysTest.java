package io.leaksafe.schedule;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leaksafe.handle.Action;
import io.leaksafe.handle.ClosedScopeException;
import io.leaksafe.handle.Handle;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class KeysTest extends SchedulerTestCase {

  @Test
  void every_sameKeyTwice_leavesOneTimer() {
    timers.every("sweep", ofSeconds(5), logs("first"));
    timers.every("sweep", ofSeconds(5), logs("second"));
    assertThat(timers.size()).isEqualTo(1);
    assertThat(timerPaths()).containsExactly("timers/sweep");
    time.advance(ofSeconds(10));
    assertThat(log).containsExactly("5000 second", "10000 second");
  }

  @Test
  void every_sameKeyManyTimes_leavesOneTimer() {
    for (int i = 0; i < 100; i++) {
      timers.every("sweep", ofSeconds(5), logs("sweep"));
    }
    assertThat(timers.size()).isEqualTo(1);
    assertThat(pending()).isEqualTo(1);
    time.advance(ofSeconds(5));
    assertThat(log).containsExactly("5000 sweep");
  }

  @Test
  void every_keyOfAnotherForm_replacesThatToo() {
    timers.every("sweep", ofSeconds(5), logs("every"));
    timers.after("sweep", ofSeconds(1), logs("after"));
    time.advance(ofSeconds(20));
    assertThat(log).containsExactly("1000 after");
  }

  @Test
  void every_otherKeys_replaceNothing() {
    timers.every("a", ofSeconds(5), logs("a"));
    timers.every("b", ofSeconds(5), logs("b"));
    timers.after(ofSeconds(5), logs("anonymous"));
    timers.after("after", ofSeconds(5), logs("keyed"));
    timers.after(ofSeconds(5), logs("anonymous"));
    time.advance(ofSeconds(5));
    assertThat(log)
        .containsExactly("5000 a", "5000 b", "5000 anonymous", "5000 keyed", "5000 anonymous");
  }

  @Test
  void every_sameKeyInAnotherScope_replacesNothing() {
    timers.every("sweep", ofSeconds(5), logs("main"));
    timers.ownedBy(app.child("session")).every("sweep", ofSeconds(5), logs("session"));
    time.advance(ofSeconds(5));
    assertThat(log).containsExactly("5000 main", "5000 session");
  }

  @Test
  void every_keyTaken_closesTheHandleOfTheFirst() {
    Handle<Action> first = timers.every("sweep", ofSeconds(5), logs("first"));
    timers.every("sweep", ofSeconds(5), logs("second"));
    assertThatThrownBy(first::get).isInstanceOf(ClosedScopeException.class);
    first.close();
    time.advance(ofSeconds(5));
    assertThat(log).containsExactly("5000 second");
  }

  @Test
  void every_keyOfARunningTask_runsWhenThatRunHasEnded() {
    timers.every("sweep", ofSeconds(1), takes("first", ofSeconds(10)));
    time.advance(ofSeconds(2));
    timers.every("sweep", ofSeconds(3), takes("second", ofSeconds(1)));
    time.advance(ofSeconds(15));
    assertThat(log)
        .containsExactly(
            "1000 first begins",
            "11000 first ends",
            "11000 second begins",
            "12000 second ends",
            "15000 second begins",
            "16000 second ends");
  }

  @Test
  void every_keyOfATaskThatRunsShorterThanThePeriod_runsOnTime() {
    timers.every("sweep", ofSeconds(1), takes("first", ofSeconds(2)));
    time.advance(ofSeconds(2));
    timers.every("sweep", ofSeconds(5), logs("second"));
    time.advance(ofSeconds(6));
    assertThat(log).containsExactly("1000 first begins", "3000 first ends", "7000 second");
  }

  @Test
  void every_keyOfARunningTask_returnsAtOnce() throws Exception {
    timers.every("sweep", ofSeconds(1), takes("first", ofSeconds(10)));
    time.advance(ofSeconds(2));
    time.run(() -> timers.every("sweep", ofSeconds(3), logs("second")));
    assertThat(time.elapsed()).isEqualTo(ofSeconds(2));
    time.advance(ofSeconds(20));
  }

  @Test
  void every_keyTakenSeveralTimesWhileTheFirstRuns_onlyTheLastGoesOn() {
    timers.every("sweep", ofSeconds(1), takes("first", ofSeconds(10)));
    time.advance(ofSeconds(2));
    timers.every("sweep", ofSeconds(1), logs("second"));
    time.advance(ofSeconds(2)); // second is due by now, and stands behind first
    timers.every("sweep", ofSeconds(1), logs("third"));
    time.advance(ofSeconds(2));
    timers.every("sweep", ofSeconds(30), logs("fourth"));
    time.advance(ofSeconds(30));
    assertThat(log).containsExactly("1000 first begins", "11000 first ends", "36000 fourth");
    assertThat(timers.size()).isEqualTo(1);
  }

  @Test
  void every_keyOfARunningTask_thatOneIsListedUntilItsRunHasEnded() {
    timers.every("sweep", ofSeconds(1), takes("first", ofSeconds(10)));
    time.advance(ofSeconds(2));
    timers.every("sweep", ofSeconds(60), logs("second"));
    assertThat(timerPaths()).containsExactly("timers/sweep", "timers/sweep");
    assertThat(timers.size()).isEqualTo(2);
    time.advance(ofSeconds(20));
    assertThat(timerPaths()).containsExactly("timers/sweep");
  }

  @Test
  void shutdown_replacedTaskStillRuns_waitsForThat() throws Exception {
    timers.every("sweep", ofSeconds(1), takes("first", ofSeconds(3)));
    time.advance(ofSeconds(2));
    timers.every("sweep", ofSeconds(60), logs("second"));
    time.run(app::shutdown);
    log("closed");
    assertThat(log).containsExactly("1000 first begins", "4000 first ends", "4000 closed");
    assertThat(app.report().clean()).isTrue();
  }

  @Test
  void close_handleOfTheReplacedTaskWhileItRuns_waitsForThatRun() throws Exception {
    Handle<Action> first = timers.every("sweep", ofSeconds(1), takes("first", ofSeconds(3)));
    time.advance(ofSeconds(2));
    timers.every("sweep", ofSeconds(60), logs("second"));
    time.run(first::close);
    log("closed");
    assertThat(log).containsExactly("1000 first begins", "4000 first ends", "4000 closed");
    assertThat(timers.size()).isEqualTo(1);
  }

  @Test
  void close_handleOfTheReplacingTask_doesNotWaitForTheReplacedOne() throws Exception {
    timers.every("sweep", ofSeconds(1), takes("first", ofSeconds(3)));
    time.advance(ofSeconds(2));
    Handle<Action> second = timers.every("sweep", ofSeconds(60), logs("second"));
    time.run(second::close);
    assertThat(time.elapsed()).isEqualTo(ofSeconds(2));
    time.advance(ofSeconds(60));
    assertThat(log).containsExactly("1000 first begins", "4000 first ends");
  }

  @Test
  void every_takesItsOwnKeyFromWithin_goesOnWithTheNewPeriod() {
    timers.every("poll", ofSeconds(1), () -> {
      log("fast");
      timers.every("poll", ofSeconds(10), logs("slow"));
      time.sleep(ofSeconds(2));
      log("fast ends");
    });
    time.advance(ofSeconds(25));
    assertThat(log).containsExactly("1000 fast", "3000 fast ends", "11000 slow", "21000 slow");
  }

  @Test
  void every_keyOfATaskThatIsBeingClosedWhileItRuns_runsWhenThatRunHasEnded() throws Exception {
    Handle<Action> first = timers.every("sweep", ofSeconds(1), takes("first", ofSeconds(4)));
    time.advance(ofSeconds(2));
    Thread closer = time.startThread("closer", first::close);
    time.settle();
    timers.every("sweep", ofSeconds(2), logs("second"));
    time.advance(ofSeconds(6));
    assertThat(time.join(closer, Long.MAX_VALUE)).isTrue();
    assertThat(log)
        .containsExactly("1000 first begins", "5000 first ends", "5000 second", "7000 second");
    assertThat(timers.size()).isEqualTo(1);
  }

  @Test
  void every_keyOfATaskThatClosedItselfAndStillRuns_runsWhenThatRunHasEnded() {
    AtomicReference<Handle<Action>> self = new AtomicReference<>();
    self.set(timers.every("poll", ofSeconds(1), () -> {
      self.get().close();
      timers.every("poll", ofSeconds(1), logs("again"));
      time.sleep(ofSeconds(4));
      log("ends");
    }));
    time.advance(ofSeconds(6));
    assertThat(log).containsExactly("5000 ends", "5000 again", "6000 again");
  }

  @Test
  void every_keyOfATaskClosedBehindARun_runsWhenThatRunHasEnded() {
    timers.every("sweep", ofSeconds(1), takes("first", ofSeconds(4)));
    time.advance(ofSeconds(2));
    timers.every("sweep", ofSeconds(1), logs("second")).close();
    timers.every("sweep", ofSeconds(2), logs("third")).close();
    timers.every("sweep", ofSeconds(2), logs("fourth"));
    time.advance(ofSeconds(5));
    assertThat(log)
        .containsExactly("1000 first begins", "5000 first ends", "5000 fourth", "7000 fourth");
  }

  @Test
  void close_taskBehindARun_freesTheKeyWithThatRun() {
    timers.every("sweep", ofSeconds(1), takes("first", ofSeconds(4)));
    time.advance(ofSeconds(2));
    timers.every("sweep", ofSeconds(1), logs("second")).close();
    assertThat(keysOf(timers)).hasSize(1);
    time.advance(ofSeconds(4));
    assertThat(keysOf(timers)).isEmpty();
  }

  @Test
  void every_keyTakenOverAndOverByATaskThatOverruns_neverOverlaps() {
    AtomicInteger running = new AtomicInteger();
    timers.everyAtFixedRate(
        "restart",
        ofSeconds(3),
        () -> timers.every("work", ofSeconds(1), () -> {
          log("running " + running.incrementAndGet());
          time.sleep(ofSeconds(5));
          running.decrementAndGet();
        }));
    time.advance(ofSeconds(40));
    assertThat(log).hasSizeGreaterThan(4).allMatch(line -> line.endsWith(" running 1"));
    timers.after("restart", ofSeconds(1), logs("over"));
  }

  @Test
  void every_startedTwiceAndStopped100Times_leavesNothing() {
    timers.every("other", ofSeconds(5), logs("other"));
    int before = pending();
    for (int i = 0; i < 100; i++) {
      timers.every("sweep", ofSeconds(5), logs("sweep"));
      timers.every("sweep", ofSeconds(5), logs("sweep")).close();
    }
    assertThat(timers.size()).isEqualTo(1);
    assertThat(pending()).isLessThanOrEqualTo(before + 1); // the root's watchdog
    assertThat(keysOf(timers)).hasSize(1);
  }
}
