package dev.heed.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.heed.fixture.RandomCheckpoint;
import dev.heed.model.Model;
import dev.heed.model.ModelFiles;
import dev.heed.model.ModelInput;
import dev.heed.model.ModelLoader;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import dev.heed.text.Tokenizer;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows of cross-attention are measured on what the model says at that place of the target. */
@Tag("integration")
class CrossCheckerTest {
  private static final String TEXT = "the cat sat on the mat.";
  private static final String TARGET = "a dog sat";
  private static final String T5 =
      """
      {"model_type": "t5", "architectures": ["T5ForConditionalGeneration"], "vocab_size": 21,
       "d_model": 8, "d_kv": 4, "d_ff": 12, "num_layers": 2, "num_heads": 2}\
      """;

  @TempDir private Path folder;

  private static CrossChecker.Question question(int layer, int token) {
    return new CrossChecker.Question(TEXT, TARGET, layer, 1, token);
  }

  @Test
  void a_row_and_what_its_removal_changes_are_the_models_own() throws Exception {
    ModelFiles files = RandomCheckpoint.write(folder, T5);
    try (AttentionCapture capture = AttentionCapture.open(files);
        Model model = ModelLoader.of(files).load()) {
      Tokenizer tokenizer = files.tokenizer();
      CrossChecker checker = new CrossChecker(model, tokenizer, files.json());
      MapCheck found = checker.check(question(1, 2), 64, (done, of) -> {});
      float[] row = capture.readAcross(TEXT, TARGET).row(1, 1, 2);
      assertThat(found.marks()).hasSize(row.length);
      for (int key = 0; key < row.length; key++) {
        assertThat(found.marks()[key]).isCloseTo(row[key], within(1e-6));
      }
      assertThat(found.outcome()).isEqualTo(Outcome.Kind.NEXT_TOKEN);
      assertThat(Objects.requireNonNull(found.agreement())).isBetween(-1.0, 1.0);
      assertThat(Objects.requireNonNull(found.alternative()).shuffles()).isEqualTo(32);
      MapCheck.Removal removal = Objects.requireNonNull(found.removal());
      double[] said = said(model, tokenizer, removal, false);
      double[] without = said(model, tokenizer, removal, true);
      double change = 0;
      for (int i = 0; i < said.length; i++) {
        change += Math.abs(said[i] - without[i]) / 2;
      }
      assertThat(removal.change()).isCloseTo(change, within(1e-6));
    }
  }

  /** The probabilities at the third place of the target. */
  private static double[] said(
      Model model, Tokenizer tokenizer, MapCheck.Removal removal, boolean removed) {
    long[] source = tokenizer.encode(TEXT).ids();
    long[] target = tokenizer.target().encode(TARGET).ids();
    if (removed && removal.masked()) {
      removal.units().forEach(unit -> source[unit] = MapChecker.mask(tokenizer).getAsInt());
    }
    long[] read =
        removed && !removal.masked()
            ? IntStream.range(0, source.length)
                .filter(i -> !removal.units().contains(i))
                .mapToLong(i -> source[i])
                .toArray()
            : source;
    long[] fed = new long[target.length]; // T5 begins with its padding token, 0
    System.arraycopy(target, 0, fed, 1, fed.length - 1);
    try (TensorScope scope = TensorScope.inference()) {
      return model
          .apply(
              ModelInput.of("input_ids", Tensor.of(read, 1, read.length))
                  .with("decoder_input_ids", Tensor.of(fed, 1, fed.length)))
          .logits()
          .select(0, 0)
          .select(0, 2)
          .to(DType.F64)
          .softmax(-1)
          .toDoubleArray();
    }
  }

  @Test
  void what_there_is_not_is_refused_by_name() throws Exception {
    ModelFiles files = RandomCheckpoint.write(folder, T5);
    try (Model model = ModelLoader.of(files).load()) {
      CrossChecker checker = new CrossChecker(model, files.tokenizer(), files.json());
      assertThatThrownBy(() -> checker.check(question(2, 0), 64, (done, of) -> {}))
          .hasMessage("layer: expected a number from 0 to 1, got 2");
      assertThatThrownBy(() -> checker.check(question(0, 99), 64, (done, of) -> {}))
          .hasMessageContaining("word: expected a number from 0 to ");
      assertThatThrownBy(() -> checker.check(question(0, 0), 3, (done, of) -> {}))
          .hasMessageStartingWith("text: expected 1 to 3 tokens, got ");
    }
  }
}
