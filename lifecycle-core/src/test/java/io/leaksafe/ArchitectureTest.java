package io.leaksafe;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.stream.Collectors.toCollection;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Exports;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/**
 * Keeps the picture of the packages true: who may import whom, what is exported, how much of it is public. A new package
 * needs a row in {@link #ARROWS}; a package without classes is not an error.
 */
class ArchitectureTest {
  private static final String ROOT = "io.leaksafe";
  private static final Path CLASSES =
      Path.of(System.getProperty("basedir", "."), "target", "classes");
  private static final JavaClasses CORE = new ClassFileImporter().importPath(CLASSES);

  /** Below this many public types their share says nothing. */
  private static final int FEW_PUBLIC_TYPES = 18;

  private static final int PUBLIC_PERCENT = 45;

  /** What the testkit shares with the library. */
  private static final Set<String> FOR_THE_TESTKIT =
      Set.of("internal.check", "internal.measure", "internal.virtual", "internal.watch");

  /** Every package may import these two, which import nothing of ours. */
  private static final Set<String> FOR_ALL = Set.of("internal.check", "internal.event");

  /** Package to the packages it may import. */
  private static final Map<String, Set<String>> ARROWS = Map.ofEntries(
      mayImport("time"),
      mayImport("handle", "time"),
      mayImport("cleanup", "handle", "time", "internal.tree", "internal.timer", "internal.watch"),
      mayImport("schedule", "cleanup", "handle", "time", "internal.tree", "internal.timer"),
      mayImport(
          "timeout",
          "cleanup",
          "handle",
          "time",
          "internal.future",
          "internal.tree",
          "internal.timer"),
      mayImport(
          "retry",
          "timeout",
          "cleanup",
          "handle",
          "time",
          "internal.future",
          "internal.tree",
          "internal.timer"),
      mayImport(
          "map",
          "cleanup",
          "handle",
          "time",
          "internal.tree",
          "internal.timer",
          "internal.wheel",
          "internal.queue"),
      mayImport("share", "cleanup", "handle", "time", "internal.tree", "internal.timer"),
      mayImport("listener", "cleanup", "handle", "internal.tree"),
      mayImport("hook", "cleanup", "handle", "internal.tree"),
      mayImport(
          "health", "schedule", "cleanup", "handle", "time", "internal.measure", "internal.tree"),
      mayImport("buffer"),
      mayImport("internal.virtual", "time", "internal.timer"),
      mayImport("internal.watch"),
      mayImport("internal.future"),
      mayImport("internal.tree", "handle", "internal.timer", "time"),
      mayImport("internal.timer", "time", "internal.wheel", "internal.queue"),
      mayImport("internal.event"),
      mayImport("internal.wheel"),
      mayImport("internal.queue"),
      mayImport("internal.measure"),
      mayImport("internal.check"));

  private static Map.Entry<String, Set<String>> mayImport(String from, String... to) {
    return Map.entry(from, Set.of(to));
  }

  static Stream<String> packages() {
    return ARROWS.keySet().stream().sorted();
  }

  @ParameterizedTest
  @MethodSource("packages")
  void imports_ofAPackage_followItsArrows(String from) {
    Set<String> allowed = new TreeSet<>(ARROWS.get(from));
    allowed.add(from);
    if (!FOR_ALL.contains(from)) {
      allowed.addAll(FOR_ALL);
    }
    String[] names = allowed.stream().map(ArchitectureTest::full).toArray(String[]::new);

    classes()
        .that()
        .resideInAPackage(full(from))
        .should()
        .onlyDependOnClassesThat(resideOutsideOfPackage(ROOT + "..").or(resideInAnyPackage(names)))
        .allowEmptyShould(true)
        .check(CORE);
  }

  @Test
  void packages_inCore_haveARowInTheTableOfArrows() {
    assertThat(ARROWS.keySet()).containsAll(existingPackages());
  }

  @Test
  void packages_inCore_formNoCycle() {
    slices()
        .matching(ROOT + ".(**)")
        .should()
        .beFreeOfCycles()
        .allowEmptyShould(true)
        .check(CORE);
  }

  @Test
  void cleanup_inCore_knowsNoFeature() {
    noClasses()
        .that()
        .resideInAPackage(full("cleanup"))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(Stream.of(
                "schedule",
                "timeout",
                "retry",
                "map",
                "share",
                "listener",
                "hook",
                "health",
                "buffer")
            .map(ArchitectureTest::full)
            .toArray(String[]::new))
        .allowEmptyShould(true)
        .check(CORE);
  }

