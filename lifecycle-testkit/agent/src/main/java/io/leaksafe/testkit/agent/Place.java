package io.leaksafe.testkit.agent;

/** Where in a method a call is put. None of them branches, but for the handler that ends a span. */
enum Place {
  /** Before its first instruction. */
  ENTRY,
  /** Before each return; not when it throws. */
  EXIT,
  /** At entry, and again, with the event's end, at each return and when it throws. */
  SPAN,
  /** Before it calls another method, with what is on top of the stack: that call's last argument, or its receiver. */
  BEFORE_CALL,
  /** After such a call has returned. */
  AFTER_CALL
}
