package io.leaksafe.testkit.agent;

import org.jspecify.annotations.Nullable;

/**
 * One place where the ledger is told something.
 *
 * @param event      what it is told
 * @param type       the class, in the JVM's own spelling
 * @param method     the method, or {@code <init>} for constructors
 * @param descriptor the beginning of its descriptor; null for every method of that name
 * @param place      where in the method
 * @param call       the name of the method it calls, for the places around a call
 * @param subject    what the event is about; see the constants
 * @param other      what it has to do with
 */
record Hook(
    String event,
    String type,
    String method,
    @Nullable String descriptor,
    Place place,
    @Nullable String call,
    int subject,
    int other) {

  /** Nothing. */
  static final int NONE = -1;

  /** The object whose method it is; the arguments are numbered from 1. */
  static final int THIS = 0;

  /** What the method returns, or what is on top of the stack before a call. */
  static final int TOP = 100;

  /** The end of an event that spans something. */
  static String end(String event) {
    return event + ".end";
  }

  boolean isIn(String name, String desc) {
    return method.equals(name) && (descriptor == null || desc.startsWith(descriptor));
  }
}
