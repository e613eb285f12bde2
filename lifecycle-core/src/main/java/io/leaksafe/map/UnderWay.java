package io.leaksafe.map;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Notes whose turn has come and is not over, one for each key: a hash table that is linked through them. Used under its lock. */
final class UnderWay extends SpinLock {
  /*
   * There are none or a few, except when very many entries expire at once and wait for workers; so it grows like any table, and
   * is small again once it is empty.
   */
  private static final int SMALL = 4;
  private static final int LARGE = 256;

  private @Nullable Removal[] chains = new @Nullable Removal[SMALL];
  private int count;

  /** How many there are with those that follow. */
  int untold;

  @Nullable
  Removal find(int hash, Object key) {
    for (Removal each = chains[index(hash)]; each != null; each = each.underWay) {
      if (each.hash == hash && each.key.equals(key)) {
        return each;
      }
    }
    return null;
  }

  void add(Removal removal) {
    if (count == chains.length) {
      grow();
    }
    link(removal);
    count++;
  }

  private void link(Removal removal) {
    int at = index(removal.hash);
    removal.underWay = chains[at];
    chains[at] = removal;
  }

  private void grow() {
    @Nullable Removal[] old = chains;
    chains = new @Nullable Removal[2 * old.length];
    for (Removal first : old) {
      Removal next;
      for (Removal each = first; each != null; each = next) {
        next = each.underWay;
        link(each);
      }
    }
  }

  void remove(Removal over) {
    int at = index(over.hash);
    Removal before = null;
    for (Removal each = chains[at]; each != null; before = each, each = each.underWay) {
      if (each == over) {
        if (before == null) {
          chains[at] = each.underWay;
        } else {
          before.underWay = each.underWay;
        }
        over.underWay = null;
        count--;
        break;
      }
    }
    if (count == 0 && chains.length >= LARGE) {
      chains = new @Nullable Removal[SMALL];
    }
  }

  void addAllTo(Collection<Removal> all) {
    for (Removal first : chains) {
      for (Removal each = first; each != null; each = each.underWay) {
        all.add(each);
      }
    }
  }

  /** The stripe is chosen by other bits. */
  private int index(int hash) {
    return hash & chains.length - 1;
  }
}
