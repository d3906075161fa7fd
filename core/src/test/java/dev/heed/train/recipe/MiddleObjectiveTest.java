package dev.heed.train.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.heed.model.Model;
import dev.heed.model.ModelFiles;
import dev.heed.model.ModelStart;
import dev.heed.nn.Trace;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

@Tag("unit")
class MiddleObjectiveTest {
  @TempDir Path folder;

  private Model model(Generator random) throws IOException {
    ObjectNode config = (ObjectNode) ModelFiles.folder(TinyModels.bert(folder)).json();
    return ModelStart.fromNothing("a test", config, DType.F32, random).model();
  }

  private static ExampleBatch batch(long[] text, long[] counterpart) {
    return ExampleBatch.ofPairs(List.of(new Example(text, new long[text.length], counterpart)), 0);
  }

  @Test
  void a_text_without_a_counterpart_stays_and_others_meet_halfway() throws IOException {
    try (Generator random = new Generator(3);
        TensorScope scope = TensorScope.inference();
        Model model = model(random)) {
      MiddleObjective objective = new MiddleObjective(model, model);
      ExampleBatch same = batch(new long[] {2, 5, 3}, new long[] {2, 5, 3});
      assertThat(objective.of(same, Trace.NONE).loss().item()).isCloseTo(0, within(1e-6));
      ExampleBatch two = batch(new long[] {2, 5, 3}, new long[] {2, 6, 9, 3});
      PairObjective.Vectors both = PairObjective.vectors(model, two, Trace.NONE).unit();
      double cosine = both.first().mul(both.second()).sum().item();
      double half = Math.sqrt((1 + cosine) / 2);
      ExampleBatch again = batch(new long[] {2, 5, 3}, new long[] {2, 6, 9, 3});
      Tensor loss = objective.of(again, Trace.NONE).loss();
      assertThat(loss.item()).isCloseTo(2 * (2 - 2 * half), within(1e-5)).isPositive();
    }
  }

  @Test
  void there_must_be_a_teacher() throws IOException {
    Path texts = Files.writeString(folder.resolve("texts.tsv"), "words\nhe was good\nthe film\n");
    Recipe recipe =
        Recipe.read(
            "recipe",
            JsonMapper.shared()
                .readTree(
                    """
                    {"model": "%s", "task": "fair",
                     "data": {"train": "%s", "columns": {"text": "words"}}}
                    """
                        .formatted(TinyModels.bert(folder.resolve("bert")), texts)));
    assertThatThrownBy(() -> new RecipeRun(recipe, folder.resolve("out")).run())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("teacher: expected a model whose vectors are kept");
  }
}
