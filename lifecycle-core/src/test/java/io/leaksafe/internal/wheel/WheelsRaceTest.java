package io.leaksafe.internal.wheel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Real threads add, cancel, fire and seal at the same time; afterwards everything is accounted for. */
@Timeout(60)
class WheelsRaceTest extends WheelTestCase {

  private static final int THREADS = 4;

  /** Counts what happens to it. */
  private static final class Counted extends Entry {
    private final @Nullable Group group;
    private final AtomicInteger fired = new AtomicInteger();
    private final AtomicInteger cancelled = new AtomicInteger();

    Counted(@Nullable Group group) {
      this.group = group;
    }

    @Override
    protected @Nullable Group group() {
      return group;
    }

    int ends() {
      return fired.get() + cancelled.get();
    }
  }

  private interface Part {
    void run(int thread) throws Exception;
  }

  private final List<Thread> threads = new ArrayList<>();
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

  private void start(int count, Part part) {
    CyclicBarrier together = new CyclicBarrier(count);
    for (int i = 0; i < count; i++) {
      int thread = i;
      threads.add(new Thread(() -> {
        try {
          together.await();
          part.run(thread);
        } catch (Throwable thrown) { // told after the join
          failure.compareAndSet(null, thrown);
        }
      }));
    }
    threads.forEach(Thread::start);
  }

  private void join() throws InterruptedException {
    for (Thread thread : threads) {
      thread.join();
    }
    threads.clear();
    assertThat(failure.get()).isNull();
  }

  private boolean areAlive() {
    return threads.stream().anyMatch(Thread::isAlive);
  }

  private void fireDue(Due due) {
    long reading = System.nanoTime();
    wheels.takeDue(reading, due);
    due.sort();
    for (int i = 0; i < due.size(); i++) {
      Counted entry = (Counted) due.get(i);
      assertThat(reading - entry.due()).as("late").isNotNegative();
      entry.fired.incrementAndGet();
    }
    due.clear();
    Thread.yield();
  }

