package dev.heed.adapt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heed.checkpoint.SafetensorsFile;
import dev.heed.fixture.RecordedModels;
import dev.heed.fixture.TensorAssert;
import dev.heed.fixture.Tolerance;
import dev.heed.model.Model;
import dev.heed.model.ModelInput;
import dev.heed.model.ModelLoader;
import dev.heed.nn.Trace;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Gradients;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import dev.heed.train.optim.AdamW;
import dev.heed.train.optim.Clip;
import dev.heed.train.optim.Optimizer;
import dev.heed.train.optim.ParameterGroup;
import dev.heed.train.schedule.Schedule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Prefixes of recorded models: learned, written in peft's layout, read again. */
@Tag("integration")
class PrefixFolderTest {
  private static final int LENGTH = 5;

  @TempDir Path folder;

  private static Model model(String name) {
    return ModelLoader.of(RecordedModels.named(name)).load();
  }

  private static ModelInput input(String name) {
    long[] ids = {2, 8, 9, 3, 7, 5, 4, 6, 9, 8, 2, 3};
    Tensor tokens = Tensor.of(ids, 2, 6);
    Tensor labels =
        name.equals("bert-classify") ? Tensor.of(new long[] {1, 0}) : Tensor.of(ids, 2, 6);
    return ModelInput.of(Map.of("input_ids", tokens, "labels", labels));
  }

  private static Tensor loss(Model model, PrefixTuning prefix, String name) {
    try (Trace trace = prefix.into(model, Trace.changing())) {
      return model.apply(input(name), trace).loss();
    }
  }

  /** A few steps; the losses before and after. */
  private static List<Double> learn(Model model, PrefixTuning prefix, String name) {
    List<Double> losses = new ArrayList<>();
    try (Optimizer optimizer =
        new Optimizer(ParameterGroup.all(prefix.trainable(), new AdamW(0), 0.05))) {
      for (int step = 0; step < 15; step++) {
        try (TensorScope scope = TensorScope.open()) {
          Tensor loss = loss(model, prefix, name);
          losses.add(loss.item());
          Map<String, Tensor> gradients = new LinkedHashMap<>();
          List<String> names = List.copyOf(prefix.trainable().keySet());
          List<Tensor> found = Gradients.of(loss, List.copyOf(prefix.trainable().values()));
          for (int i = 0; i < names.size(); i++) {
            gradients.put(names.get(i), found.get(i));
          }
          optimizer.step(gradients, Clip.NONE.measure(gradients.values()), Schedule.CONSTANT);
        }
      }
    }
    return losses;
  }

  @ParameterizedTest
  @ValueSource(strings = {"bert-classify", "gpt2", "llama3", "opt", "mistral"})
  void a_prefix_learns_alone_and_comes_back_from_its_folder(String name) {
    try (TensorScope scope = TensorScope.open();
        Model model = model(name);
        Generator generator = new Generator(5)) {
      for (int middle : new int[] {0, 7}) {
        check(name, model, generator, middle);
      }
    }
  }

  private void check(String name, Model model, Generator generator, int middle) {
    PrefixTuning.Layout layout = PrefixTuning.Layout.of(model, LENGTH, middle);
    try (PrefixTuning prefix = new PrefixTuning(Weights.initialise(generator, DType.F32), layout)) {
      model.requiresGrad(false);
      List<Tensor> before = model.parameters().values().stream().map(Tensor::copy).toList();
      List<Double> losses = learn(model, prefix, name);
      assertThat(losses.getLast()).as(name + " " + losses).isLessThan(0.95 * losses.getFirst());
      List<Tensor> after = List.copyOf(model.parameters().values());
      for (int i = 0; i < before.size(); i++) {
        TensorAssert.assertClose("frozen", after.get(i), before.get(i), Tolerance.NONE);
      }
      Path saved = folder.resolve(name + middle);
      PrefixFolder.save(saved, prefix, "../" + name);
      try (SafetensorsFile file = SafetensorsFile.open(saved.resolve(AdapterFolder.WEIGHTS))) {
        assertThat(file.names()).containsExactly("prompt_embeddings");
        assertThat(file.shape("prompt_embeddings"))
            .isEqualTo(Shape.of(LENGTH, 2L * layout.layers() * layout.heads() * layout.headSize()));
      }
      try (PrefixTuning read = PrefixFolder.load(saved, model)) {
        TensorAssert.assertClose(
            "loss",
            loss(model, read, name).detach(),
            loss(model, prefix, name).detach(),
            new Tolerance(1e-6, 1e-6));
      }
    }
  }

  @Test
  void a_prefix_of_another_model_is_refused() throws IOException {
    try (TensorScope scope = TensorScope.open();
        Model gpt2 = model("gpt2");
        Model bert = model("bert-classify");
        Generator generator = new Generator(5);
        PrefixTuning prefix =
            new PrefixTuning(
                Weights.initialise(generator, DType.F32),
                PrefixTuning.Layout.of(gpt2, LENGTH, 0))) {
      PrefixFolder.save(folder, prefix, "gpt2");
      Path config = folder.resolve("adapter_config.json");
      String text = Files.readString(config);
      assertThat(text)
          .contains("\"peft_type\" : \"PREFIX_TUNING\"", "\"num_virtual_tokens\" : " + LENGTH);
      Files.writeString(config, text.replaceFirst("\"num_layers\" : \\d+", "\"num_layers\" : 77"));
      assertThatThrownBy(() -> PrefixFolder.load(folder, bert)).hasMessageContaining("num_layers");
      Files.writeString(config, text.replace("PREFIX_TUNING", "LORA"));
      assertThatThrownBy(() -> PrefixFolder.load(folder, gpt2)).hasMessageContaining("peft_type");
      Files.writeString(config, text.replace(": " + LENGTH, ": 0"));
      assertThatThrownBy(() -> PrefixFolder.load(folder, gpt2))
          .hasMessageContaining("num_virtual_tokens");
    }
  }
}
