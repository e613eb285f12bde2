package io.leaksafe.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leaksafe.handle.Action;
import io.leaksafe.testkit.HeapGrowth.Growing;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.ref.SoftReference;
import java.lang.ref.WeakReference;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;

/** What leaves something behind is found and named; what does not is not. */
@Isolated
@Timeout(300)
class HeapCycleTest {

  // ---- what each cycle leaves, a class each

  record InList(int number) {}

  record InMap(int number) {}

  record InTree(int number) {}

  record InConcurrentMap(int number) {}

  record InLinkedList(int number) {}

  record InQueue(int number) {}

  record Heard(int number) {}

  record InThreadLocal(int number) {}

  record EveryTenth(int number) {}

  static final List<Object> LIST = new ArrayList<>();
  static final Map<String, Object> MAP = new HashMap<>();
  static final Map<Integer, Object> TREE = new TreeMap<>();
  static final Map<Integer, Object> CONCURRENT = new ConcurrentHashMap<>();
  static final LinkedList<Object> LINKED = new LinkedList<>();
  static final ConcurrentLinkedQueue<Object> QUEUE = new ConcurrentLinkedQueue<>();
  static final List<Supplier<Object>> LISTENERS = new CopyOnWriteArrayList<>();
  static final ThreadLocal<List<Object>> LOCAL = ThreadLocal.withInitial(ArrayList::new);
  static final Map<Integer, EveryTenth> TENTH = new HashMap<>();
  static byte[] bytes = {};
  static int cycle;

  @AfterEach
  void forget() {
    List.of(LIST, LINKED, QUEUE, LISTENERS).forEach(Collection::clear);
    List.of(MAP, TREE, CONCURRENT, TENTH).forEach(Map::clear);
    LOCAL.remove();
    bytes = new byte[0];
    cycle = 0;
  }

  private static void leaveSomething() {
    cycle++;
    LIST.add(new InList(cycle));
    MAP.put("number " + cycle, new InMap(cycle));
    TREE.put(cycle, new InTree(cycle));
    CONCURRENT.put(cycle, new InConcurrentMap(cycle));
    LINKED.add(new InLinkedList(cycle));
    QUEUE.add(new InQueue(cycle));
    Heard heard = new Heard(cycle);
    LISTENERS.add(() -> heard);
    LOCAL.get().add(new InThreadLocal(cycle));
    if (cycle % 10 == 0) {
      TENTH.put(cycle, new EveryTenth(cycle));
    }
    bytes = Arrays.copyOf(bytes, bytes.length + 64);
  }

  @Test
  void measure_objectsOfTheClassAreAddedElsewhereByChance_theContainerThatGrowsIsNamed()
      throws Exception {
    int first = 50 + 3 * 20 + 3 * 40 + 1; // the first cycle between the two dumps
    HeapGrowth growth = measure(() -> {
      LIST.add(new InList(++cycle));
      if (cycle == first) {
        for (int i = 0; i < 55; i++) {
          LINKED.add(new InList(i));
        }
      }
    });
    held(growth, InList.class, ".LIST, a java.util.ArrayList -> ");
  }

