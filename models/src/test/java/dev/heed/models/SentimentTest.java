package dev.heed.models;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.model.ModelFiles;
import dev.heed.task.Classifier;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** On each fourth of the 872 validation sentences of SST-2. */
@Tag("integration")
class SentimentTest {
  @Test
  void beginners_sentences_are_told_as_the_card_says() {
    try (Classifier classifier = Classifier.open(ModelFiles.carried("sentiment"), null)) {
      assertThat(classifier.classify("The movie was not bad at all").best().name())
          .isEqualTo("positive");
      assertThat(
              classifier.classify("The food was delicious, but the service was slow").best().name())
          .isEqualTo("negative");
    }
  }

  @Test
  void its_score_holds() throws IOException {
    List<String[]> rows =
        Samples.lines("sst2-sample.tsv").stream().skip(1).map(row -> row.split("\t")).toList();
    assertThat(rows).hasSize(218);
    try (Classifier classifier = Classifier.open(ModelFiles.carried("sentiment"), null)) {
      long hits = 0;
      for (String[] row : rows) {
        String expected = row[0].equals("1") ? "positive" : "negative";
        hits += classifier.classify(row[1]).best().name().equals(expected) ? 1 : 0;
      }
      assertThat(hits / 218.0).isBetween(0.86, 0.95);
    }
  }
}
