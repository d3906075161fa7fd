package dev.heed.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.heed.explain.Evidence.Marked;
import dev.heed.explain.Evidence.Word;
import dev.heed.fixture.TinyCheckpoint;
import dev.heed.model.Model;
import dev.heed.model.ModelFiles;
import dev.heed.model.ModelInput;
import dev.heed.task.Classification.Label;
import dev.heed.tensor.DType;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Classes of texts, beside what follows by hand from a model's logits. */
@Tag("integration")
class ClassifierTest {
  private static final String NLI =
      "{\"0\": \"contradiction\", \"1\": \"neutral\", \"2\": \"entailment\"}";

  @TempDir Path folder;

  private ModelFiles files(Map<String, String> changes) throws IOException {
    return TinyCheckpoint.write(folder, "bert-classify", "bert", changes);
  }

  /** The logits of {@code [CLS] ids [SEP]}, or of a pair. */
  private static float[] logits(ModelFiles files, long[] first, long @Nullable [] second) {
    int size = first.length + 2 + (second == null ? 0 : second.length + 1);
    long[] ids = new long[size];
    long[] types = new long[size];
    ids[0] = 2;
    System.arraycopy(first, 0, ids, 1, first.length);
    ids[first.length + 1] = 3;
    if (second != null) {
      System.arraycopy(second, 0, ids, first.length + 2, second.length);
      ids[size - 1] = 3;
      java.util.Arrays.fill(types, first.length + 2, size, 1);
    }
    Path path = Objects.requireNonNull(files.file("config.json")).getParent();
    try (Model model = Model.load(Objects.requireNonNull(path));
        TensorScope scope = TensorScope.inference()) {
      return model
          .apply(
              ModelInput.of("input_ids", Tensor.of(ids, 1, size))
                  .with("token_type_ids", Tensor.of(types, 1, size)))
          .logits()
          .toFloatArray();
    }
  }

