package dev.heed.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.heed.explain.Evidence;
import dev.heed.explain.Evidence.Aligned;
import dev.heed.explain.Evidence.Marked;
import dev.heed.fixture.TinyCheckpoint;
import dev.heed.generate.Completion;
import dev.heed.generate.TextGenerator;
import dev.heed.generate.search.SearchSettings;
import dev.heed.model.ModelInput;
import dev.heed.model.ModelKind;
import dev.heed.model.ModelOutput;
import dev.heed.model.Run.Wanted;
import dev.heed.nn.Trace;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What written tokens looked at, beside one call that reads all at once. */
@Tag("integration")
class WrittenEvidenceTest {
  @TempDir Path folder;

  private TextGenerator open(String model, String words) throws IOException {
    return TextGenerator.open(TinyCheckpoint.write(folder, model, words, Map.of()), null);
  }

  private static Completion write(TextGenerator writer, int[] prompt) {
    return write(writer, prompt, 7);
  }

  private static Completion write(TextGenerator writer, int[] prompt, int count) {
    SearchSettings settings =
        SearchSettings.of(
            writer
                .config()
                .with("do_sample", false)
                .with("max_new_tokens", count)
                .with("min_new_tokens", count));
    return writer.generateTokens(List.of(prompt), settings).getFirst().getFirst();
  }

  private static Tensor row(int[] ids) {
    return Tensor.of(Arrays.stream(ids).asLongStream().toArray(), 1, ids.length);
  }

  @ParameterizedTest
  @CsvSource({"gpt2, gpt", "llama, gpt", "mistral, gpt", "gemma2, gpt", "t5, t5", "bart, bart"})
  void each_row_is_the_mean_of_all_heads(String model, String words) throws IOException {
    try (TextGenerator writer = open(model, words);
        TensorScope scope = TensorScope.inference()) {
      int[] prompt = writer.tokens("the cat sat on the tree and it ran");
      Completion text = write(writer, prompt);
      boolean reads = writer.model().kind() == ModelKind.ENCODER_DECODER;
      int[] all = text.generated().tokens().toArray();
      int[] fed = Arrays.copyOf(all, all.length - 1);
      ModelInput input =
          reads
              ? ModelInput.of("input_ids", row(prompt)).with("decoder_input_ids", row(fed))
              : ModelInput.of("input_ids", row(fed));
      ModelOutput output = writer.model().apply(input, Trace.NONE, new Wanted(false, true));
      ReadAttention read = ReadAttention.of(writer, prompt, text.generated());
      List<Tensor> own = output.series(reads ? "decoder_attentions" : "attentions");
      same(own, text.generated().prompt() - 1, read.own().rows());
      if (reads) {
        same(output.series("cross_attentions"), 0, read.given().rows());
      } else {
        assertThat(read.given().rows()[3])
            .containsExactly(Arrays.copyOf(read.own().rows()[3], prompt.length));
      }
    }
  }

  private static void same(List<Tensor> layers, int skip, double[][] rows) {
    for (int row = 0; row < rows.length; row++) {
      double[] sum = new double[rows[row].length];
      for (Tensor layer : layers) {
        double[] weights =
            layer
                .to(DType.F64)
                .mean(1, false)
                .select(0, 0)
                .select(0, skip + row)
                .contiguous()
                .toDoubleArray();
        for (int i = 0; i < weights.length; i++) {
          sum[i] += weights[i] / layers.size();
        }
      }
      assertThat(rows[row]).containsExactly(sum, within(1e-5));
    }
  }

  @Test
  void a_token_on_which_heads_rest_is_a_sink_with_a_column_of_its_own() throws IOException {
    TinyCheckpoint.write(folder, "gpt2", "gpt", Map.of());
    // all scores are alike: each token gets as much as any other that is there
    TinyCheckpoint.change(folder, (name, value) -> name.contains("c_attn") ? value.mul(0) : value);
    try (TextGenerator writer = TextGenerator.open(folder)) {
      int[] prompt = writer.tokens("the");
      // after the first token 1/2, 1/3, 1/4 and 1/5, whose mean is 0.32
      Evidence rested = WrittenEvidence.of(writer, prompt, write(writer, prompt, 5));
      assertThat(((Marked) rested.parts().getFirst()).words().getFirst().label())
          .isEqualTo("sink of 100%");
      Aligned apart = (Aligned) rested.parts().getLast();
      assertThat(apart.columns().getFirst()).isEqualTo("sinks");
      assertThat(apart.weights()[3])
          .containsExactly(new double[] {0.25, 1 / 3.0, 1 / 3.0, 1 / 3.0, 0}, within(1e-6));
      Completion text = write(writer, prompt);
      ReadAttention read = ReadAttention.of(writer, prompt, text.generated());
      // and 1/6 and 1/7, with which it is 0.265
      assertThat(read.own().sinks()).containsOnly(0);
      assertThat(read.own().rows()[3])
          .startsWith(new double[] {0.25, 0.25, 0.25, 0.25}, within(1e-6));
      Evidence evidence = WrittenEvidence.of(writer, prompt, text);
      Marked marked = (Marked) evidence.parts().getFirst();
      assertThat(marked.words()).hasSize(7).allMatch(word -> word.label().isEmpty());
      Aligned map = (Aligned) evidence.parts().getLast();
      assertThat(map.columns()).hasSize(7);
    }
  }

  @Test
  void a_model_without_attention_is_refused() throws IOException {
    try (TextGenerator writer = open("mamba", "gpt")) {
      int[] prompt = writer.tokens("the cat");
      Completion text = write(writer, prompt);
      assertThatThrownBy(() -> WrittenEvidence.of(writer, prompt, text))
          .hasMessageContaining("expected a model whose layers attend");
    }
  }
}
