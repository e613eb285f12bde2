package io.leaksafe.internal.tree;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class OriginPackagesTest {

  /** A package that is forgotten would be named as the user's own, where something was opened through it. */
  @Test
  void packages_namesEveryPackageOfThisLibrary() throws Exception {
    try (Stream<Path> there = Files.list(classes().resolve("io/leaksafe"))) {
      assertThat(Origin.PACKAGES)
          .containsExactlyInAnyOrderElementsOf(there
              .filter(Files::isDirectory)
              .map(each -> each.getFileName() + ".")
              .toList());
    }
  }

  private static Path classes() throws URISyntaxException {
    return Path.of(
        Origin.class.getProtectionDomain().getCodeSource().getLocation().toURI());
  }
}
