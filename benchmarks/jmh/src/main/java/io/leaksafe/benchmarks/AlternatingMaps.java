package io.leaksafe.benchmarks;

import io.leaksafe.benchmarks.Alternating.Subject;
import io.leaksafe.benchmarks.MapOperations.Churn;
import io.leaksafe.benchmarks.MapOperations.Filled;
import io.leaksafe.benchmarks.MapOperations.Hits;
import io.leaksafe.benchmarks.MapOperations.Place;
import io.leaksafe.benchmarks.MapOperations.Quarter;
import io.leaksafe.benchmarks.MapOperations.Zipf;
import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;

/**
 * What {@link Alternating} compares: one of the {@link MapOperations}, on one map.
 *
 * <p>Each has classes of its own, from a class loader of its own: what is compiled for one map knows nothing of the others.
 */
public final class AlternatingMaps implements Subject {

  /** One for each of the {@link MapOperations}. */
  static final List<String> ROWS =
      List.of("get", "overwrite", "zipf", "compute", "mix", "insert", "half");

  /** Ours once more, with entries that do not expire. */
  private static final String TIMELESS = "timeless";

  private static final int MOST_THREADS = 64;
  private static final int APART = 8;

  private final String row;
  private final String peer;
  private final MapOperations operations = new MapOperations();
  private final Filled filled;

  /** One for each thread, with unused ones in between, so that no two threads write to one cache line. */
  private final Place[] places = new Place[MOST_THREADS * APART];

  /** Where what was found goes, so that it has to be. */
  @SuppressWarnings("unused")
  private Object sink;

  /** For {@link #open}, which finds it by its parameters: opens and fills a map. */
  public AlternatingMaps(String row, String peer, String expiry) {
    this.row = row;
    this.peer = peer;
    this.filled = keysOf(row);
    filled.map = peer.equals(TIMELESS) ? MapPeer.bounded : MapPeer.valueOf(peer);
    filled.expiry = peer.equals(TIMELESS) ? MapPeer.Expiry.none : MapPeer.Expiry.valueOf(expiry);
    filled.open();
    for (int i = 0; i < places.length; i++) {
      places[i] = new Place();
      places[i].start(i / APART, MOST_THREADS);
    }
  }

  private static Filled keysOf(String row) {
    return switch (row) {
      case "get", "overwrite" -> new Hits();
      case "zipf", "compute" -> new Zipf();
      case "mix" -> new Quarter();
      default -> new Churn();
    };
  }

  static List<String> peersOf(String row, String expiry) {
    List<String> peers =
        new ArrayList<>(List.of("oldest", "caffeineSame", "caffeinePool", "cache2k"));
    if (!expiry.equals("none")) {
      peers.add(0, TIMELESS);
    } else if (row.equals("get") || row.equals("zipf")) {
      peers.add(0, "hash");
    }
    if (!expiry.equals("entry")) {
      peers.add("guava");
    }
    return peers;
  }

  static Subject open(String row, String peer, String expiry) throws Exception {
    Thread current = Thread.currentThread();
    ClassLoader before = current.getContextClassLoader();
    ClassLoader own = new Own();
    current.setContextClassLoader(own); // where peers look for their services
    try {
      return (Subject) Class.forName(AlternatingMaps.class.getName(), true, own)
          .getConstructor(String.class, String.class, String.class)
          .newInstance(row, peer, expiry);
    } finally {
      current.setContextClassLoader(before);
    }
  }

  /** Defines everything anew but what the two sides of a comparison have in common. */
  private static final class Own extends URLClassLoader {
    Own() throws MalformedURLException {
      super(classPath(), ClassLoader.getPlatformClassLoader());
    }

    private static URL[] classPath() throws MalformedURLException {
      List<URL> urls = new ArrayList<>();
      for (String each : System.getProperty("java.class.path").split(File.pathSeparator)) {
        urls.add(new File(each).toURI().toURL());
      }
      return urls.toArray(URL[]::new);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      return name.equals(Subject.class.getName()) ? Subject.class : super.loadClass(name, resolve);
    }
  }

  @Override
  public String title() {
    return peer;
  }

  @Override
  public String threads() {
    return peer.equals("caffeinePool") ? "ForkJoinPool.commonPool" : "root-";
  }

  @Override
  public void run(int thread, int count) {
    Place place = places[thread * APART];
    Object found = null;
    switch (row) {
      case "get" -> {
        for (int i = 0; i < count; i++) {
          found = operations.get((Hits) filled, place);
        }
      }
      case "overwrite" -> {
        for (int i = 0; i < count; i++) {
          found = operations.overwrite((Hits) filled, place);
        }
      }
      case "zipf" -> {
        for (int i = 0; i < count; i++) {
          found = operations.zipfGet((Zipf) filled, place);
        }
      }
      case "compute" -> {
        for (int i = 0; i < count; i++) {
          found = operations.computeIfAbsent((Zipf) filled, place);
        }
      }
      case "mix" -> {
        for (int i = 0; i < count; i++) {
          found = operations.mix((Quarter) filled, place);
        }
      }
      case "insert" -> {
        for (int i = 0; i < count; i++) {
          found = operations.insertAndEvict((Churn) filled, place);
        }
      }
      default -> {
        for (int i = 0; i < count; i++) {
          found = operations.halfNew((Churn) filled, place);
        }
      }
    }
    sink = found;
  }

  @Override
  public void close() {
    filled.close();
  }
}
