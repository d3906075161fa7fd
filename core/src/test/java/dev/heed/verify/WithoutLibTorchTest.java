package dev.heed.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Models run in a process that has no native library at all, with and without the Vector API. */
@Tag("integration")
class WithoutLibTorchTest {
  private static final List<String> MODELS = List.of("bert", "gpt2", "t5");

  private static List<String> run(String... options) throws Exception {
    String classPath =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(part -> Stream.of("pytorch", "javacpp", "openblas").noneMatch(part::contains))
            .collect(Collectors.joining(File.pathSeparator));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(options));
    command.addAll(List.of("-XX:+UseSerialGC", "-cp", classPath, EngineProcess.class.getName()));
    for (String model : MODELS) {
      String folder = "/golden/models/" + model;
      command.add(
          Path.of(Objects.requireNonNull(WithoutLibTorchTest.class.getResource(folder)).toURI())
              .toString());
    }
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output.lines().filter(line -> !line.contains("WARNING")).toList();
  }

  @Test
  void models_equal_their_references_by_vectors() throws Exception {
    List<String> lines = run("--add-modules", "jdk.incubator.vector");
    assertThat(lines).hasSize(1 + MODELS.size());
    assertThat(lines.getFirst()).isEqualTo("JAVA vectors");
    assertThat(lines.subList(1, lines.size())).allMatch(line -> line.startsWith("true "));
  }

  @Test
  void models_equal_their_references_by_plain_loops() throws Exception {
    List<String> lines = run();
    assertThat(lines.getFirst()).isEqualTo("JAVA loops");
    assertThat(lines.subList(1, lines.size()))
        .hasSize(3)
        .allMatch(line -> line.startsWith("true "));
  }

  @Test
  void models_equal_their_references_by_narrower_vectors() throws Exception {
    List<String> lines = run("--add-modules", "jdk.incubator.vector", "-XX:UseAVX=2");
    assertThat(lines.getFirst()).isEqualTo("JAVA vectors");
    assertThat(lines.subList(1, lines.size()))
        .hasSize(3)
        .allMatch(line -> line.startsWith("true "));
  }
}
