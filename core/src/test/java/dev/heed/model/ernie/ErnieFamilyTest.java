package dev.heed.model.ernie;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.fixture.TensorAssert;
import dev.heed.fixture.TinyCheckpoint;
import dev.heed.fixture.Tolerance;
import dev.heed.model.Model;
import dev.heed.model.ModelInput;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No recording is at hand, but one of Llama says the numbers: with its pairs put side by side. */
@Tag("unit")
@SuppressWarnings("NullAway.Init") // by JUnit
class ErnieFamilyTest {
  private static final int HEAD = 8;
  private static final Map<String, String> ERNIE =
      Map.of(
          "model_type", "\"ernie4_5\"",
          "architectures", "[\"Ernie4_5ForCausalLM\"]",
          "pretraining_tp", "",
          "head_dim", String.valueOf(HEAD));

  @TempDir Path folder;

  /** Rows of a projection from halves of a head to pairs. */
  private static Tensor paired(String name, Tensor value) {
    if (!name.matches(".*\\.[qk]_proj\\.weight")) {
      return value;
    }
    long heads = value.size(0) / HEAD;
    long wide = value.size(1);
    return value.reshape(heads, 2, HEAD / 2, wide).transpose(1, 2).reshape(heads * HEAD, wide);
  }

  private static Tensor logits(Path files) {
    Tensor ids = Tensor.of(new long[] {5, 9, 2, 77, 31, 8}, 1, 6);
    try (Model model = Model.load(files, DType.F64)) {
      return model.apply(ModelInput.of("input_ids", ids)).logits();
    }
  }

  @Test
  void a_llama_with_its_pairs_side_by_side_computes_the_same() throws IOException {
    Path llama = Files.createDirectory(folder.resolve("llama"));
    TinyCheckpoint.write(llama, "llama", "bert", Map.of());
    TinyCheckpoint.write(folder, "llama", "bert", ERNIE);
    TinyCheckpoint.change(folder, ErnieFamilyTest::paired);
    try (TensorScope scope = TensorScope.open()) {
      TensorAssert.assertClose(logits(folder), logits(llama), new Tolerance(1e-10, 1e-12));
    }
  }

  @Test
  void biases_that_are_said_must_be_there() throws IOException {
    Map<String, String> biased = new HashMap<>(ERNIE);
    biased.put("use_bias", "true");
    TinyCheckpoint.write(folder, "llama", "bert", biased);
    assertThatThrownBy(() -> Model.load(folder))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("model.layers.0.self_attn.q_proj.bias")
        .hasMessageContaining("model.layers.0.mlp.down_proj.bias");
  }
}
