package dev.heed.cli.look;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.heed.explain.AttentionMap;
import dev.heed.explain.AttentionMap.Unit;
import dev.heed.explain.AttentionView;
import dev.heed.explain.Focus;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What {@code --json} prints.
 *
 * @param model which model read the text
 * @param text as it was read
 * @param tokens in order
 * @param focus the word in focus
 * @param others the other words, each in its own most selective head
 * @param hidden tokens left out of {@code tokens} and {@code attention}
 * @param renormalised whether rows were scaled after hiding: never
 * @param unknown what the vocabulary does not hold, if anything
 * @param attention exact weights as {@code [layer][head][query][key]}
 * @param layers which those are, where the model has layers without attention
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record LookReport(
    String model,
    String text,
    List<String> tokens,
    InFocus focus,
    List<Link> others,
    List<String> hidden,
    boolean renormalised,
    @Nullable String unknown,
    float[][][][] attention,
    @Nullable OtherLayers layers) {

  /**
   * The word in focus, in the head shown.
   *
   * @param bestOf of how many heads it is the most selective; 1 if it was named
   */
  record InFocus(
      String word,
      int layer,
      int head,
      double selectivity,
      int bestOf,
      List<AttentionView.Bar> attendsTo) {}

  /** A word and whom it attends to, with the weight in that head and the mean over all. */
  record Link(
      String word, String to, int layer, int head, double selectivity, float weight, float mean) {
    static Link of(AttentionMap map, Focus focus) {
      List<String> labels = map.labels();
      return new Link(
          labels.get(focus.query()),
          labels.get(focus.key()),
          focus.layer(),
          focus.head(),
          focus.selectivity(),
          map.row(focus.layer(), focus.head(), focus.query())[focus.key()],
          map.meanRow(focus.query())[focus.key()]);
    }
  }

  static LookReport of(
      String model, String text, AttentionMap tokens, AttentionView view, OtherLayers others) {
    Focus focus = view.focus();
    AttentionView exact = new AttentionView("", tokens, focus, view.options());
    List<Integer> shown = exact.shown();
    float[][][][] weights = new float[tokens.layers()][tokens.heads()][][];
    for (int layer = 0; layer < weights.length; layer++) {
      for (int head = 0; head < weights[layer].length; head++) {
        weights[layer][head] = exact.head(layer, head);
      }
    }
    return new LookReport(
        model,
        text,
        shown.stream().map(i -> tokens.units().get(i).text()).toList(),
        new InFocus(
            focus.unit(view.map()).text(),
            focus.layer(),
            focus.head(),
            focus.selectivity(),
            focus.heads(),
            view.bars(Integer.MAX_VALUE)),
        view.otherWords().stream().map(other -> Link.of(view.map(), other)).toList(),
        IntStream.range(0, tokens.size())
            .filter(i -> !shown.contains(i))
            .mapToObj(tokens.units()::get)
            .map(Unit::text)
            .toList(),
        false,
        view.unknown(),
        weights,
        others.withoutAttention().isEmpty() ? null : others);
  }
}
