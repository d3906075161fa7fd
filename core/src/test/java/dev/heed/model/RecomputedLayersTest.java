package dev.heed.model;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heed.checkpoint.GoldenFile;
import dev.heed.fixture.RecordedModels;
import dev.heed.fixture.TensorAssert;
import dev.heed.fixture.Tolerance;
import dev.heed.nn.Trace;
import dev.heed.tensor.DType;
import dev.heed.tensor.Gradients;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Runs that forget activations learn what others learn: from a memory, from tables that layers
 * share, from parameters of other layers.
 */
@Tag("integration")
class RecomputedLayersTest {
  private static Path folder(String name) {
    return Path.of(RecordedModels.named(name).describe());
  }

  private static ModelInput input(GoldenFile recorded) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (String name : recorded.group("input")) {
      tensors.put(name, recorded.read("input." + name));
    }
    return ModelInput.of(tensors);
  }

  private static List<Tensor> gradients(Model model, ModelInput input, Trace trace) {
    Tensor loss = model.apply(input, trace).require("loss");
    return Gradients.of(loss, List.copyOf(model.trainable().values()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"t5", "bart", "deberta", "mpnet", "llama3", "qwen3-moe", "deepseek-v3"})
  void gradients_are_those_of_a_run_that_keeps_its_activations(String name) {
    try (TensorScope scope = TensorScope.open();
        GoldenFile recorded = GoldenFile.open(folder(name).resolve("golden.safetensors"));
        Model model = Model.load(folder(name), DType.F64)) {
      model.requiresGrad(true);
      ModelInput input = input(recorded);
      List<Tensor> kept = gradients(model, input, Trace.changing());
      List<Tensor> anew = gradients(model, input, Trace.changing().checkpointing());
      for (int i = 0; i < kept.size(); i++) {
        TensorAssert.assertClose(anew.get(i), kept.get(i), new Tolerance(1e-10, 1e-12));
      }
    }
  }

  @Test
  void keys_that_layers_lend_each_other_need_activations() {
    try (TensorScope scope = TensorScope.open();
        GoldenFile recorded = GoldenFile.open(folder("gemma4").resolve("golden.safetensors"));
        Model model = Model.load(folder("gemma4"), DType.F64)) {
      model.requiresGrad(true);
      ModelInput input = input(recorded);
      assertThatThrownBy(() -> model.apply(input, Trace.changing().checkpointing()))
          .hasMessageContaining("keys lent by model.layers.0.self_attn");
    }
  }
}
