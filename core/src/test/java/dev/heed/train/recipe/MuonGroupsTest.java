package dev.heed.train.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.heed.model.Model;
import dev.heed.model.ModelFiles;
import dev.heed.model.ModelStart;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import dev.heed.train.optim.AdamW;
import dev.heed.train.optim.Clipping;
import dev.heed.train.optim.Muon;
import dev.heed.train.optim.Optimizer;
import dev.heed.train.optim.ParameterGroup;
import dev.heed.train.schedule.Constant;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

@Tag("unit")
class MuonGroupsTest {
  @TempDir Path folder;

  private Model model(Generator random) throws IOException {
    ModelFiles files = ModelFiles.folder(TinyModels.gpt2(folder.resolve("gpt2")));
    ObjectNode config = (ObjectNode) files.json();
    return ModelStart.fromNothing(files.describe(), config, DType.F32, random).model();
  }

  @Test
  void matrices_of_layers_learn_by_muon_and_all_else_by_its_own_rule() throws Exception {
    try (TensorScope scope = TensorScope.open();
        Generator random = new Generator(3);
        Model model = model(random)) {
      List<ParameterGroup> groups =
          MuonGroups.of(
              ParameterGroup.decayAllBut(model.trainable(), new AdamW(0.1), 2e-3, "bias"),
              model,
              0.1);
      Map<String, ParameterGroup> byName = new TreeMap<>();
      groups.forEach(group -> group.parameters().keySet().forEach(n -> byName.put(n, group)));
      assertThat(byName.keySet()).isEqualTo(new TreeMap<>(model.trainable()).keySet());
      byName.forEach((name, group) -> {
        boolean matrix = name.matches(".*\\.\\d+\\..*\\.c_.*weight");
        assertThat(group.rule() instanceof Muon).as(name).isEqualTo(matrix);
      });
      byName.forEach((name, group) -> {
        if (group.rule() instanceof Muon muon) {
          double shrinking = group.rate() * muon.weightDecay();
          assertThat(shrinking).as(name).isEqualTo(2e-3 * 0.1, within(1e-12));
        }
      });
    }
  }

  @Test
  void an_update_of_any_shape_is_about_a_fifth_of_the_rate() throws Exception {
    try (TensorScope scope = TensorScope.open();
        Generator random = new Generator(4);
        Model model = model(random)) {
      List<ParameterGroup> groups =
          MuonGroups.of(
              List.of(new ParameterGroup("all", model.trainable(), new AdamW(0), 1e-2)), model, 0);
      Map<String, Tensor> before = new TreeMap<>();
      Map<String, Tensor> gradients = new TreeMap<>();
      model
          .trainable()
          .forEach((name, tensor) -> {
            before.put(name, tensor.detach().copy());
            gradients.put(name, Tensor.randn(random, tensor.shape(), DType.F32));
          });
      try (Optimizer optimizer = new Optimizer(groups)) {
        optimizer.step(
            gradients, new Clipping(1, 1, Double.POSITIVE_INFINITY, false), new Constant(0));
      }
      groups.stream()
          .filter(group -> group.rule() instanceof Muon)
          .forEach(group ->
              group
                  .parameters()
                  .forEach((name, tensor) -> {
                    Tensor change = tensor.detach().sub(Objects.requireNonNull(before.get(name)));
                    double size = Math.sqrt(change.square().sum().item() / change.elements());
                    assertThat(size).as(name).isBetween(0.7 * 0.2e-2, 1.2 * 0.2e-2);
                  }));
    }
  }
}
