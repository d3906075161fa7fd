package dev.heed.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.model.Model;
import dev.heed.model.ModelFiles;
import dev.heed.model.ModelLoader;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("integration")
class CarriedModelsTest {
  private static final long MOST = 60_000_000;

  static List<String> names() throws IOException, URISyntaxException {
    try (Stream<Path> folders = Files.list(root())) {
      return folders.map(folder -> folder.getFileName().toString()).sorted().toList();
    }
  }

  private static Path root() throws URISyntaxException {
    return Path.of(
            Objects.requireNonNull(CarriedModelsTest.class.getResource("stories/README.md"))
                .toURI())
        .resolveSibling("..")
        .normalize();
  }

  @Test
  void together_they_are_small() throws IOException, URISyntaxException {
    try (Stream<Path> files = Files.walk(root())) {
      assertThat(files.filter(Files::isRegularFile).mapToLong(f -> f.toFile().length()).sum())
          .isLessThan(MOST);
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void each_has_a_card(String name) throws IOException, URISyntaxException {
    assertThat(Files.readString(root().resolve(name).resolve("README.md")))
        .startsWith("# " + name + "\n")
        .contains(
            "**Model:**", "**Data:**", "**Licence:**", "**Command:**", "**Score:**", "**Limits:**")
        .contains("heed ");
  }

  @ParameterizedTest
  @MethodSource("names")
  void each_loads_whole_and_can_be_taken_along(String name, @TempDir Path folder)
      throws IOException {
    ModelFiles files = ModelFiles.carried(name);
    assertThat(ModelFiles.carries(name)).isTrue();
    try (Model model = ModelLoader.of(files).load()) {
      assertThat(model.parameterCount()).isPositive();
    }
    files.copyCompanions(folder);
    assertThat(folder.resolve("README.md")).exists();
    assertThat(folder.resolve("adapter_config.json")).doesNotExist();
  }

  @Test
  void one_that_is_not_there_is_refused_by_name() {
    assertThat(ModelFiles.carries("oracle")).isFalse();
    assertThat(ModelFiles.carries("../stories")).isFalse();
    assertThatThrownBy(() -> ModelFiles.carried("oracle"))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("heed-models' oracle")
        .hasMessageContaining("Add dev.heed:heed-models, or name a model folder.");
  }
}
