package dev.heed.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.heed.fixture.TinyCheckpoint;
import dev.heed.model.ModelFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("unit")
class WordMovesTest {
  @TempDir private Path folder;

  private ModelFiles files(String model, String words) throws IOException {
    return TinyCheckpoint.write(folder, model, words, Map.of());
  }

  @ParameterizedTest
  @CsvSource({"bert, bert", "gpt2, gpt", "t5, t5"})
  void theSameTextIsTheSamePlace(String model, String words) throws IOException {
    List<String> texts = List.of("the cat sat", "the cat sat", "a dog saw the old cat");
    try (AttentionCapture capture = AttentionCapture.open(files(model, words))) {
      WordMoves moves = WordMoves.of(capture, texts, "Cat");
      assertThat(moves.places())
          .containsExactly(
              new WordMoves.Place(0, 4, 7),
              new WordMoves.Place(1, 4, 7),
              new WordMoves.Place(2, 18, 21));
      int depths = moves.cosines().length;
      assertThat(depths).isGreaterThan(2);
      for (int depth = 0; depth < depths; depth++) {
        assertThat(moves.cosines()[depth][0][1]).isCloseTo(1, within(1e-9));
        assertThat(moves.cosines()[depth][0][2])
            .isEqualTo(moves.cosines()[depth][2][0], within(1e-12));
        // two places in three: all variance is along one axis, and the pair lies half as far out
        assertThat(moves.shares()[depth][0] + moves.shares()[depth][1]).isBetween(-1e-9, 1 + 1e-9);
        assertThat(moves.plane()[depth][2][0])
            .isCloseTo(-2 * moves.plane()[depth][0][0], within(1e-6));
      }
      assertThat(moves.cosines()[depths - 1][0][2]).isLessThan(0.9999);
      assertThat(moves.shares()[depths - 1][0]).isCloseTo(1, within(1e-9));
    }
  }

  @Test
  void a_word_of_several_tokens_is_their_mean_and_may_stand_alone() throws IOException {
    try (AttentionCapture capture = AttentionCapture.open(files("bert", "bert"))) {
      WordMoves moves = WordMoves.of(capture, List.of("the cats sat"), "cats");
      assertThat(moves.places()).containsExactly(new WordMoves.Place(0, 4, 8));
      assertThat(moves.plane()[1][0]).containsExactly(0, 0);
      assertThat(moves.shares()[1]).containsExactly(0, 0);
      assertThatThrownBy(() -> WordMoves.of(capture, List.of("the cats sat"), "dog"))
          .hasMessageContaining("stands in a text");
    }
  }
}
