package io.leaksafe.testkit.junit;

import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.junit.platform.engine.ConfigurationParameters;
import org.junit.platform.launcher.LauncherDiscoveryListener;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Switches the leak check on where nobody configured which extensions JUnit finds.
 *
 * <p>JUnit finds extensions only if a configuration parameter says so. When discovery starts, every source of parameters is
 * known; if none says anything, this one sets the system properties that do, for this extension alone, so that other
 * extensions on the class path stay as they are. The properties are taken back when the last session has closed.
 */
public final class LeakCheckListener implements LauncherSessionListener {

  private static final String DETECTION = "junit.jupiter.extensions.autodetection.";
  private static final String ENABLED = DETECTION + "enabled";
  private static final String INCLUDE = DETECTION + "include";
  private static final String EXCLUDE = DETECTION + "exclude";

  private static final ReentrantLock LOCK = new ReentrantLock();
  private static int sessions;
  private static boolean switchedOn;

  /** Made by the launcher. */
  public LeakCheckListener() {}

  @Override
  public void launcherSessionOpened(LauncherSession session) {
    LOCK.lock();
    try {
      sessions++;
    } finally {
      LOCK.unlock();
    }
    session.getLauncher().registerLauncherDiscoveryListeners(new LauncherDiscoveryListener() {
      @Override
      public void launcherDiscoveryStarted(LauncherDiscoveryRequest request) {
        switchOn(request.getConfigurationParameters());
      }
    });
  }

  private static void switchOn(ConfigurationParameters configured) {
    LOCK.lock();
    try {
      boolean said = configured.get(ENABLED).isPresent()
          || configured.get(INCLUDE).isPresent()
          || configured.get(EXCLUDE).isPresent();
      if (!switchedOn && !said) {
        switchedOn = true;
        set(ENABLED, "true");
        set(INCLUDE, LeakCheckExtension.class.getName());
      }
    } finally {
      LOCK.unlock();
    }
  }

  @Override
  public void launcherSessionClosed(LauncherSession session) {
    LOCK.lock();
    try {
      sessions--;
      if (sessions == 0 && switchedOn) {
        switchedOn = false;
        set(ENABLED, null);
        set(INCLUDE, null);
      }
    } finally {
      LOCK.unlock();
    }
  }

  private static void set(String property, @Nullable String value) {
    if (value == null) {
      System.clearProperty(property);
    } else {
      System.setProperty(property, value);
    }
  }
}
