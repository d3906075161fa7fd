package dev.heed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.model.ModelFiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.instruction.InvokeInstruction;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Whatever Heed finds at run time alone, GraalVM's native-image is told of: each class that looks
 * for something by its name, by the members of a type or in the class path stands here, with what
 * covers it.
 */
@Tag("unit")
class NativeImageTest {
  private static final String FOLDER = "/META-INF/native-image/dev.heed/heed-core/";
  private static final String PRESERVED = "-H:Preserve=package=dev.heed.*";

  /** Methods of the JDK that find at run time what no analysis of the program sees. */
  private static final Set<String> DYNAMIC =
      Set.of(
          "java/lang/Class.forName",
          "java/lang/Class.getDeclaredConstructor",
          "java/lang/Class.getDeclaredField",
          "java/lang/Class.getDeclaredFields",
          "java/lang/Class.getDeclaredMethod",
          "java/lang/Class.getDeclaredMethods",
          "java/lang/Class.getField",
          "java/lang/Class.getMethod",
          "java/lang/Class.getMethods",
          "java/lang/Class.getRecordComponents",
          "java/lang/Class.getResource",
          "java/lang/Class.getResourceAsStream",
          "java/lang/ClassLoader.getResource",
          "java/lang/ClassLoader.getSystemResource",
          "java/lang/ClassLoader.loadClass",
          "java/lang/foreign/Linker.nativeLinker",
          "java/lang/reflect/Proxy.newProxyInstance",
          "java/util/ResourceBundle.getBundle",
          "java/util/ServiceLoader.load");

  private static final String MEMBERS = PRESERVED;
  private static final String RESOURCE = "a glob";
  private static final String SERVICE = "native-image itself, which reads META-INF/services";
  private static final String LIBTORCH = "LibTorch, which a native image does without";

  /** What covers the calls of a class. */
  private static final Map<String, String> COVERED = new TreeMap<>();

  private static Path classes = Path.of("");
  private static Path resources = Path.of("");

  static {
    for (String name :
        List.of(
            "checkpoint.ConfigReader",
            "generate.config.ConfigKeys",
            "model.ModelConfig",
            "nn.ModuleTree",
            "tensor.TensorHolders",
            "train.recipe.RecipeKeys")) {
      COVERED.put("dev.heed." + name, MEMBERS);
    }
    for (String name :
        List.of(
            "checkpoint.gguf.Grids",
            "explain.HeadProbe",
            "model.CarriedModel",
            "model.EmbeddedEncoder")) {
      COVERED.put("dev.heed." + name, RESOURCE);
    }
    COVERED.put("dev.heed.model.ModelFamilies", SERVICE);
    COVERED.put("dev.heed.vision.ImageDecoder", SERVICE);
    for (String name : List.of("CLibrary", "EngineChoice", "Pinned")) {
      COVERED.put("dev.heed.tensor." + name, LIBTORCH);
    }
  }

  @BeforeAll
  static void findClasses() throws Exception {
    classes = Path.of(ModelFiles.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    String one = "/dev/heed/explain/pronouns.tsv";
    resources =
        Path.of(Objects.requireNonNull(ModelFiles.class.getResource(one)).toURI())
            .resolve("../../../..")
            .normalize();
  }

  private static Stream<Path> files(Path folder) {
    try {
      return Files.walk(folder).filter(Files::isRegularFile).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ClassModel parse(Path file) {
    try {
      return ClassFile.of().parse(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isDynamic(CodeElement element) {
    return element instanceof InvokeInstruction call
        && DYNAMIC.contains(call.owner().asInternalName() + "." + call.name().stringValue());
  }

  private static boolean callsDynamically(ClassModel model) {
    return model.methods().stream()
        .flatMap(method -> method.code().stream())
        .flatMap(code -> code.elementStream())
        .anyMatch(NativeImageTest::isDynamic);
  }

  @Test
  void every_class_that_looks_for_something_at_run_time_is_covered() {
    Set<String> calling = new TreeSet<>();
    files(classes)
        .filter(file -> file.toString().endsWith(".class"))
        .map(NativeImageTest::parse)
        .filter(NativeImageTest::callsDynamically)
        .map(model -> model.thisClass().asInternalName().replace('/', '.').replaceAll("\\$.*", ""))
        .forEach(calling::add);
    assertThat(calling)
        .as("add a class to COVERED, and what it looks for to %s", FOLDER)
        .containsExactlyElementsOf(COVERED.keySet());
  }

  @Test
  void records_are_preserved_with_their_components() throws IOException {
    Properties properties = new Properties();
    try (InputStream in = open("native-image.properties")) {
      properties.load(in);
    }
    assertThat(properties.getProperty("Args").split(" ")).contains(PRESERVED);
  }

  @Test
  void every_resource_matches_a_glob() throws IOException {
    JsonNode metadata;
    try (InputStream in = open("reachability-metadata.json")) {
      metadata = JsonMapper.shared().readTree(in);
    }
    List<String> globs =
        metadata.get("resources").valueStream().map(each -> each.get("glob").asString()).toList();
    List<String> names =
        Stream.concat(
                files(resources)
                    .filter(file -> !file.toString().endsWith(".class"))
                    .map(file -> resources.relativize(file).toString().replace('\\', '/'))
                    .filter(name -> !name.startsWith("META-INF/")),
                Stream.of("all-minilm-l6-v2.onnx", "all-minilm-l6-v2-tokenizer.json"))
            .toList();
    assertThat(names)
        .contains("dev/heed/explain/pronouns.tsv")
        .allMatch(name ->
            globs.stream()
                .anyMatch(glob ->
                    FileSystems.getDefault()
                        .getPathMatcher("glob:" + glob)
                        .matches(Path.of(name))));
  }

  private static InputStream open(String file) {
    return Objects.requireNonNull(NativeImageTest.class.getResourceAsStream(FOLDER + file));
  }
}
