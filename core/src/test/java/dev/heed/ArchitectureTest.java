package dev.heed;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The house rules of ARCHITECTURE.md, as tests. */
@Tag("unit")
class ArchitectureTest {

  /** Each package and the ones it may use: the order in which data walks through them. */
  private static final Map<String, List<String>> MAY_USE =
      Map.ofEntries(
          Map.entry("tensor", List.of()),
          Map.entry("nn", List.of("tensor")),
          Map.entry("attention", List.of("tensor", "nn")),
          Map.entry("mixer", List.of("tensor", "nn", "attention")),
          Map.entry("checkpoint", List.of("tensor", "nn")),
          Map.entry("adapt", List.of("tensor", "nn", "attention", "checkpoint")),
          Map.entry("text", List.of("tensor", "checkpoint")),
          Map.entry("vision", List.of("tensor", "checkpoint")),
          Map.entry("audio", List.of("tensor", "checkpoint")),
          Map.entry("evaluate", List.of()),
          Map.entry(
              "model",
              List.of(
                  "tensor",
                  "nn",
                  "attention",
                  "mixer",
                  "adapt",
                  "checkpoint",
                  "text",
                  "vision",
                  "audio")),
          Map.entry(
              "generate",
              List.of(
                  "tensor",
                  "nn",
                  "attention",
                  "mixer",
                  "checkpoint",
                  "text",
                  "vision",
                  "audio",
                  "model")),
          Map.entry(
              "train",
              List.of(
                  "tensor",
                  "nn",
                  "attention",
                  "mixer",
                  "adapt",
                  "checkpoint",
                  "text",
                  "vision",
                  "audio",
                  "model",
                  "evaluate")),
          Map.entry(
              "explain",
              List.of(
                  "tensor",
                  "nn",
                  "attention",
                  "mixer",
                  "adapt",
                  "checkpoint",
                  "text",
                  "vision",
                  "audio",
                  "model",
                  "evaluate")),
          Map.entry(
              "verify",
              List.of(
                  "tensor",
                  "nn",
                  "attention",
                  "mixer",
                  "checkpoint",
                  "text",
                  "vision",
                  "audio",
                  "model",
                  "generate")),
          Map.entry(
              "task",
              List.of(
                  "tensor",
                  "nn",
                  "attention",
                  "mixer",
                  "adapt",
                  "checkpoint",
                  "text",
                  "vision",
                  "audio",
                  "model",
                  "generate",
                  "train",
                  "explain",
                  "evaluate")));

  /** In {@link #PARTS}, the package itself. */
  private static final String ITSELF = "";

  /**
   * The parts of each package, in order: each uses only those before it. A package itself has its
   * place among them, {@link #ITSELF}; where it is a door, which stands on its parts and gives them
   * their types, it is left out.
   */
  private static final Map<String, List<String>> PARTS =
      Map.ofEntries(
          Map.entry("tensor", List.of("kernel", ITSELF)),
          Map.entry("nn", List.of(ITSELF, "moe", "loss")),
          Map.entry(
              "attention",
              List.of("mask", "position", "score", "kernel", ITSELF, "additive", "sparse")),
          Map.entry(
              "mixer", List.of(ITSELF, "statespace", "linear", "memory", "recurrent", "catalogue")),
          Map.entry("checkpoint", List.of("gguf", "convert")),
          Map.entry(
              "text",
              List.of(
                  "align",
                  "pattern",
                  "subword",
                  "normalizer",
                  "pretokenizer",
                  "postprocessor",
                  "decoder",
                  "pipeline",
                  "sentencepiece",
                  "gguf",
                  "source",
                  "family",
                  "recorded",
                  "train")),
          Map.entry("train", List.of("schedule", "optim", "data", ITSELF, "report", "recipe")),
          Map.entry("explain", List.of("measure", "bias", ITSELF, "edit", "image", "sound")),
          Map.entry(
              "generate",
              List.of("logits", "config", "search", "constrain", ITSELF, "template", "chat")),
          Map.entry("task", List.of("series", ITSELF, "speech")));

  /** Calls that take the JVM's locale or charset; a command prints through its own Output. */
  private static final Pattern OF_THE_MACHINE =
      Pattern.compile(
          "\\.formatted\\(|String\\.format\\((?!\\s*Locale\\.ROOT)|System\\.(out|err)\\.(printf|format)|\\.to(Lower|Upper)Case\\(\\)|\\.getBytes\\(\\)|new"
              + " File(Reader|Writer)\\(|new"
              + " (Scanner|InputStreamReader|OutputStreamWriter|PrintWriter)\\(System\\.\\w+\\)"
              + "|Locale\\.getDefault|Charset\\.defaultCharset");

  private static JavaClasses heed;

  @BeforeAll
  static void importClasses() {
    heed =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.heed");
  }

