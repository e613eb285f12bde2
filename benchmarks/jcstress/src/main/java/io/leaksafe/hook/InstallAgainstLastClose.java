package io.leaksafe.hook;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.leaksafe.cleanup.CleanupManager;
import io.leaksafe.handle.Handle;
import io.leaksafe.handle.Tracking;
import io.leaksafe.stress.StressTime;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IZ_Result;

/** The last hook of a place is closed while another is installed there: one layer is there, and after that none. */
@State
@JCStressTest
@Outcome(
    id = "1, true",
    expect = ACCEPTABLE,
    desc = "One layer told it, and the original came back.")
@Outcome(expect = FORBIDDEN, desc = "No layer, or two, or something stayed behind.")
public class InstallAgainstLastClose implements GlobalSlot<Runnable, Runnable> {

  private final CleanupManager root = CleanupManager.builder("root")
      .tracking(Tracking.DISABLED)
      .timeSource(new StressTime())
      .build();
  private final Runnable original = () -> {};
  private volatile @Nullable Runnable present = original;
  private int told;
  private final Handle<Runnable> first = GlobalHook.install(root, this, () -> told++);
  private @Nullable Handle<Runnable> second;

  @Override
  public Object key() {
    return this;
  }

  @Override
  public @Nullable Runnable read() {
    return present;
  }

  @Override
  public void write(@Nullable Runnable value) {
    present = value;
  }

  @Override
  public Runnable wrap(@Nullable Runnable under, Told<Runnable> listeners) {
    return () -> {
      listeners.tell(Runnable::run);
      if (under != null) {
        under.run();
      }
    };
  }

  @Actor
  public void close() {
    first.close();
  }

  @Actor
  public void install() {
    second = GlobalHook.install(root, this, () -> told++);
  }

  @Arbiter
  public void look(IZ_Result r) {
    if (present != null) {
      present.run();
    }
    r.r1 = told;
    if (second != null) {
      second.close();
    }
    r.r2 = present == original;
  }
}
