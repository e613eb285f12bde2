package io.leaksafe.testkit.agent;

import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The agent's face. It is loaded by {@code -javaagent:lifecycle-testkit-agent.jar}, or by the testkit itself while the JVM runs;
 * loaded twice, it works once. Until {@link #attach} it only stands ready.
 */
public final class LeakAgent implements ClassFileTransformer {

  private static final Set<String> PACKAGES = Set.of(
      "java.lang",
      "java.io",
      "java.net",
      "java.nio",
      "java.util",
      "java.util.concurrent",
      "java.util.zip",
      "sun.nio.ch",
      "sun.nio.fs");

  private static @Nullable LeakAgent installed;

  private final Instrumentation instrumentation;
  private final Switchboard switchboard;
  private final String how;
  private final List<Probe> probes;
  private final Map<String, List<Hook>> hooks = new LinkedHashMap<>();
  private final Map<Hook, Probe> owners = new LinkedHashMap<>();

  /** Ledgers by event; more than one where the testkit was loaded by several class loaders. */
  private final Map<String, List<BiConsumer<Object, Object>>> listeners = new LinkedHashMap<>();

  private LeakAgent(Instrumentation instrumentation, String how)
      throws ReflectiveOperationException {
    this.instrumentation = instrumentation;
    this.how = how;
    int feature = Runtime.version().feature();
    this.probes = Probes.all().stream().filter(probe -> probe.since <= feature).toList();
    this.switchboard = Switchboard.install(instrumentation);
    for (Probe probe : probes) {
      for (Hook hook : probe.hooks) {
        hooks.computeIfAbsent(hook.type(), type -> new ArrayList<>()).add(hook);
        owners.put(hook, probe);
        switchboard.number(hook.event());
        switchboard.number(Hook.end(hook.event()));
      }
    }
  }

  /**
   * Called by the JVM for {@code -javaagent}.
   *
   * @param options         not used
   * @param instrumentation the JVM's
   * @throws ReflectiveOperationException if the JVM refuses what an agent needs
   */
  public static void premain(@Nullable String options, Instrumentation instrumentation)
      throws ReflectiveOperationException {
    install(instrumentation, "-javaagent");
  }

  /**
   * Called by the JVM when the agent is loaded into it while it runs.
   *
   * @param options         not used
   * @param instrumentation the JVM's
   * @throws ReflectiveOperationException if the JVM refuses what an agent needs
   */
  public static void agentmain(@Nullable String options, Instrumentation instrumentation)
      throws ReflectiveOperationException {
    install(instrumentation, "self-loaded");
  }

  private static synchronized void install(Instrumentation instrumentation, String how)
      throws ReflectiveOperationException {
    if (installed == null) {
      LeakAgent agent = new LeakAgent(instrumentation, how);
      instrumentation.addTransformer(agent, true);
      agent.retransform();
      installed = agent;
    }
  }

  /**
   * Tells a ledger from now on. Called by the testkit, which finds this method by its name: only types of the JDK pass.
   *
   * @param ledger whose code listens: its module may look into the packages of the JDK that it must ask about liveness
   * @param sinks  gives the listener of an event, told its subject and what it has to do with
   * @return how the agent came here: {@code self-loaded} or {@code -javaagent}
   */
  public static synchronized String attach(
      Module ledger, Function<String, BiConsumer<Object, Object>> sinks) {
    LeakAgent agent = agent();
    Switchboard.open(agent.instrumentation, Object.class.getModule(), PACKAGES, ledger);
    ModuleLayer.boot()
        .findModule("java.net.http")
        .ifPresent(http ->
            Switchboard.open(agent.instrumentation, http, Set.of("jdk.internal.net.http"), ledger));
    agent.add(sinks);
    return agent.how;
  }

  /**
   * Says how each probe stands.
   *
   * @return the names of all probes, each with what is wrong with it, or an empty text
   */
  public static synchronized Map<String, String> probes() {
    Map<String, String> all = new TreeMap<>();
    for (Probe probe : agent().probes) {
      String problem = probe.problem();
      all.put(probe.name, problem == null ? "" : problem);
    }
    return all;
  }

  /**
   * Returns what last went wrong while a ledger was told something, and forgets it.
   *
   * @return null if nothing did
   */
  public static synchronized @Nullable Throwable failure() {
    return agent().switchboard.failure();
  }

  private static LeakAgent agent() {
    LeakAgent agent = installed;
    if (agent == null) {
      throw new IllegalStateException("The agent was not loaded as an agent. Start the JVM with"
          + " -javaagent:lifecycle-testkit-agent.jar, or let the testkit load it.");
    }
    return agent;
  }

  private void add(Function<String, BiConsumer<Object, Object>> sinks) {
    List<String> events = switchboard.events();
    BiConsumer<?, ?>[] all = new BiConsumer<?, ?>[events.size()];
    for (int i = 0; i < all.length; i++) {
      List<BiConsumer<Object, Object>> these =
          listeners.computeIfAbsent(events.get(i), event -> new CopyOnWriteArrayList<>());
      these.add(sinks.apply(events.get(i)));
      all[i] = these.size() == 1 ? these.get(0) : all(these);
    }
    switchboard.sinks(all);
  }

  private static BiConsumer<Object, Object> all(List<BiConsumer<Object, Object>> listeners) {
    return (subject, other) -> listeners.forEach(each -> each.accept(subject, other));
  }

  // ---- putting the calls in

  private void retransform() {
    Set<Class<?>> types = new LinkedHashSet<>();
    for (Probe probe : probes) {
      probe.hooks.stream().filter(hook -> !probe.lazy).forEach(hook -> find(hook, types));
    }
    for (Class<?> type : instrumentation.getAllLoadedClasses()) {
      if (hooks.containsKey(type.getName().replace('.', '/'))) {
        types.add(type);
      }
    }
    try {
      instrumentation.retransformClasses(types.toArray(new Class<?>[0]));
    } catch (Exception | LinkageError oneIsRefused) {
      types.forEach(this::retransformAlone);
    }
  }

  private static void find(Hook hook, Set<Class<?>> types) {
    try {
      types.add(Class.forName(hook.type().replace('/', '.'), false, null));
    } catch (ClassNotFoundException | LinkageError missing) {
      // another operating system's, or another JDK's: the probe says what it could not find
    }
  }

  private void retransformAlone(Class<?> type) {
    try {
      instrumentation.retransformClasses(type);
    } catch (Exception | LinkageError refused) {
      fail(type.getName().replace('.', '/'), refused);
    }
  }

  private void fail(String type, Throwable why) {
    hooks
        .getOrDefault(type, List.of())
        .forEach(hook -> probe(hook).failed(type.replace('/', '.') + " cannot be changed: " + why));
  }

  private Probe probe(Hook hook) {
    Probe probe = owners.get(hook);
    if (probe == null) {
      throw new IllegalStateException("No probe has " + hook);
    }
    return probe;
  }

  @Override
  public byte @Nullable [] transform(
      @Nullable Module module,
      @Nullable ClassLoader loader,
      @Nullable String name,
      @Nullable Class<?> redefined,
      @Nullable ProtectionDomain domain,
      byte[] bytes) {
    List<Hook> here = name == null ? null : hooks.get(name);
    if (here == null || name == null || !isJdks(loader)) {
      return null;
    }
    try {
      return Weaver.weave(bytes, here, switchboard::number, hook -> probe(hook).found(hook));
    } catch (RuntimeException | LinkageError unknownForm) {
      fail(name, unknownForm);
      return null;
    }
  }

  /** Whether it is one of the JDK's own class loaders: a class of that name may be anybody's. */
  private static boolean isJdks(@Nullable ClassLoader loader) {
    return loader == null || loader == ClassLoader.getPlatformClassLoader();
  }
}
