package io.leaksafe.testkit.agent;

import static io.leaksafe.testkit.agent.Hook.NONE;
import static io.leaksafe.testkit.agent.Hook.THIS;
import static io.leaksafe.testkit.agent.Hook.TOP;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Everything the agent has to put into the JDK in order to see one kind of thing. A probe is active once each of its events has
 * found a place, in every class that this JDK has of those named for it; it fails alone.
 */
final class Probe {
  final String name;

  /** The first JDK that has such a thing. */
  final int since;

  final List<Hook> hooks = new ArrayList<>();

  /** Whether its classes are looked at when they are loaded, since loading them only for this would cost too much. */
  boolean lazy;

  /** What found its place: event and class. */
  private final Set<String> found = new TreeSet<>();

  /** Class names of which one is enough, since each operating system has its own. */
  private boolean anyClass;

  private @Nullable String failure;

  Probe(String name, int since) {
    this.name = name;
    this.since = since;
  }

  // ---- describing it

  Probe at(String event, String type, String method, Place place, int subject, int other) {
    return at(event, type, method, null, place, subject, other);
  }

  Probe at(
      String event,
      String type,
      String method,
      @Nullable String descriptor,
      Place place,
      int subject,
      int other) {
    hooks.add(new Hook(event, type, method, descriptor, place, null, subject, other));
    return this;
  }

  /** Told of the same things when they are closed. */
  Probe closed(String type, String method) {
    return at("closed", type, method, "()", Place.EXIT, THIS, NONE);
  }

  /** What a thread runs: between the calls of two methods, or around one. */
  Probe running(String type, String method, String before, String after) {
    hooks.add(new Hook("run", type, method, null, Place.BEFORE_CALL, before, TOP, NONE));
    hooks.add(new Hook(Hook.end("run"), type, method, null, Place.AFTER_CALL, after, NONE, NONE));
    return this;
  }

  Probe whenLoaded() {
    lazy = true;
    return this;
  }

  Probe anyOfItsClasses() {
    anyClass = true;
    return this;
  }

  // ---- how it went

  synchronized void found(Hook hook) {
    found.add(hook.event() + " in " + hook.type());
  }

  synchronized void failed(String why) {
    if (failure == null) {
      failure = why;
    }
  }

  /** Why it sees nothing, or not everything; null if it is active. */
  synchronized @Nullable String problem() {
    if (failure != null) {
      return failure;
    }
    if (lazy && found.isEmpty()) {
      return null; // its class was not needed yet
    }
    Map<String, Set<String>> missing = new LinkedHashMap<>();
    Set<String> seen = new LinkedHashSet<>();
    for (Hook hook : hooks) {
      if (found.contains(hook.event() + " in " + hook.type())) {
        seen.add(hook.event());
      } else {
        missing.computeIfAbsent(hook.event(), event -> new LinkedHashSet<>()).add(hook.type());
      }
    }
    if (anyClass) {
      missing.keySet().removeAll(seen);
    }
    return missing.isEmpty() ? null : "no place found for " + missing;
  }
}