  @Test
  void only_tensor_knows_libtorch() {
    check(
        noClasses()
            .that(resideInAPackage("dev.heed..").and(not(resideInAPackage("dev.heed.tensor"))))
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.bytedeco.."));
  }

  @Test
  void only_kernels_know_the_vector_api() {
    check(
        noClasses()
            .that(
                resideInAPackage("dev.heed..")
                    .and(
                        not(
                            resideInAnyPackage(
                                "dev.heed.attention.kernel", "dev.heed.tensor.kernel"))))
            .should()
            .dependOnClassesThat()
            .resideInAPackage("jdk.incubator.vector.."));
  }

  /** Lucene is heed-vectors', AWT and HTML are heed-pictures'. */
  @Test
  void the_core_needs_no_index_no_awt_and_no_page_engine() {
    check(
        noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                "org.apache.lucene..", "java.awt..", "javax.imageio..", "com.samskivert.."));
  }

  @TestFactory
  List<DynamicTest> a_package_uses_only_what_comes_before_it() {
    List<DynamicTest> tests = new ArrayList<>();
    MAY_USE.forEach((name, allowed) -> {
      List<String> forbidden = new ArrayList<>(MAY_USE.keySet());
      forbidden.removeAll(allowed);
      forbidden.remove(name);
      String[] packages =
          forbidden.stream().sorted().map(p -> "dev.heed." + p + "..").toArray(String[]::new);
      if (packages.length > 0) {
        tests.add(
            DynamicTest.dynamicTest(
                name,
                () ->
                    check(
                        noClasses()
                            .that()
                            .resideInAPackage("dev.heed." + name + "..")
                            .should()
                            .dependOnClassesThat()
                            .resideInAnyPackage(packages))));
      }
    });
    return tests;
  }

  @TestFactory
  List<DynamicTest> a_part_of_a_package_uses_only_what_comes_before_it() {
    List<DynamicTest> tests = new ArrayList<>();
    PARTS.forEach((name, parts) -> {
      for (int i = 0; i < parts.size() - 1; i++) {
        String part = part(name, parts.get(i));
        String[] later =
            parts.subList(i + 1, parts.size()).stream()
                .map(after -> part(name, after))
                .toArray(String[]::new);
        tests.add(
            DynamicTest.dynamicTest(
                part,
                () ->
                    check(
                        noClasses()
                            .that()
                            .resideInAPackage(part)
                            .should()
                            .dependOnClassesThat()
                            .resideInAnyPackage(later))));
      }
    });
    return tests;
  }

  private static String part(String name, String part) {
    return "dev.heed." + name + (part.equals(ITSELF) ? "" : "." + part);
  }

  /** A family stands on blocks, heads and relatives; none of these knows it. */
  @Test
  void blocks_and_heads_know_no_family_and_families_go_in_no_circle() {
    check(
        noClasses()
            .that()
            .resideInAnyPackage("dev.heed.model", "dev.heed.model.block", "dev.heed.model.head")
            .should()
            .dependOnClassesThat(
                resideInAPackage("dev.heed.model..")
                    .and(
                        not(
                            resideInAnyPackage(
                                "dev.heed.model",
                                "dev.heed.model.block",
                                "dev.heed.model.head")))));
    slices().matching("dev.heed.model.(*)").should().beFreeOfCycles().check(heed);
  }

  @Test
  void every_part_has_its_place_in_the_order() {
    List<String> unknown =
        heed.stream()
            .map(JavaClass::getPackageName)
            .filter(p -> p.startsWith("dev.heed.") && !p.startsWith("dev.heed.model."))
            .map(p -> p.substring("dev.heed.".length()))
            .filter(p -> p.contains("."))
            .filter(p -> {
              int end = p.indexOf('.');
              List<String> parts = PARTS.get(p.substring(0, end));
              return parts == null || !parts.contains(p.substring(end + 1));
            })
            .distinct()
            .toList();
    assertThat(unknown).as("parts without a place in PARTS").isEmpty();
  }

  @Test
  void every_package_has_its_place_in_the_order() {
    List<String> unknown =
        heed.stream()
            .map(JavaClass::getPackageName)
            .filter(p -> p.startsWith("dev.heed."))
            .map(p -> p.split("\\.")[2])
            .distinct()
            .filter(p -> !MAY_USE.containsKey(p))
            .toList();
    assertThat(unknown).as("packages without a line in MAY_USE").isEmpty();
  }

  @Test
  void no_class_is_a_drawer_for_what_has_no_name() {
    check(classes().should().haveNameNotMatching(".*(Utils?|Helper|Impl|Manager)(\\$.*)?"));
  }

  /** Numbers are formatted and bytes decoded the same on every machine. */
  @Test
  void nothing_depends_on_the_locale_or_the_default_charset() throws IOException {
    List<String> found = new ArrayList<>();
    for (Path file : ProjectSources.main()) {
      Matcher match = OF_THE_MACHINE.matcher(Files.readString(file));
      while (match.find()) {
        found.add(file.getFileName() + ": " + match.group());
      }
    }
    assertThat(found)
        .as("name Locale.ROOT (in String.format, not formatted) or UTF_8 in these")
        .isEmpty();
  }

  private static void check(ArchRule rule) {
    // A package that has no class yet breaks no rule.
    rule.allowEmptyShould(true).check(heed);
  }
}
