package io.leaksafe.hook;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.leaksafe.hook.GlobalSlot.Told;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Prints to another stream and tells of the lines. Text is handed to the other stream as text, so that its own encoding and line
 * ends apply.
 */
@SuppressWarnings("AnnotateFormatMethod") // as PrintStream has it
final class TeeStream extends PrintStream {

  private final PrintStream original;
  private final Lines lines;

  TeeStream(PrintStream original, Told<Consumer<String>> told) {
    super(OutputStream.nullOutputStream(), false, UTF_8); // what would get there is overridden
    this.original = original;
    this.lines = new Lines(told);
  }

  private void printed(String text) {
    original.print(text);
    lines.add(text, false);
  }

  private void line(String text) {
    original.println(text);
    lines.add(text, true);
  }

  // ---- bytes

  @Override
  public void write(int value) {
    original.write(value);
    lines.add(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) {
    original.write(bytes, offset, length);
    lines.add(bytes, offset, length);
  }

  @Override
  public void write(byte[] bytes) {
    write(bytes, 0, bytes.length);
  }

  @Override
  public void writeBytes(byte[] bytes) {
    write(bytes, 0, bytes.length);
  }

  // ---- text

  @Override
  public void print(boolean value) {
    printed(String.valueOf(value));
  }

  @Override
  public void print(char value) {
    printed(String.valueOf(value));
  }

  @Override
  public void print(int value) {
    printed(String.valueOf(value));
  }

  @Override
  public void print(long value) {
    printed(String.valueOf(value));
  }

  @Override
  public void print(float value) {
    printed(String.valueOf(value));
  }

  @Override
  public void print(double value) {
    printed(String.valueOf(value));
  }

  @Override
  public void print(char[] value) {
    printed(String.valueOf(value));
  }

  @Override
  public void print(@Nullable String value) {
    printed(String.valueOf(value));
  }

  @Override
  public void print(@Nullable Object value) {
    printed(String.valueOf(value));
  }

  @Override
  public void println() {
    original.println();
    lines.add("", true);
  }

  @Override
  public void println(boolean value) {
    line(String.valueOf(value));
  }

  @Override
  public void println(char value) {
    line(String.valueOf(value));
  }

  @Override
  public void println(int value) {
    line(String.valueOf(value));
  }

  @Override
  public void println(long value) {
    line(String.valueOf(value));
  }

  @Override
  public void println(float value) {
    line(String.valueOf(value));
  }

  @Override
  public void println(double value) {
    line(String.valueOf(value));
  }

  @Override
  public void println(char[] value) {
    line(String.valueOf(value));
  }

  @Override
  public void println(@Nullable String value) {
    line(String.valueOf(value));
  }

  @Override
  public void println(@Nullable Object value) {
    line(String.valueOf(value));
  }

  @Override
  public PrintStream format(String format, @Nullable Object... arguments) {
    return format(Locale.getDefault(Locale.Category.FORMAT), format, arguments);
  }

  @Override
  public PrintStream format(@Nullable Locale locale, String format, @Nullable Object... arguments) {
    printed(String.format(locale, format, arguments));
    return this;
  }

  @Override
  public PrintStream printf(String format, @Nullable Object... arguments) {
    return format(Locale.getDefault(Locale.Category.FORMAT), format, arguments);
  }

  @Override
  public PrintStream printf(@Nullable Locale locale, String format, @Nullable Object... arguments) {
    return format(locale, format, arguments);
  }

  @Override
  public PrintStream append(@Nullable CharSequence text) {
    printed(String.valueOf(text));
    return this;
  }

  @Override
  public PrintStream append(@Nullable CharSequence text, int start, int end) {
    printed(String.valueOf(text == null ? "null" : text).substring(start, end));
    return this;
  }

  @Override
  public PrintStream append(char character) {
    print(character);
    return this;
  }

  // ---- the rest

  @Override
  public void flush() {
    original.flush();
  }

  @Override
  public void close() {
    original.close();
  }

  @Override
  public boolean checkError() {
    return original.checkError();
  }
}
