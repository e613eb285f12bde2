package io.leaksafe.internal.wheel;

import org.jspecify.annotations.Nullable;

/** An entry with a name. */
final class Item extends Entry {

  final String name;
  private final @Nullable Group group;

  Item(String name, @Nullable Group group) {
    this.name = name;
    this.group = group;
  }

  @Override
  protected @Nullable Group group() {
    return group;
  }

  @Override
  public String toString() {
    return name;
  }
}
