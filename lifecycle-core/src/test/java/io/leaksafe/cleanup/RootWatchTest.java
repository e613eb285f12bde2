package io.leaksafe.cleanup;

import static org.assertj.core.api.Assertions.assertThat;

import io.leaksafe.internal.watch.RootWatch;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What a leak checker is told; other tests make managers meanwhile, so each looks for its own alone. */
@Execution(ExecutionMode.SAME_THREAD)
class RootWatchTest {

  private final List<Object> told = new CopyOnWriteArrayList<>();

  private final RootWatch.Watcher watcher = new RootWatch.Watcher() {
    @Override
    public void made(Object root) {
      told.add(root);
    }

    @Override
    public void ended(Object root) {
      told.add("ended " + ((CleanupManager) root).name() + ((CleanupManager) root).state());
    }
  };

  @AfterEach
  void remove() {
    RootWatch.install(null);
  }

  @Test
  void install_aWatcher_isToldOfEachRootAndItsEndOnce() {
    RootWatch.install(watcher);
    CleanupManager shop = CleanupManager.create("watched shop");
    shop.child("session").close();
    assertThat(told).contains(shop).doesNotContain("ended watched shopCLOSED");
    shop.close();
    shop.close();
    assertThat(told).containsOnlyOnce(shop, "ended watched shopCLOSED");
  }

  @Test
  void install_null_tellsNobody() {
    RootWatch.install(watcher);
    RootWatch.install(null);
    try (CleanupManager shop = CleanupManager.create("unwatched shop")) {
      assertThat(told).doesNotContain(shop);
    }
    assertThat(told).doesNotContain("ended unwatched shopCLOSED");
  }
}
