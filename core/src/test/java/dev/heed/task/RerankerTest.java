package dev.heed.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.heed.fixture.TinyCheckpoint;
import dev.heed.model.ModelFiles;
import dev.heed.task.Reranker.Ranked;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Scores of queries and documents, beside the model's logit. */
@Tag("integration")
class RerankerTest {
  /** As many positions as the model has. */
  private static final int LONGEST = 40;

  @TempDir Path folder;

  /** The first of three classes alone. */
  private ModelFiles files(Map<String, String> changes) throws IOException {
    Map<String, String> all = new HashMap<>(changes);
    all.put("id2label", "{\"0\": \"LABEL_0\"}");
    all.put("label2id", "{\"LABEL_0\": 0}");
    ModelFiles files = TinyCheckpoint.write(folder, "bert-classify", "bert", all);
    TinyCheckpoint.change(
        folder, (name, value) -> name.startsWith("classifier.") ? value.narrow(0, 0, 1) : value);
    return files;
  }

  private double logit() {
    // [CLS] the cat [SEP] sat [SEP]
    return TinyCheckpoint.output(
        folder,
        Map.of(
            "input_ids",
            new long[] {2, 9, 11, 3, 16, 3},
            "token_type_ids",
            new long[] {0, 0, 0, 0, 1, 1}),
        output -> (double) output.logits().toFloatArray()[0]);
  }

  @Test
  void a_score_is_the_logit_squashed_or_as_the_config_says() throws IOException {
    try (Reranker reranker = Reranker.open(files(Map.of()), null)) {
      assertThat(reranker.scores("the cat", List.of("sat"))[0])
          .isCloseTo(1 / (1 + Math.exp(-logit())), within(1e-6));
    }
    for (Map<String, String> plain :
        List.of(
            Map.of(
                "sentence_transformers",
                "{\"activation_fn\": \"torch.nn.modules.linear.Identity\"}"),
            Map.of(
                "sbert_ce_default_activation_function", "\"torch.nn.modules.linear.Identity\""))) {
      try (Reranker reranker = Reranker.open(files(plain), null)) {
        assertThat(reranker.scores("the cat", List.of("sat"))[0]).isCloseTo(logit(), within(1e-6));
      }
    }
    ModelFiles odd =
        files(Map.of("sentence_transformers", "{\"activation_fn\": \"torch.nn.Softmax\"}"));
    assertThatThrownBy(() -> Reranker.open(odd, null))
        .hasMessageContaining("activation_fn")
        .hasMessageContaining("Softmax");
  }

  @Test
  void documents_come_best_first() throws IOException {
    try (Reranker reranker = Reranker.open(files(Map.of()), null)) {
      List<String> documents = List.of("sat", "the dog ran", "", "good good old tree", "red");
      double[] scores = reranker.scores("the cat", documents);
      List<Ranked> ranked = reranker.rank("the cat", documents);
      assertThat(ranked).hasSize(5);
      for (int i = 0; i < ranked.size(); i++) {
        assertThat(ranked.get(i).score()).isEqualTo(scores[ranked.get(i).index()]);
        assertThat(i == 0 || ranked.get(i - 1).score() >= ranked.get(i).score()).isTrue();
      }
      assertThat(reranker.explain("the cat", "sat down").parts()).hasSize(1);
    }
  }

  @Test
  void what_is_ranked_tells_what_was_read_of_it() throws IOException {
    try (Reranker reranker = Reranker.open(files(Map.of()), null)) {
      List<String> documents = List.of("sat", "sat ".repeat(500), "the dog");
      List<Ranked> judged = reranker.judge("the cat", documents, done -> {});
      // [CLS] the cat [SEP] sat [SEP], and one word more
      assertThat(judged).extracting(Ranked::tokens).containsExactly(6, LONGEST, 7);
      assertThat(judged).extracting(Ranked::cut).containsExactly(false, true, false);
      assertThat(reranker.rank("the cat", documents)).containsExactlyInAnyOrderElementsOf(judged);
    }
  }

  @Test
  void whoever_is_told_of_progress_can_end_the_work() throws IOException {
    try (Reranker reranker = Reranker.open(files(Map.of()), null)) {
      List<Integer> told = new ArrayList<>();
      List<String> documents = Collections.nCopies(800, "the dog ran ".repeat(20));
      reranker.judge("the cat", documents, told::add);
      assertThat(told).hasSizeGreaterThan(2).isSorted().last().isEqualTo(800);
      IllegalStateException end = new IllegalStateException("enough");
      AtomicInteger batches = new AtomicInteger();
      assertThatThrownBy(() ->
              reranker.rank(
                  "the cat",
                  documents,
                  done -> {
                    batches.incrementAndGet();
                    throw end;
                  }))
          .isSameAs(end);
      assertThat(batches.get()).isLessThan(told.size());
    }
  }

  @Test
  void a_classifier_of_several_classes_ranks_nothing() throws IOException {
    ModelFiles files = TinyCheckpoint.write(folder, "bert-classify", "bert", Map.of());
    assertThatThrownBy(() -> Reranker.open(files, null))
        .hasMessageContaining("3 classes")
        .hasMessageContaining("This one fits: classify");
  }
}
