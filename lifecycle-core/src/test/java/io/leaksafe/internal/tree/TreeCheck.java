package io.leaksafe.internal.tree;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;

/** Looks over the lists of a whole tree: links, counts, counters of names. For use while nobody changes the tree. */
public final class TreeCheck {

  private TreeCheck() {}

  /** Fails if anything below the given scope is not as the comments in {@link Lane} and {@link Growth} promise. */
  public static void verify(Object scope) {
    OwnerNode owner = (OwnerNode) scope;
    int nodes = 0;
    for (Lane lane : lanes(owner)) {
      nodes += verify(lane);
    }
    assertThat(owner.size()).as("size of '%s'", owner.path()).isEqualTo(nodes);
    assertThat(owner.inClosingOrder()).as("nodes of '%s'", owner.path()).hasSize(nodes);
    for (Node node : owner.inClosingOrder()) {
      if (node instanceof OwnerNode below) {
        verify(below);
      }
    }
  }

  /** Gives the scope the lists it gets when threads have met in it. */
  public static void spread(Object scope) {
    assertThat(((OwnerNode) scope).spread()).isNotNull();
  }

  /** How many lists the scope's nodes are spread over. */
  public static int laneCount(Object scope) {
    return lanes((OwnerNode) scope).size();
  }

  /** Whether the name counters of the scope's own list are in use. */
  public static boolean countsNames(Object scope) {
    return lanes((OwnerNode) scope).stream().anyMatch(lane -> lane.growth() != null);
  }

  private static int verify(Lane lane) {
    lane.lock();
    try {
      List<Node> nodes = new ArrayList<>();
      Node newer = null;
      for (Node node = lane.newest(); node != null; node = node.older) {
        assertThat(node.lane).as("lane of %s", node.name()).isSameAs(lane);
        assertThat(node.newer).as("newer neighbour of %s", node.name()).isSameAs(newer);
        nodes.add(node);
        newer = node;
      }
      assertThat(lane.oldest()).isSameAs(newer);
      assertThat(lane.live()).isEqualTo(nodes.size());
      verifyCounters(lane, nodes);
      return nodes.size();
    } finally {
      lane.unlock();
    }
  }

  private static void verifyCounters(Lane lane, List<Node> nodes) {
    Growth growth = lane.growth();
    if (growth == null) {
      return;
    }
    Growth recounted = new Growth(1_000, 1);
    nodes.forEach(recounted::opened);
    assertThat((int[]) read(growth, Growth.class, "live"))
        .as("live nodes by name in '%s'", lane.owner.path())
        .isEqualTo((int[]) read(recounted, Growth.class, "live"));
  }

  /** The list a scope has from the start. */
  static Lane firstLane(OwnerNode owner) {
    return owner.first();
  }

  private static List<Lane> lanes(OwnerNode owner) {
    List<Lane> all = new ArrayList<>();
    all.add(firstLane(owner));
    Lane[] others = (Lane[]) read(owner, LanedNode.class, "lanes");
    if (others != null) {
      all.addAll(List.of(others));
    }
    return all;
  }

  private static Object read(Object of, Class<?> type, String name) {
    try {
      Field field = type.getDeclaredField(name);
      field.setAccessible(true);
      return field.get(of);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(type.getName() + "." + name + " is not there any more.", e);
    }
  }
}
