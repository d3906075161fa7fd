package dev.heed.train.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("unit")
class CounterpartsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "A man is playing a guitar. | A woman is playing a guitar.",
        "His mother saw HIM. | Her father saw HER.",
        "She lost her book. | He lost his book.",
        "He saw her. | She saw him.",
        "The chair of the human council | The chair of the human council",
        "Women, men and the actresses' King | Men, women and the actors' Queen",
        "Élodie met Mr Brown | Élodie met Mrs Brown",
      })
  void words_change_places_and_keep_their_capitals(String text, String other) {
    assertThat(Counterparts.of(text)).isEqualTo(other);
  }
}
