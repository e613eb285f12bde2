package com.acme.shop;

import io.leaksafe.map.RemovalCause;
import io.leaksafe.map.RemovalListener;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** A removal listener of a user, which hangs when it is told of a zero, and notes what it has been told of. */
public final class Hanging<K> implements RemovalListener<K, Integer> {

  /** Open once it hangs. */
  public final CountDownLatch hangs = new CountDownLatch(1);

  /** Opened to have it go on. */
  public final CountDownLatch goOn = new CountDownLatch(1);

  private final List<? super Integer> told;

  public Hanging(List<? super Integer> told) {
    this.told = told;
  }

  @Override
  public void onRemoval(K key, Integer value, RemovalCause cause) throws InterruptedException {
    if (value == 0) {
      hangs.countDown();
      goOn.await();
    }
    told.add(value);
  }
}
