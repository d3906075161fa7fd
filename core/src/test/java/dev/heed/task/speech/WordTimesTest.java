package dev.heed.task.speech;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Windows, best paths and times of words, by hand. */
@Tag("unit")
class WordTimesTest {
  @Test
  void a_path_along_the_largest_values_says_when_each_token_begins() {
    double[][] gain = {
      {9, 8, -1, -1, -1, -1},
      {-1, -1, 7, -1, -1, -1},
      {-1, -1, -1, 6, 7, 9}
    };
    assertThat(WordTimes.warp(gain)).containsExactly(0, 2, 3);
    assertThat(WordTimes.warp(new double[][] {{1, 2}})).containsExactly(0);
    // More tokens than moments: several begin at one.
    assertThat(WordTimes.warp(new double[][] {{1}, {2}, {3}})).containsExactly(0, 0, 0);
  }

  @Test
  void heads_are_standardised_so_that_a_loud_moment_does_not_win() {
    // The last state is looked at by all tokens alike, and says nothing.
    double[][] head = {
      {0.4, 0.1, 0.0, 0.5},
      {0.1, 0.3, 0.1, 0.5},
      {0.0, 0.1, 0.4, 0.5}
    };
    assertThat(WordTimes.starts(new double[][][] {head, head}, 1)).containsExactly(0, 1, 2);
  }

  @Test
  void a_median_mirrors_the_ends_and_leaves_short_rows() {
    assertThat(WordTimes.median(new double[] {5, 1, 2, 9, 3}, 3)).containsExactly(1, 2, 2, 3, 9);
    assertThat(WordTimes.median(new double[] {5, 1, 2}, 7)).containsExactly(5, 1, 2);
  }

  @Test
  void windows_cover_a_sound_once() {
    for (int length : new int[] {1, 99, 100, 101, 150, 237, 1000, 1003}) {
      for (int step : new int[] {1, 7, 10}) {
        List<Piece> pieces = Piece.of(length, 100, 30, step);
        int kept = 0;
        for (Piece piece : pieces) {
          assertThat(piece.keepFrom()).isEqualTo(kept);
          assertThat(piece.from()).isLessThanOrEqualTo(piece.keepFrom());
          assertThat(piece.to()).isGreaterThanOrEqualTo(piece.keepTo());
          assertThat(piece.from() % step).isZero();
          assertThat(piece.to() - piece.from()).isLessThan(100 + step);
          kept = piece.keepTo();
        }
        assertThat(kept).isEqualTo(length);
      }
    }
  }

  @Test
  void letters_become_words_at_delimiters() {
    // "aa_a|b_|" with blank 0 and delimiter 9: one repeated letter, one after a pause.
    int[] letters = {0, 1, 1, 0, 1, 9, 2, 0, 9, 0};
    double[] sure = new double[letters.length];
    sure[6] = Math.log(0.25);
    List<CtcPath.Span> words = new CtcPath(letters, sure, 0, 9).words();
    assertThat(words).hasSize(2);
    assertThat(words.get(0)).isEqualTo(new CtcPath.Span(1, 5, 1));
    assertThat(words.get(1).from()).isEqualTo(6);
    assertThat(words.get(1).to()).isEqualTo(7);
    assertThat(words.get(1).probability()).isCloseTo(0.25, within(1e-12));
    assertThat(new CtcPath(new int[] {0, 0, 9}, new double[3], 0, 9).words()).isEmpty();
  }

  @Test
  void a_word_that_two_windows_kept_is_said_once() {
    Heard first = heard(word("good", 0, 0.4), word("day.", 0.5, 0.9));
    Heard second = heard(word("Day", 0.8, 1.0), word("to", 1.1, 1.3));
    Heard third = heard(word("to", 2.0, 2.2));
    assertThat(Joined.of(List.of(first, second, third)).text()).isEqualTo("good day. to to");
  }

  private static Heard.Word word(String text, double start, double end) {
    return new Heard.Word(new SpokenWord(text, start, end, 1), " " + text, new double[0], 0, 1);
  }

  private static Heard heard(Heard.Word... words) {
    return new Heard("", null, List.of(words), List.of());
  }
}