  @Test
  void measure_cycleLeavesSomething_namesEachClassAndItsContainer() throws Exception {
    HeapGrowth growth = measure(HeapCycleTest::leaveSomething);
    held(
        growth,
        InList.class,
        ".LIST, a java.util.ArrayList -> ArrayList.elementData -> Object[], 40 more ");
    held(growth, InMap.class, ".MAP, a java.util.HashMap -> HashMap.table -> HashMap$Node[] -> ");
    held(growth, InTree.class, ".TREE, a java.util.TreeMap -> TreeMap.root -> TreeMap$Entry.");
    held(
        growth, InConcurrentMap.class, ".CONCURRENT, a java.util.concurrent.ConcurrentHashMap -> ");
    held(growth, InLinkedList.class, ".LINKED, a java.util.LinkedList -> LinkedList.");
    held(growth, InQueue.class, ".QUEUE, a java.util.concurrent.ConcurrentLinkedQueue -> ");
    held(growth, Heard.class, ".LISTENERS, a java.util.concurrent.CopyOnWriteArrayList -> ");
    held(
        growth,
        Heard.class,
        "HeapCycleTest$$Lambda.arg$1, 40 more HeapCycleTest$Heard after 40 cycles");
    held(
        growth,
        InThreadLocal.class,
        "-> Thread.threadLocals -> ThreadLocal$ThreadLocalMap.table -> ");
    held(growth, EveryTenth.class, ".TENTH, a java.util.HashMap -> ");
    held(growth, byte[].class, "static " + HeapCycleTest.class.getName() + ".bytes, ");
    assertThat(find(growth, InList.class).instancesPerCycle()).isEqualTo(1);
    assertThat(find(growth, EveryTenth.class).instancesPerCycle()).isEqualTo(0.1);
    assertThat(find(growth, EveryTenth.class).bytesPerCycle()).isEqualTo(1.6);
    assertThat(growth.bytesPerCycle()).isBetween(300.0, 900.0);
    assertThat(growth.toString())
        .startsWith("the heap grows by ")
        .contains(" a cycle, in each of 3 windows of 20 cycles and 3 of 40:\n  ")
        .contains("\n  ... and ")
        .contains("\nheld by static ");
  }

  private static void held(HeapGrowth growth, Class<?> type, String by) {
    assertThat(find(growth, type).heldBy()).contains(by);
  }

  private static Growing find(HeapGrowth growth, Class<?> type) {
    String name = type.isArray() ? type.getTypeName() : type.getName();
    return growth.growing().stream()
        .filter(one -> one.className().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError(name + " not in " + growth.growing()));
  }

  private static HeapGrowth measure(Action cycle) throws Exception {
    return HeapCycle.of(cycle).warmup(50).windows(3, 20).measure();
  }

  // ---- what does not grow

  interface Greeter {
    String greet(String name);
  }

  record Passing(int number) {}

  static final class Loaded {}

  static final Map<Integer, Object> LRU = new LinkedHashMap<>(16, 0.75f, true) {
    @Override
    protected boolean removeEldestEntry(Map.Entry<Integer, Object> eldest) {
      return size() > 30;
    }
  };
  static final Deque<Object> LAST = new ArrayDeque<>();
  static SoftReference<Object> soft = new SoftReference<>(null);
  static Object latest = "";

  /** A cache that is full, a history, what is added and removed again, references, and an array that doubles now and then. */
  private static void useCollections() {
    cycle++;
    LRU.put(cycle, new Passing(cycle));
    LAST.add(new Passing(cycle));
    if (LAST.size() > 25) {
      LAST.remove();
    }
    LIST.add(new Passing(cycle));
    if (LIST.size() == 40) {
      LIST.clear();
    }
    QUEUE.add(new Passing(cycle));
    QUEUE.clear();
    soft = new SoftReference<>(new Passing(cycle));
    latest = new WeakReference<>(new Passing(cycle));
    if (Integer.bitCount(cycle) == 1) {
      bytes = new byte[cycle];
    }
  }

  /** Formatting, proxies, reflection, lambdas, exceptions, and a thread. */
  private static void useTheJdk() throws Exception {
    cycle++;
    latest = String.format(Locale.ROOT, "%,d %s %tY", cycle, "x", 0L);
    Method method = HeapCycleTest.class.getDeclaredMethod("next");
    Greeter greeter = (Greeter) Proxy.newProxyInstance(
        Greeter.class.getClassLoader(),
        new Class<?>[] {Greeter.class},
        (proxy, called, arguments) -> method.invoke(null).toString() + arguments[0]);
    latest = greeter.greet("x");
    int number = cycle;
    Supplier<Integer> twice = () -> 2 * number;
    latest = new IOException("cycle " + twice.get());
    Thread thread = new Thread(HeapCycleTest::next);
    thread.start();
    thread.join();
  }