  private static double score(Classification classes, String name) {
    return classes.labels().stream()
        .filter(label -> label.name().equals(name))
        .mapToDouble(Label::score)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void probabilities_are_the_softmax_of_the_logits() throws IOException {
    ModelFiles files = files(Map.of());
    // the cat sat
    float[] logits = logits(files, new long[] {9, 11, 16}, null);
    double sum = Math.exp(logits[0]) + Math.exp(logits[1]) + Math.exp(logits[2]);
    try (Classifier classifier = Classifier.open(files, null)) {
      Classification classes = classifier.classify("the cat sat");
      assertThat(score(classes, "NEGATIVE")).isCloseTo(Math.exp(logits[0]) / sum, within(1e-6));
      assertThat(score(classes, "NEUTRAL")).isCloseTo(Math.exp(logits[1]) / sum, within(1e-6));
      assertThat(score(classes, "POSITIVE")).isCloseTo(Math.exp(logits[2]) / sum, within(1e-6));
      assertThat(classes.chosen()).containsExactly(classes.best().name());
      assertThat(classes.cut()).isFalse();
    }
  }

  @Test
  void a_batch_of_texts_and_pairs_gives_what_each_gives_alone() throws IOException {
    try (Classifier classifier = Classifier.open(files(Map.of()), null)) {
      List<TextPair> texts =
          List.of(
              TextPair.of("the cat sat"),
              new TextPair("a good book", "the man liked it very much"),
              TextPair.of(""),
              TextPair.of("dogs ran , and the king saw it ."));
      List<Classification> together = classifier.classify(texts);
      for (int i = 0; i < texts.size(); i++) {
        Classification alone = classifier.classify(List.of(texts.get(i))).getFirst();
        for (Label label : alone.labels()) {
          assertThat(score(together.get(i), label.name())).isCloseTo(label.score(), within(1e-6));
        }
      }
      // a good book, the man saw
      float[] pair = logits(files(Map.of()), new long[] {10, 27, 59}, new long[] {9, 13, 18});
      double sum = Math.exp(pair[0]) + Math.exp(pair[1]) + Math.exp(pair[2]);
      assertThat(score(classifier.classify("a good book", "the man saw"), "NEUTRAL"))
          .isCloseTo(Math.exp(pair[1]) / sum, within(1e-6));
    }
  }

  @Test
  void several_labels_are_judged_each_alone_and_names_may_be_missing() throws IOException {
    ModelFiles files =
        files(
            Map.of(
                "problem_type",
                "\"multi_label_classification\"",
                "id2label",
                "",
                "label2id",
                "",
                "num_labels",
                "3"));
    float[] logits = logits(files, new long[] {9, 11, 16}, null);
    try (Classifier classifier = Classifier.open(files, null)) {
      Classification classes = classifier.classify("the cat sat");
      for (int i = 0; i < 3; i++) {
        double expected = 1 / (1 + Math.exp(-logits[i]));
        assertThat(score(classes, "LABEL_" + i)).isCloseTo(expected, within(1e-6));
        assertThat(classes.chosen().contains("LABEL_" + i)).isEqualTo(logits[i] > 0);
      }
    }
  }

  @Test
  void numbers_stay_as_they_are() throws IOException {
    ModelFiles files = files(Map.of("problem_type", "\"regression\""));
    float[] logits = logits(files, new long[] {9, 11, 16}, null);
    try (Classifier classifier = Classifier.open(files, null)) {
      Classification numbers = classifier.classify("the cat sat");
      assertThat(score(numbers, "NEUTRAL")).isCloseTo(logits[1], within(1e-6));
      assertThat(numbers.chosen()).isEmpty();
    }
  }

  @Test
  void a_long_text_is_cut_and_says_so() throws IOException {
    try (Classifier classifier = Classifier.open(files(Map.of()), null)) {
      String text = "the cat sat on the tree . ".repeat(20);
      List<Classification> all =
          classifier.classify(List.of(TextPair.of(text), TextPair.of("the cat")));
      assertThat(all).extracting(Classification::cut).containsExactly(true, false);
      // as many positions as the model has; [CLS] the cat [SEP]
      assertThat(all).extracting(Classification::tokens).containsExactly(40, 4);
      assertThat(all.getFirst().labels()).hasSize(3);
    }
  }

  @Test
  void words_decide_by_how_far_the_score_falls_without_them() throws IOException {
    ModelFiles files = files(Map.of());
    try (Classifier classifier = Classifier.open(files, null)) {
      // "cats" is two tokens; a mask hides both
      Marked marked = (Marked) classifier.explain(TextPair.of("the cats sat")).parts().getFirst();
      assertThat(marked.words()).extracting(Word::text).containsExactly("the", "cats", "sat");
      Classification whole = classifier.classify("the cats sat");
      Classification without = classifier.classify("the [MASK] [MASK] sat");
      String best = whole.best().name();
      assertThat(marked.words().get(1).value())
          .isCloseTo(score(whole, best) - score(without, best), within(1e-6));
    }
  }

  @Test
  void labels_of_ones_own_are_judged_by_entailment() throws IOException {
    ModelFiles files = files(Map.of("id2label", NLI, "label2id", ""));
    // "the cat sat" and "it is good" / "it is bad"
    float[] good = logits(files, new long[] {9, 11, 16}, new long[] {49, 24, 27});
    float[] bad = logits(files, new long[] {9, 11, 16}, new long[] {49, 24, 28});
    try (ZeroShotClassifier classifier = ZeroShotClassifier.open(files, null)) {
      Classification one =
          classifier.classify("the cat sat", List.of("good", "bad"), "it is {}", false);
      assertThat(score(one, "good")).isCloseTo(1 / (1 + Math.exp(bad[2] - good[2])), within(1e-6));
      assertThat(one.chosen()).hasSize(1);
      assertThat(one.cut()).isFalse();
      // [CLS] the cat sat [SEP] it is good [SEP], and as many with the other label
      assertThat(one.tokens()).isEqualTo(2 * 9);
      String far = "the cat sat ".repeat(20);
      Classification cut = classifier.classify(far, List.of("good", "bad"), "it is {}", false);
      assertThat(cut.cut()).isTrue();
      assertThat(cut.tokens()).isEqualTo(2 * 40);
      Classification several =
          classifier.classify("the cat sat", List.of("good", "bad"), "it is {}", true);
      assertThat(score(several, "bad"))
          .isCloseTo(1 / (1 + Math.exp(bad[0] - bad[2])), within(1e-6));
      assertThatThrownBy(() -> classifier.classify("x", List.of("good"), "it is", false))
          .hasMessageContaining("template with {}");
    }
  }

  @Test
  void an_encoder_decoder_is_read_at_its_last_end_token() throws IOException {
    ModelFiles plain = TinyCheckpoint.write(folder, "bart", "bart", Map.of());
    long[] ids = plain.tokenizer().encode("the cat", "a dog").ids();
    int last = ids.length - 1;
    long[] shifted = new long[ids.length];
    shifted[0] = 2;
    System.arraycopy(ids, 0, shifted, 1, last);
    float[] state =
        TinyCheckpoint.output(
            folder,
            Map.of("input_ids", ids, "decoder_input_ids", shifted),
            output -> output.lastHiddenState().select(0, 0).select(0, last).toFloatArray());
    int size = state.length;
    ModelFiles files =
        TinyCheckpoint.write(
            folder,
            "bart",
            "bart",
            Map.of("architectures", "[\"BartForSequenceClassification\"]", "id2label", NLI));
    // dense is half of the identity; class k reads the k-th number
    TinyCheckpoint.add(
        folder,
        () ->
            Map.of(
                "classification_head.dense.weight",
                Tensor.eye(size, DType.F32).mul(0.5),
                "classification_head.dense.bias",
                Tensor.zeros(Shape.of(size), DType.F32),
                "classification_head.out_proj.weight",
                Tensor.eye(size, DType.F32).narrow(0, 0, 3),
                "classification_head.out_proj.bias",
                Tensor.zeros(Shape.of(3), DType.F32)));
    try (Classifier classifier = Classifier.open(files, null)) {
      double[] logits = new double[3];
      double sum = 0;
      for (int k = 0; k < 3; k++) {
        logits[k] = Math.tanh(state[k] / 2);
        sum += Math.exp(logits[k]);
      }
      List<Classification> both =
          classifier.classify(
              List.of(new TextPair("the cat", "a dog"), TextPair.of("it ran in the old town .")));
      assertThat(score(both.getFirst(), "entailment"))
          .isCloseTo(Math.exp(logits[2]) / sum, within(1e-5));
      assertThat(score(both.getFirst(), "contradiction"))
          .isCloseTo(Math.exp(logits[0]) / sum, within(1e-5));
    }
  }

  @Test
  void a_model_without_the_head_is_refused_with_what_it_is_good_for() throws IOException {
    ModelFiles answers = TinyCheckpoint.write(folder, "bert-qa", "bert", Map.of());
    assertThatThrownBy(() -> Classifier.open(answers, null))
        .hasMessageContaining("ForSequenceClassification")
        .hasMessageContaining("BertForQuestionAnswering")
        .hasMessageContaining("This one fits: answer");
    ModelFiles sentiment = files(Map.of());
    assertThatThrownBy(() -> ZeroShotClassifier.open(sentiment, null))
        .hasMessageContaining("entailment")
        .hasMessageContaining("NEGATIVE");
  }
}
