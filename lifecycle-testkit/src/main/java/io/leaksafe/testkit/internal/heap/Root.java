package io.leaksafe.testkit.internal.heap;

/**
 * What keeps an object alive by itself.
 *
 * @param id     the object
 * @param kind   the record's tag
 * @param thread the serial number of the thread it belongs to; zero if to none
 * @param frame  which frame of that thread's stack, from 0; -1 if none
 */
record Root(long id, int kind, int thread, int frame) {

  static final int JNI_GLOBAL = 0x01;
  static final int JNI_LOCAL = 0x02;
  static final int FRAME = 0x03;
  static final int NATIVE_STACK = 0x04;
  static final int STICKY_CLASS = 0x05;
  static final int THREAD_BLOCK = 0x06;
  static final int MONITOR = 0x07;
  static final int THREAD = 0x08;
  static final int UNKNOWN = 0xFF;
}