  private static Object next() {
    return new Passing(cycle);
  }

  @Test
  void measure_collectionsInSteadyState_findsNothing() throws Exception {
    assertThat(measure(HeapCycleTest::useCollections))
        .hasToString("no growth of the heap in 3 windows of 20 cycles");
  }

  @Test
  void measure_formattingProxiesReflectionAndThreads_findsNothing() throws Exception {
    assertThat(measure(HeapCycleTest::useTheJdk))
        .hasToString("no growth of the heap in 3 windows of 20 cycles");
  }

  @Test
  void measure_classesAreLoadedInTheFirstCycles_findsNothing() throws Exception {
    List<Class<?>> loaded = new ArrayList<>();
    byte[] code;
    try (var in = HeapCycleTest.class.getResourceAsStream("HeapCycleTest$Loaded.class")) {
      code = in.readAllBytes();
    }
    HeapGrowth growth = measure(() -> {
      if (loaded.size()
          < 125) { // so in every window of the first three, and in the first after them
        loaded.add(MethodHandles.lookup().defineHiddenClass(code, false).lookupClass());
      }
    });
    assertThat(growth.grows()).as(growth.toString()).isFalse();
    assertThat(loaded).hasSize(125);
  }

  @Test
  void measure_itself_leavesNothing() throws Exception {
    HeapGrowth growth = HeapCycle.of(
            () -> HeapCycle.of(HeapCycleTest::next).warmup(0).windows(2, 1).measure())
        .warmup(3)
        .windows(2, 1)
        .measure();
    assertThat(growth.grows()).as(growth.toString()).isFalse();
  }

  @Test
  void measure_collectablesAndTheirPaths_leaveNothing() throws Exception {
    HeapGrowth growth = HeapCycle.of(() -> {
          LIST.clear();
          Object held = next();
          LIST.add(held);
          assertThat(Collectable.of(held).retainedBy()).isNotEmpty();
        })
        .warmup(2)
        .windows(2, 1)
        .measure();
    assertThat(growth.grows()).as(growth.toString()).isFalse();
  }

  // ---- what else it does

  @Test
  void measure_cycleThrows_endsWithThat() {
    AtomicInteger runs = new AtomicInteger();
    assertThatThrownBy(() -> measure(() -> {
          runs.incrementAndGet();
          throw new IOException("away");
        }))
        .isInstanceOf(IOException.class)
        .hasMessage("away");
    assertThat(runs).hasValue(1);
  }

  @Test
  void measure_nothingGrows_runsEachCycleOnce() throws Exception {
    AtomicInteger runs = new AtomicInteger();
    HeapCycle.of(runs::incrementAndGet).warmup(7).windows(2, 5).measure();
    assertThat(runs).hasValue(17);
  }

  @Test
  void settings_outOfRange_sayWhatIsAllowed() {
    HeapCycle cycle = HeapCycle.of(() -> {});
    assertThatThrownBy(() -> cycle.warmup(-1))
        .hasMessage("warmup must be 0 cycles or more, was -1.");
    assertThatThrownBy(() -> cycle.windows(1, 20))
        .hasMessage(
            "There must be from 2 to 100 windows, was 1. One alone cannot tell growth from chance.");
    assertThatThrownBy(() -> cycle.windows(3, 0))
        .hasMessage("cyclesPerWindow must be 1 or more, was 0.");
    cycle.warmup(1).windows(2, 3);
    assertThatThrownBy(() -> cycle.warmup(2)).hasMessage("warmup is set already, to 1 cycles.");
    assertThatThrownBy(() -> cycle.windows(4, 5))
        .hasMessage("windows are set already, to 2 of 3 cycles.");
    assertThatThrownBy(() -> HeapCycle.of(null)).hasMessage("cycle must not be null.");
  }
}
