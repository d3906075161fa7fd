package dev.heed.explain;

import static dev.heed.explain.AttentionView.Option.HEAT_MAP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.heed.explain.AttentionMap.Unit;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class AttentionMapTest {
  private static final String TEXT = "Kittens sleep";

  private static final AttentionMap PIECES =
      new AttentionMap(
          List.of(
              new Unit("[CLS]", true, false, -1, 0, 0),
              new Unit("kit", false, false, 0, 0, 3),
              new Unit("##tens", false, false, 0, 3, 7),
              new Unit("sleep", false, false, 1, 8, 13)),
          new float[][][][] {
            {
              {
                {0.1f, 0.2f, 0.3f, 0.4f},
                {0.5f, 0.1f, 0.1f, 0.3f},
                {0.2f, 0.3f, 0.4f, 0.1f},
                {0.7f, 0.1f, 0.1f, 0.1f}
              }
            }
          });

  @Test
  void words_average_the_rows_and_sum_the_columns_of_their_pieces() {
    AttentionMap words = PIECES.words(TEXT);
    assertThat(words.texts()).containsExactly("[CLS]", "Kittens", "sleep");
    assertThat(words.row(0, 0, 0)).containsExactly(new float[] {0.1f, 0.5f, 0.4f}, within(1e-6f));
    assertThat(words.row(0, 0, 1)).containsExactly(new float[] {0.35f, 0.45f, 0.2f}, within(1e-6f));
    assertThat(words.row(0, 0, 2)).containsExactly(new float[] {0.7f, 0.2f, 0.1f}, within(1e-6f));
  }

  @Test
  void selectivity_is_what_neither_key_nor_place_explains() {
    float[][] rows = {{0.2f, 0.3f, 0.5f}, {0.6f, 0.1f, 0.3f}, {0.2f, 0.7f, 0.1f}};
    Selectivity selectivity = new Selectivity(map(rows, "a", "b", "c"));
    // Query 2 gives key 1 0.7; others give key 1 0.2 on average; query 1 gives the word before 0.6.
    assertThat(selectivity.of(0, 0, 2, 1)).isCloseTo(0.7 - 0.6, within(1e-6));
    // Query 0 gives key 2 0.5; others give key 2 0.2 on average; nobody else looks two ahead.
    assertThat(selectivity.of(0, 0, 0, 2)).isCloseTo(0.5 - 0.2, within(1e-6));
  }

  @Test
  void a_pronoun_is_the_focus_and_looks_back() {
    AttentionMap map =
        new AttentionMap(
            List.of(
                new Unit("dogs", false, false, 0, 0, 4),
                new Unit("They", false, false, 1, 5, 9),
                new Unit("bark", false, false, 2, 10, 14)),
            new float[][][][] {
              {{{1, 0, 0}, {0.3f, 0.1f, 0.6f}, {0, 0, 1}}},
              {{{0, 1, 0}, {0.5f, 0.2f, 0.3f}, {0, 0, 1}}}
            });
    Focus focus = FocusChoice.of(map);
    assertThat(focus.query()).isEqualTo(1);
    assertThat(focus.key()).isZero();
    assertThat(focus.layer()).isEqualTo(1);
    assertThat(FocusChoice.find(map, "BARK")).hasValue(2);
    assertThat(FocusChoice.find(map, "cats")).isEmpty();
  }

  @Test
  void without_a_pronoun_the_most_selective_word_is_the_focus() {
    Focus focus = FocusChoice.of(PIECES.words(TEXT));
    // sleep gives Kittens 0.2, the others 0.475 on average; Kittens gives sleep 0.2, where [CLS]
    // gives the word after it 0.5.
    assertThat(focus.query()).isEqualTo(2);
    assertThat(focus.selectivity()).isCloseTo(-0.275, within(1e-6));
  }

  private static final AttentionMap ACROSS =
      AttentionMap.across(
          List.of(new Unit("le", false, false, 0, 0, 2), new Unit("chat", false, false, 1, 3, 7)),
          List.of(
              new Unit("the", false, false, 0, 0, 3),
              new Unit("cat", false, false, 1, 4, 7),
              new Unit("</s>", true, false, -1, 0, 0)),
          new float[][][][] {
            {{{0.5f, 0.2f, 0.3f}, {0.1f, 0.3f, 0.6f}}, {{0.2f, 0.2f, 0.6f}, {0.1f, 0.8f, 0.1f}}}
          });

  @Test
  void across_each_side_has_its_own_units() {
    assertThat(ACROSS.isSelf()).isFalse();
    assertThat(ACROSS.queryLabels()).containsExactly("le", "chat");
    assertThat(ACROSS.keyLabels()).containsExactly("the", "cat", "</s>");
    assertThat(ACROSS.meanRow(1)).containsExactly(new float[] {0.1f, 0.55f, 0.35f}, within(1e-6f));
    assertThat(ACROSS.strongest(0, 1, 1)).isEqualTo(1);
    assertThatThrownBy(ACROSS::units).hasMessageContaining("ask for queries or keys");
    assertThatThrownBy(() -> ACROSS.row(0, 0, 2)).hasMessageContaining("from 0 to 1, got 2");
  }

  @Test
  void across_no_distance_explains_a_weight() {
    // chat gives cat 0.8 in the second head, le 0.2.
    assertThat(new Selectivity(ACROSS).of(0, 1, 1, 1)).isCloseTo(0.6, within(1e-6));
    Focus focus = FocusChoice.of(ACROSS);
    assertThat(focus.query()).isEqualTo(1);
    assertThat(focus.key()).isEqualTo(1);
    assertThat(focus.head()).isEqualTo(1);
    assertThat(FocusChoice.findKey(ACROSS, "Cat")).hasValue(1);
    assertThat(FocusChoice.find(ACROSS, "cat")).isEmpty();
    String drawn =
        new TerminalView(false, 80).draw(new AttentionView("title", ACROSS, focus).with(HEAT_MAP));
    assertThat(drawn).contains("le >chat<").contains("the cat </s>").contains("\"chat\" → \"cat\"");
    assertThat(drawn).containsPattern("chat +1 +1 +8 +1\n");
  }

  @Test
  void groups_average_rows_and_sum_columns_on_each_side() {
    Unit both = Unit.place("le chat", 0);
    Unit text = Unit.place("the cat", 0);
    AttentionMap merged =
        ACROSS.grouped(
            List.of(new UnitGroup(both, List.of(0, 1))),
            List.of(new UnitGroup(text, List.of(0, 1))));
    assertThat(merged.isSelf()).isFalse();
    assertThat(merged.row(0, 0, 0)).containsExactly(new float[] {0.55f}, within(1e-6f));
    assertThat(merged.row(0, 1, 0)).containsExactly(new float[] {0.65f}, within(1e-6f));
  }

  @Test
  void weights_that_are_not_of_the_units_are_refused() {
    List<Unit> units = List.of(Unit.place("a", 0));
    assertThatThrownBy(() -> new AttentionMap(units, new float[][][][] {{{{1, 0}}}}))
        .hasMessageContaining("expected 1 columns, one a key, got 2");
    assertThatThrownBy(() -> AttentionMap.across(units, units, new float[][][][] {{{{1}}}, {}}))
        .hasMessageContaining("expected 1 heads in each layer, got 0");
    assertThatThrownBy(() -> new AttentionMap(units, new float[0][][][]))
        .hasMessageContaining("expected a layer and a head");
  }

  /** One head over words with a space between. */
  private static AttentionMap map(float[][] rows, String... words) {
    List<Unit> units = new ArrayList<>();
    int at = 0;
    for (String word : words) {
      units.add(new Unit(word, false, false, units.size(), at, at + word.length()));
      at += word.length() + 1;
    }
    return new AttentionMap(units, new float[][][][] {{rows}});
  }
}