  @Test
  void loggers_inCore_areNamedAfterTheirPackage() {
    noClasses()
        .should()
        .callMethod(LoggerFactory.class, "getLogger", Class.class)
        .because("there is one logger per package: getLogger(X.class.getPackageName())")
        .check(CORE);
  }

  @Test
  void flightRecorderAndManagement_inCore_areTouchedWhereTheyMayBeAbsent() {
    noClasses()
        .that()
        .resideOutsideOfPackage(full("internal.event"))
        .should()
        .dependOnClassesThat()
        .resideInAPackage("jdk.jfr..")
        .check(CORE);
    noClasses()
        .that()
        .doNotHaveSimpleName("ManagerBean")
        .and()
        .haveSimpleNameNotStartingWith("Read")
        .and()
        .doNotHaveSimpleName("OpenTables")
        .and()
        .doNotHaveSimpleName("GcWatch")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("javax.management..", "java.lang.management..")
        .check(CORE);
  }

  @Test
  void pureParts_inCore_haveNoLogger() {
    noClasses()
        .that()
        .resideInAnyPackage(
            full("internal.wheel"),
            full("internal.queue"),
            full("internal.check"),
            full("internal.measure"))
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.slf4j..")
        .allowEmptyShould(true)
        .check(CORE);
  }

  @Test
  void moduleInfo_exports_everyApiPackageAndNoInternalOne() throws IOException {
    Set<String> toAll = exportedToAll();

    assertThat(toAll).noneMatch(name -> name.contains("internal"));
    assertThat(toAll)
        .isEqualTo(existingPackages().stream()
            .filter(name -> !name.startsWith("internal"))
            .map(ArchitectureTest::full)
            .collect(toCollection(TreeSet::new)));
  }

  @Test
  void moduleInfo_qualifiedExports_areForTheTestkitAlone() throws IOException {
    Map<String, Set<String>> qualified = module().exports().stream()
        .filter(Exports::isQualified)
        .collect(toMap(Exports::source, Exports::targets));

    assertThat(qualified)
        .isEqualTo(FOR_THE_TESTKIT.stream()
            .collect(toMap(ArchitectureTest::full, name -> Set.of("io.leaksafe.testkit"))));
  }

  @Test
  void packageInfo_ofEveryPackage_isNullMarked() {
    Set<String> unmarked = existingPackages().stream()
        .filter(name -> !CORE.getPackage(full(name)).isAnnotatedWith(NullMarked.class))
        .collect(toCollection(TreeSet::new));

    assertThat(unmarked).isEmpty();
  }

  @Test
  void publicTypes_inExportedPackages_areUnder45PercentOfAllTopLevelTypes() throws IOException {
    Set<String> exported = exportedToAll();
    List<String> publicTypes = topLevelTypes()
        .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
        .filter(type -> exported.contains(type.getPackageName()))
        .map(JavaClass::getName)
        .sorted()
        .toList();
    long all = topLevelTypes().count();

    assertThat(publicTypes)
        .as("public types of %d top-level types", all)
        .hasSizeLessThanOrEqualTo((int) Math.max(FEW_PUBLIC_TYPES, all * PUBLIC_PERCENT / 100));
  }

  private static String full(String name) {
    return ROOT + "." + name;
  }

  private static Set<String> existingPackages() {
    return topLevelTypes()
        .map(JavaClass::getPackageName)
        .map(name -> name.substring(Math.min(name.length(), ROOT.length() + 1)))
        .collect(toCollection(TreeSet::new));
  }

  private static Stream<JavaClass> topLevelTypes() {
    return CORE.stream()
        .filter(JavaClass::isTopLevelClass)
        .filter(type -> !type.getSimpleName().endsWith("-info"));
  }

  private static Set<String> exportedToAll() throws IOException {
    return module().exports().stream()
        .filter(exports -> !exports.isQualified())
        .map(Exports::source)
        .collect(toCollection(TreeSet::new));
  }

  private static ModuleDescriptor module() throws IOException {
    try (InputStream in = Files.newInputStream(CLASSES.resolve("module-info.class"))) {
      return ModuleDescriptor.read(in);
    }
  }
}
