package io.leaksafe.internal.tree;

import io.leaksafe.handle.Handle;
import io.leaksafe.internal.check.Check;
import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Notices leases and child scopes whose opener has dropped them while they were open: nobody but their owner can close them
 * any more.
 *
 * <p>Thread safety: every method may be called from any thread.
 */
public final class LostWatch {
  /*
   * Idea. The tree refers to its nodes, so a node never becomes unreachable while it is live. What is watched is therefore
   * handed out behind a face, an object that only its opener has:
   *
   *     opener ──> face ──> node <──> tree          node ──> link ··phantom··> face
   *
   * Nothing of ours refers to a face. When the collector has taken it, its link is enqueued; whoever looks next takes it from
   * the queue and tells. The node holds the link and drops it with its end, so of what has ended nothing is ever enqueued,
   * or it is skipped: it is not live. A face keeps itself reachable for as long as a call of it lasts.
   *
   * What is told of.
   *   A lease that only something longer-lived would end is leaked: what it is on stays open for as long as that lives.
   *   A child scope, or a lease in one that may well end earlier, may be left to its owner on purpose. It is suspect if others
   *   that were opened at the same place have been closed by their opener.
   *
   * Cost. A face, a link and a stack. So there is one for the first leases and child scopes of a root and then for one in so
   * many; for all under PARANOID, for none under DISABLED. Else the node itself is handed out, and nothing is different. There
   * is no thread: the queue is looked at by check(), by the sweep for old handles, and whenever a face is made.
   *
   * A node may end before it has its link. So the link is kept, or dropped at once, under the lock under which the phase changes.
   * Proof: jcstress LinkAgainstEnd, whose twin looks at the phase first.
   *
   * Two that look at once each take different links. A node may end while it is told of; who reads the set of what is lost
   * skips it then, and takes it out.
   */
  private static final int FIRST = 100;

  /** As many places are remembered; what is opened at others is not suspect. */
  private static final int MOST_PLACES = 1_000;

  /** Of as many closings the place is looked up, which takes longer than the rest of a close. */
  private static final int MOST_LOOKUPS = 10_000;

  private final Root root;
  private final ReferenceQueue<Object> queue = new ReferenceQueue<>();
  private final Set<Node> lost = ConcurrentHashMap.newKeySet();
  private final Map<StackTraceElement, Long> closedAt = new ConcurrentHashMap<>();
  private int leasesLeft = FIRST;
  private int scopesLeft = FIRST;
  private int lookupsLeft = MOST_LOOKUPS;

  LostWatch(Root root) {
    this.root = root;
  }

  /** The way from a face that is gone to its node. */
  static final class Link extends PhantomReference<Object> {
    private final Node node;
    private final Origin origin;

    /** What a lease is on; null for a scope. */
    private final @Nullable OwnerNode from;

    Link(Object face, Node node, @Nullable OwnerNode from, ReferenceQueue<Object> queue) {
      super(face, queue);
      this.node = node;
      this.from = from;
      this.origin = new Origin("opened here");
    }

    private @Nullable StackTraceElement place() {
      List<StackTraceElement> frames = origin.frames();
      return frames.isEmpty() ? null : frames.get(0);
    }

    /** Whether it is a lease that what it is on does not outlive, wherever it has been moved meanwhile. */
    private boolean leaks() {
      OwnerNode owner = node.owner();
      return from != null && owner != null && from.isWithin(owner);
    }
  }

  /** What an opener has of a watched owner. */
  public interface Face {
    /** The owner itself. */
    OwnerNode node();
  }

  // ---- handing out

  /**
   * Returns what the holder of a lease gets: a face, or the node itself.
   *
   * @param from what the lease is on: if that does not outlive the lease's owner, the lease leaks when it is dropped
   */
  public <T> Handle<T> lease(HandleNode<T> node, OwnerNode from) {
    boolean first = leasesLeft > 0;
    if (!watches(first)) {
      return node;
    }
    leasesLeft -= first ? 1 : 0; // racy: a few more or less
    LeaseFace<T> face = new LeaseFace<>(node);
    watch(face, node, from);
    return face;
  }

  /** Whether the next child scope is to be handed out behind a face, which is then to be given to {@link #watch}. */
  public boolean watchesNextScope() {
    boolean first = scopesLeft > 0;
    if (!watches(first)) {
      return false;
    }
    scopesLeft -= first ? 1 : 0;
    return true;
  }

  private boolean watches(boolean first) {
    return switch (root.tracking) {
      case DISABLED -> false;
      case PARANOID -> true;
      default -> first || ThreadLocalRandom.current().nextInt(root.sampleEvery) == 0;
    };
  }

  /** Watches a face of a scope. */
  public void watch(Face face) {
    watch(face, face.node(), null);
  }

  private void watch(Object face, Node node, @Nullable OwnerNode from) {
    try {
      link(node, new Link(face, node, from, queue));
    } finally {
      Reference.reachabilityFence(face);
    }
    look();
  }

  /** Has a node, which stands in a list, keep the link of its face; drops that if the node's close has begun. */
  static void link(Node node, Link link) {
    Lane at = Check.notNull(node.lockLane(), "lane");
    boolean live = node.isLive();
    if (live) {
      node.extras().link = link;
    }
    at.unlock();
    if (!live) {
      link.clear();
    }
  }

  private static @Nullable Link linkOf(Node node) {
    Extras more = node.extras;
    return more == null ? null : more.link;
  }

  // ---- what becomes of them

  /** Notes that the opener of a watched node closes it. */
  public void closedByOpener(Node node) {
    Link link = linkOf(node);
    if (link == null || !node.isLive() || lookupsLeft <= 0) {
      return;
    }
    lookupsLeft--; // racy: a few more or less
    StackTraceElement place = link.place();
    if (place != null && (closedAt.size() < MOST_PLACES || closedAt.containsKey(place))) {
      closedAt.merge(place, 1L, Long::sum);
    }
  }

  /** A node has ended: whoever drops it from now on loses nothing. */
  static void ended(Node node) {
    Link link = linkOf(node);
    if (link != null) {
      link.clear();
      node.root().lostWatch().lost.remove(node);
    }
  }

  /** Tells of everything that was dropped since the last look. */
  public void look() {
    for (Reference<?> gone = queue.poll(); gone != null; gone = queue.poll()) {
      tell((Link) gone);
    }
  }

  private void tell(Link link) {
    Node node = link.node;
    if (!node.isLive()) {
      return;
    }
    StackTraceElement place = link.place();
    long closed = place == null ? 0 : closedAt.getOrDefault(place, 0L);
    boolean leaks = link.leaks();
    if (!leaks && closed == 0) {
      return;
    }
    if (!node.hasOrigin()) {
      node.openedFrom(link.origin);
    }
    lost.add(node);
    if (leaks) {
      root.events.leaked(node);
    } else {
      root.events.dropped(node, closed);
    }
  }

  /** Everything that was dropped, was told of, and is live now. */
  public List<Node> lost() {
    lost.removeIf(node -> !node.isLive());
    return new ArrayList<>(lost);
  }
}
