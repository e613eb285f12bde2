package io.leaksafe.cleanup;

import io.leaksafe.handle.HandleInfo;
import io.leaksafe.handle.Kind;
import io.leaksafe.internal.check.Text;
import io.leaksafe.internal.tree.Node;
import io.leaksafe.internal.tree.OwnerNode;
import java.util.ArrayList;
import java.util.List;

/** Draws a scope and what is live below it. */
final class TreeText {

  private static final int MOST_OF_ONE_OWNER = 20;

  private record Row(String branch, String kind, String priority, String age, String rest) {}

  private final List<Row> rows = new ArrayList<>();

  private TreeText() {}

  static String of(TreeScope scope) {
    TreeText text = new TreeText();
    text.rows.add(text.row("", scope));
    text.below(scope, "");
    return text.layOut();
  }

  private void below(OwnerNode owner, String indent) {
    List<HandleInfo> timers = owner.pendingTimers(MOST_OF_ONE_OWNER);
    List<Node> nodes = owner.inClosingOrder();
    int all = owner.size();
    int shown = all <= MOST_OF_ONE_OWNER ? all : MOST_OF_ONE_OWNER - 1;
    for (int i = 0; i < Math.min(shown, timers.size() + nodes.size()); i++) {
      boolean last = i == all - 1;
      String branch = indent + (last ? "└─ " : "├─ ");
      if (i < timers.size()) {
        rows.add(row(branch, timers.get(i), timers.get(i).kind().name()));
        continue;
      }
      Node node = nodes.get(i - timers.size());
      rows.add(row(branch, node));
      if (node instanceof OwnerNode scope) {
        below(scope, indent + (last ? "   " : "│  "));
      }
    }
    if (shown < all) {
      String rest = "... and " + Text.count(all - shown) + " more";
      rows.add(new Row(indent + "└─ " + rest, "", "", "", ""));
    }
  }

  private Row row(String branch, Node node) {
    HandleInfo info = node.info();
    boolean root = node.kind() == Kind.SCOPE && node.owner() == null;
    return row(branch, info, root ? "ROOT" : info.kind().name());
  }

  private Row row(String branch, HandleInfo info, String kind) {
    List<String> rest = new ArrayList<>();
    info.details().forEach((key, value) -> rest.add(key + ' ' + value));
    String at = info.openedAtFrame().map(frame -> " at " + Text.frame(frame)).orElse("");
    if (!info.openedBy().isEmpty()) {
      rest.add("opened by '" + info.openedBy() + "'" + at);
    }
    return new Row(
        branch + info.name(),
        kind,
        info.priority().name(),
        Text.duration(info.age()),
        String.join(", ", rest));
  }

  private String layOut() {
    int branch = rows.stream().mapToInt(row -> row.branch().length()).max().orElse(0);
    int age = rows.stream().mapToInt(row -> row.age().length()).max().orElse(0);
    StringBuilder text = new StringBuilder();
    for (Row row : rows) {
      String line = pad(row.branch(), branch) + "  " + pad(row.kind(), 9) + "  "
          + pad(row.priority(), 6) + "  " + pad(row.age(), age) + "  " + row.rest();
      text.append(line.stripTrailing()).append('\n');
    }
    return text.toString();
  }

  private static String pad(String text, int width) {
    return text + " ".repeat(width - text.length());
  }
}