  /** The rest of the threads add entries that are due soon or never, and cancel their own and each other's. */
  @Test
  void addCancelAndFire_byManyThreads_endEachEntryExactlyOnce() throws Exception {
    int each = 60_000;
    wheels = Wheels.striped(System.nanoTime(), () -> {});
    groups.add(new Group());
    List<List<Counted>> all = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      all.add(new ArrayList<>());
    }
    AtomicReferenceArray<@Nullable Counted> shared = new AtomicReferenceArray<>(256);
    start(THREADS, thread -> addAndCancel(each, new Random(thread), all.get(thread), shared));
    Due due = new Due(128);
    while (areAlive()) {
      fireDue(due);
    }
    join();
    for (int i = 0; i < shared.length(); i++) {
      cancel(shared.getAndSet(i, null));
    }
    while (wheels.count() > 0) {
      fireDue(due);
    }
    int fired = 0;
    for (List<Counted> entries : all) {
      assertThat(entries).hasSize(each).allMatch(entry -> entry.ends() == 1);
      fired += (int) entries.stream().filter(entry -> entry.fired.get() == 1).count();
    }
    assertThat(fired).isBetween(1, THREADS * each - 1);
    assertThat(WheelCheck.standing(wheels)).isZero();
  }

  private void addAndCancel(
      int count,
      Random random,
      List<Counted> mine,
      AtomicReferenceArray<@Nullable Counted> shared) {
    for (int i = 0; i < count; i++) {
      Counted entry = new Counted(random.nextBoolean() ? null : groups.get(0));
      mine.add(entry);
      boolean soon = random.nextBoolean();
      long delay = soon ? random.nextInt(2_000_000) : 3_600 * SECOND;
      assertThat(wheels.add(entry, System.nanoTime() + delay)).isNotEqualTo(Wheels.Added.REFUSED);
      if (random.nextInt(4) == 0) {
        cancel(entry);
      } else {
        cancel(shared.getAndSet(random.nextInt(shared.length()), entry));
      }
    }
  }

  private void cancel(@Nullable Counted entry) {
    if (entry != null && wheels.cancel(entry)) {
      entry.cancelled.incrementAndGet();
    }
  }

  @Test
  void cancel_byTwoAtOnceWhileItFires_leavesNoneThatBothFiredAndWasCancelled() throws Exception {
    int count = 50_000;
    wheels = Wheels.striped(System.nanoTime(), () -> {});
    List<Counted> entries = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Counted entry = new Counted(null);
      entries.add(entry);
      wheels.add(entry, System.nanoTime() + 5_000_000);
    }
    start(2, thread -> entries.forEach(this::cancel));
    Due due = new Due(64);
    while (areAlive() || wheels.count() > 0) {
      fireDue(due);
    }
    join();
    assertThat(entries)
        .allMatch(entry ->
            entry.fired.get() == 1 ? entry.cancelled.get() == 0 : entry.cancelled.get() >= 1);
    assertThat(WheelCheck.standing(wheels)).isZero();
  }

  @Test
  void seal_whileOthersAdd_takesOutAllThatWasNotRefused() throws Exception {
    for (int round = 0; round < 200; round++) {
      wheels = round % 20 == 0 ? Wheels.striped(0, () -> {}) : wheels;
      Group group = new Group();
      AtomicInteger accepted = new AtomicInteger();
      start(3, thread -> {
        for (int i = 0; i < 200; i++) {
          if (wheels.add(new Counted(group), 3_600 * SECOND) != Wheels.Added.REFUSED) {
            accepted.incrementAndGet();
          }
        }
      });
      AtomicInteger taken = new AtomicInteger();
      wheels.takeOut(group, entry -> taken.incrementAndGet());
      wheels.seal(group);
      wheels.takeOut(group, entry -> taken.incrementAndGet());
      join();
      assertThat(taken).as("round %d", round).hasValue(accepted.get());
      wheels.forget(group);
      assertThat(wheels.count()).isZero();
    }
  }

  @Test
  void cancel_ofManyByOtherThreads_leavesAtMostTheBoundOfShells() throws Exception {
    int each = 100_000;
    wheels = new Wheels(8, new Ticks(System.nanoTime(), FINE), 512, () -> {});
    List<List<Counted>> all = List.of(new ArrayList<>(), new ArrayList<>());
    start(2, thread -> {
      for (int i = 0; i < each; i++) {
        Counted entry = new Counted(null);
        all.get(thread).add(entry);
        wheels.add(entry, System.nanoTime() + 3_600 * SECOND);
      }
    });
    join();
    start(2, thread -> all.get(1 - thread).forEach(this::cancel));
    join();
    assertThat(all)
        .allSatisfy(
            entries -> assertThat(entries).hasSize(each).allMatch(entry -> entry.ends() == 1));
    assertThat(WheelCheck.standing(wheels)).isLessThanOrEqualTo(768);
    assertThat(wheels.count()).isZero();
    assertThat(WheelCheck.bytes(wheels))
        .isLessThanOrEqualTo(wheels.stripes.all().length * Slab.FEWEST * 20L);
  }

  @Test
  void cancel_ofNearlyAllByOtherThreads_leavesThoseThatStayInSmallSlabs() throws Exception {
    int each = 50_000;
    int stays = 1_000;
    wheels = new Wheels(8, new Ticks(System.nanoTime(), FINE), 512, () -> {});
    List<List<Counted>> all = List.of(new ArrayList<>(), new ArrayList<>());
    start(2, thread -> {
      for (int i = 0; i < each; i++) {
        Counted entry = new Counted(null);
        all.get(thread).add(entry);
        wheels.add(entry, System.nanoTime() + 3_600 * SECOND);
      }
    });
    join();
    start(2, thread -> {
      for (int i = 0; i < each; i++) {
        if (i % stays != 0) {
          cancel(all.get(1 - thread).get(i));
        }
      }
    });
    join();
    assertThat(wheels.count()).isEqualTo(2 * each / stays);
    assertThat(WheelCheck.bytes(wheels))
        .isLessThanOrEqualTo(wheels.stripes.all().length * Slab.FEWEST * 20L);
    for (List<Counted> entries : all) {
      for (int i = 0; i < each; i++) {
        assertThat(entries.get(i).ends()).isEqualTo(i % stays == 0 ? 0 : 1);
        assertThat(entries.get(i).isStanding()).isEqualTo(i % stays == 0);
      }
    }
    start(
        2,
        thread -> all.get(thread).forEach(entry -> {
          if (entry.isStanding()) {
            cancel(entry);
          }
        }));
    join();
    assertThat(wheels.count()).isZero();
  }
}
