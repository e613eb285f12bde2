package io.leaksafe.hook;

import io.leaksafe.hook.GlobalSlot.Told;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/** Puts what is printed together into lines, and tells of each. */
final class Lines {

  private static final int LONGEST = 8_192;

  private final Told<Consumer<String>> told;
  private final ReentrantLock lock = new ReentrantLock();
  private final StringBuilder begun = new StringBuilder();

  Lines(Told<Consumer<String>> told) {
    this.told = told;
  }

  /** Bytes are taken to be in the JVM's charset; a character that is cut in two between two calls is told of wrongly. */
  void add(byte[] bytes, int offset, int length) {
    add(new String(bytes, offset, length, Charset.defaultCharset()), false);
  }

  void add(String text, boolean ends) {
    List<String> complete = new ArrayList<>(1);
    lock.lock();
    try {
      for (int i = 0; i < text.length(); i++) {
        char next = text.charAt(i);
        if (next == '\n') {
          end(complete);
        } else {
          begun.append(next);
          if (begun.length() == LONGEST) {
            end(complete);
          }
        }
      }
      if (ends) {
        end(complete);
      }
    } finally {
      lock.unlock();
    }
    for (String line : complete) {
      told.tell(listener -> listener.accept(line));
    }
  }

  private void end(List<String> complete) {
    int length = begun.length();
    boolean returned = length > 0 && begun.charAt(length - 1) == '\r';
    complete.add(begun.substring(0, returned ? length - 1 : length));
    begun.setLength(0);
    begun.trimToSize();
  }
}
