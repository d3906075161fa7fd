package dev.heed.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The programs in docs/samples: each is compiled with what its pom names, and run. */
@Tag("integration")
@SuppressWarnings("NullAway.Init") // by JUnit
class SamplesTest {
  private static final Path SAMPLES = Path.of("..", "docs", "samples");

  /** The parts of the class path that {@code heed-core} and {@code heed-minilm} bring. */
  private static final Pattern BROUGHT =
      Pattern.compile(".*/(core/target/classes|(jackson-|jspecify-|langchain4j-embeddings-)[^/]*)");

  private static final Pattern OURS =
      Pattern.compile("<artifactId>(heed-[a-z-]+)</artifactId>\\s*<version>([^<]+)</version>");

  @TempDir Path classes;

  private static String classPath() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(part -> BROUGHT.matcher(part.replace(File.separatorChar, '/')).matches())
        .collect(Collectors.joining(File.pathSeparator));
  }

  private void compile(Path sample) throws IOException {
    List<String> arguments =
        new ArrayList<>(List.of("--release", "25", "-Xlint:all", "-Werror", "-cp", classPath()));
    arguments.addAll(List.of("-d", classes.toString()));
    try (Stream<Path> sources = Files.walk(sample.resolve("src/main/java"))) {
      sources.map(Path::toString).filter(name -> name.endsWith(".java")).forEach(arguments::add);
    }
    assertThat(
            ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, arguments.toArray(String[]::new)))
        .as("javac of %s", sample)
        .isZero();
  }

  /** What the sample prints, in a process without LibTorch. */
  private String run(String main, String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("--add-modules", "jdk.incubator.vector"));
    command.addAll(List.of("-cp", classPath() + File.pathSeparator + classes, main));
    command.addAll(List.of(arguments));
    Path told = classes.resolve("errors.txt");
    Process process = new ProcessBuilder(command).redirectError(told.toFile()).start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as("%s", Files.readString(told)).isZero();
    return printed;
  }

  @Test
  void every_sample_is_run_here() throws IOException {
    try (Stream<Path> samples = Files.list(SAMPLES)) {
      assertThat(samples.map(sample -> sample.getFileName().toString())).containsExactly("embed");
    }
  }

  @Test
  void embed_prints_the_vector_of_its_text() throws Exception {
    compile(SAMPLES.resolve("embed"));
    String printed = run("Embed", "Where", "can", "I", "park?").strip();
    assertThat(printed).startsWith("[").endsWith("]");
    String[] numbers = printed.substring(1, printed.length() - 1).split(", ");
    float[] vector = new float[numbers.length];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = Float.parseFloat(numbers[i]);
    }
    try (Embedder embedder = Embedder.open()) {
      assertThat(vector).containsExactly(embedder.embed("Where can I park?"), within(1e-5f));
    }
  }

  @Test
  void a_sample_asks_for_what_its_class_path_is_here_and_for_this_version() throws IOException {
    String project = Files.readString(Path.of("..", "pom.xml"));
    String version = project.replaceFirst("(?s).*?<version>([^<]+)</version>.*", "$1");
    String pom = Files.readString(SAMPLES.resolve("embed/pom.xml"));
    Map<String, String> asked =
        OURS.matcher(pom)
            .results()
            .collect(Collectors.toMap(one -> one.group(1), one -> one.group(2)));
    assertThat(asked).isEqualTo(Map.of("heed-core", version, "heed-minilm", version));
  }
}
