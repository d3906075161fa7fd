package dev.heed.train.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

@Tag("integration")
class SeriesTaskTest {
  @TempDir Path folder;

  private Recipe recipe(String rows, int heldOut) throws IOException {
    Path model = Files.createDirectories(folder.resolve("model"));
    Files.writeString(
        model.resolve("config.json"),
        """
        {"architectures": ["PatchTSTForPrediction"], "model_type": "patchtst",
         "num_input_channels": 2, "context_length": 8, "prediction_length": 3, "patch_length": 4,
         "patch_stride": 2, "d_model": 8, "num_attention_heads": 2, "num_hidden_layers": 1,
         "ffn_dim": 8, "scaling": "std", "loss": "mse", "pooling_type": null}
        """);
    Files.writeString(folder.resolve("table.csv"), rows);
    String recipe =
        """
        {"model": "model", "task": "series", "learning": {"epochs": 1},
         "data": {"train": "table.csv", "held_out": %d, "season": 4}}
        """;
    return Recipe.read("recipe", JsonMapper.shared().readTree(recipe.formatted(heldOut)))
        .relativeTo(folder);
  }

  /** A value that repeats itself after four steps, and a line. */
  private static String rows(int steps) {
    StringBuilder rows = new StringBuilder("time,wave,line\n");
    for (int step = 0; step < steps; step++) {
      rows.append("t,").append(new int[] {1, 5, 2, 0}[step % 4]).append(',').append(step);
      rows.append('\n');
    }
    return rows.toString();
  }

  @Test
  void a_series_is_learned_and_compared_to_simpler_ways() throws IOException {
    RecipeResult result = new RecipeRun(recipe(rows(90), 20), folder.resolve("out")).run();
    assertThat(result.metric()).isEqualTo("mean squared error");
    assertThat(result.examples()).isEqualTo(70 - 8 - 3 + 1);
    assertThat(result.score()).isPositive();
    // Each column is one that a linear map continues without an error.
    assertThat(result.beside().get("one linear map (DLinear's), least squares"))
        .isCloseTo(0, within(1e-3));
    // Of the line alone, which is 4 steps behind: (4 / σ)² of half of the numbers.
    double variance = (70.0 * 70 - 1) / 12;
    assertThat(result.beside().get("repeating the last 4 steps"))
        .isCloseTo(16 / variance / 2, within(1e-5));
    assertThat(result.beside()).containsKey("repeating the last step");
  }

  @Test
  void what_does_not_fit_is_refused() throws IOException {
    assertThatThrownBy(
            () -> new RecipeRun(recipe("t,a,b,c\nx,1,2,3\n", 0), folder.resolve("o")).run())
        .hasMessageContaining("num_input_channels: expected 1 or the table's 3, got 2");
    assertThatThrownBy(() -> new RecipeRun(recipe(rows(12), 3), folder.resolve("o")).run())
        .hasMessageContaining("data: expected 8 + 3 steps to learn from, 3 to score on, got 9");
    String broken = rows(30).replace("t,5,9\n", "t,,9\n");
    assertThatThrownBy(() -> new RecipeRun(recipe(broken, 3), folder.resolve("o")).run())
        .hasMessageContaining("line 11, column wave: expected a number, got ");
  }
}
