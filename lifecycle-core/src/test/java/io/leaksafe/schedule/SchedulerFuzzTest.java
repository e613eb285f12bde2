package io.leaksafe.schedule;

import static java.time.Duration.ofMillis;
import static org.assertj.core.api.Assertions.assertThat;

import io.leaksafe.cleanup.CleanupManager;
import io.leaksafe.cleanup.Scope;
import io.leaksafe.handle.Action;
import io.leaksafe.handle.Handle;
import io.leaksafe.internal.tree.OwnerNode;
import io.leaksafe.internal.virtual.VirtualScheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random operations against a naive model, which keeps everything in a list and looks at all of it every millisecond. */
class SchedulerFuzzTest {

  private static final int SEEDS = 20;
  private static final int OPERATIONS = 150;
  private static final int SCOPES = 3;
  private static final int KEYS = 4;

  @ParameterizedTest
  @ValueSource(longs = {1_000, 2_000, 3_000, 4_000})
  void anything_atRandom_isAsInTheModel(long first) throws Exception {
    for (long seed = first; seed < first + SEEDS; seed++) {
      new Game(seed).play();
    }
  }

  /** A task as the model sees it. */
  private record Entry(int id, int scope, @Nullable String key, long due, long period) {}

  private static final class Game {
    private final long seed;
    private final Random random;
    private final VirtualScheduler time = new VirtualScheduler();
    private final CleanupManager app =
        CleanupManager.builder("app").timeSource(time).build();
    private final ManagedScheduler timers = ManagedScheduler.in(app, "timers");
    private final Scope[] scopes = new Scope[SCOPES];
    private final List<String> log = Collections.synchronizedList(new ArrayList<>());
    private final Map<Integer, Handle<Action>> handles = new HashMap<>();
    private final List<String> expected = new ArrayList<>();
    private final Map<Integer, Entry> model = new TreeMap<>();
    private int ids;

    Game(long seed) {
      this.seed = seed;
      this.random = new Random(seed);
    }

    void play() throws Exception {
      for (int i = 0; i < SCOPES; i++) {
        scopes[i] = app.child("scope-" + i);
      }
      for (int i = 0; i < OPERATIONS; i++) {
        step();
        check(i);
      }
      assertThat(time.call(app::shutdown).clean()).as("seed %d", seed).isTrue();
      assertThat(OwnerNode.of(app).root().engine.pending()).as("seed %d", seed).isZero();
      assertThat(time.describe().lines()).as("seed %d", seed).hasSize(1);
    }

    private void step() {
      int scope = random.nextInt(SCOPES);
      switch (random.nextInt(12)) {
        case 0, 1 -> every(scope, false);
        case 2 -> every(scope, true);
        case 3, 4 -> after(scope, key());
        case 5, 6 -> after(scope, null);
        case 7 -> close();
        case 8 -> reopen(scope);
        default -> advance(random.nextInt(30));
      }
    }

    private String key() {
      return "key-" + random.nextInt(KEYS);
    }

    private ManagedScheduler view(int scope) {
      return timers.ownedBy(scopes[scope]);
    }

    private void every(int scope, boolean fixedRate) {
      String key = key();
      int period = 1 + random.nextInt(20);
      Duration length = ofMillis(period);
      int id = add(scope, key, period, period);
      handles.put(
          id,
          fixedRate
              ? view(scope).everyAtFixedRate(key, length, run(id))
              : view(scope).every(key, length, run(id)));
    }

    private void after(int scope, @Nullable String key) {
      int delay = random.nextInt(20) - 2;
      int id = add(scope, key, Math.max(0, delay), 0);
      handles.put(
          id,
          key == null
              ? view(scope).after(ofMillis(delay), run(id))
              : view(scope).after(key, ofMillis(delay), run(id)));
    }

    private int add(int scope, @Nullable String key, long delay, long period) {
      advance(0); // what is due by now must have run before its key is taken
      int id = ids++;
      model.values().removeIf(each -> key != null && each.scope == scope && key.equals(each.key));
      model.put(id, new Entry(id, scope, key, now() + delay, period));
      return id;
    }

    private Action run(int id) {
      return () -> log.add(now() + " " + id);
    }

    private void close() {
      if (ids > 0) {
        advance(0);
        int id = random.nextInt(ids);
        handles.get(id).close();
        model.remove(id);
      }
    }

    private void reopen(int scope) {
      advance(0);
      scopes[scope].shutdown();
      scopes[scope] = app.child("scope-" + scope);
      model.values().removeIf(each -> each.scope == scope);
    }

    private void advance(int millis) {
      long from = now();
      for (long at = from; at <= from + millis; at++) {
        for (Entry each : List.copyOf(model.values())) {
          if (each.due == at) {
            expected.add(at + " " + each.id);
            model.remove(each.id);
            if (each.period > 0) {
              model.put(
                  each.id, new Entry(each.id, each.scope, each.key, at + each.period, each.period));
            }
          }
        }
      }
      time.advance(ofMillis(millis));
    }

    private long now() {
      return time.elapsed().toMillis();
    }

    private void check(int step) {
      advance(0);
      List<String> ran = new ArrayList<>(log);
      Collections.sort(ran);
      Collections.sort(expected);
      assertThat(ran).as("runs, seed %d, step %d", seed, step).isEqualTo(expected);
      for (int i = 0; i < SCOPES; i++) {
        int scope = i;
        assertThat(view(scope).size())
            .as("size of scope %d, seed %d, step %d", scope, seed, step)
            .isEqualTo((int)
                model.values().stream().filter(each -> each.scope == scope).count());
      }
      log.clear();
      expected.clear();
    }
  }

  /** Runs of random length at a fixed rate, against a model that counts moments. */
  @ParameterizedTest
  @ValueSource(longs = {5_000, 6_000})
  void everyAtFixedRate_runsOfRandomLength_standForThePassedMoments(long first) throws Exception {
    for (long seed = first; seed < first + SEEDS; seed++) {
      Random random = new Random(seed);
      int period = 1 + random.nextInt(20);
      List<Integer> lengths = random.ints(30, 0, 4 * period).boxed().toList();
      assertThat(runsOf(period, lengths))
          .as("seed %d, period %d, lengths %s", seed, period, lengths)
          .isEqualTo(modelOf(period, lengths));
    }
  }

  private static List<Long> modelOf(int period, List<Integer> lengths) {
    List<Long> starts = new ArrayList<>();
    long end = 0;
    long covered = 0;
    for (int length : lengths) {
      long start = Math.max((covered + 1) * period, end);
      starts.add(start);
      covered = start / period;
      end = start + length;
    }
    return starts;
  }

  private static List<Long> runsOf(int period, List<Integer> lengths) throws Exception {
    VirtualScheduler time = new VirtualScheduler();
    CleanupManager app = CleanupManager.builder("app").timeSource(time).build();
    List<Long> starts = Collections.synchronizedList(new ArrayList<>());
    ManagedScheduler.in(app, "timers").everyAtFixedRate("tick", ofMillis(period), () -> {
      if (starts.size() < lengths.size()) {
        starts.add(time.elapsed().toMillis());
        time.sleep(ofMillis(lengths.get(starts.size() - 1)));
      }
    });
    time.advance(ofMillis(period * 5L * lengths.size()));
    time.run(app::shutdown);
    return starts;
  }
}
