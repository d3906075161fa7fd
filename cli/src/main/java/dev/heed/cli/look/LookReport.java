package dev.heed.cli.look;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.heed.explain.AttentionMap;
import dev.heed.explain.AttentionMap.Unit;
import dev.heed.explain.AttentionView;
import dev.heed.explain.Focus;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What {@code --json} prints.
 *
 * @param model which model read the text
 * @param text as given
 * @param tokens in order
 * @param focus the word in focus
 * @param hidden tokens left out of {@code tokens} and {@code attention}
 * @param renormalised whether rows were scaled after hiding: never
 * @param attention exact weights as {@code [layer][head][query][key]}
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record LookReport(
    String model,
    String text,
    List<String> tokens,
    InFocus focus,
    List<String> hidden,
    boolean renormalised,
    float[][][][] attention) {

  /** The word in focus, in the head shown. */
  record InFocus(
      String word, int layer, int head, double selectivity, List<AttentionView.Bar> attendsTo) {}

  static LookReport of(String model, String text, AttentionMap tokens, AttentionView view) {
    Focus focus = view.focus();
    AttentionView exact =
        new AttentionView("", tokens, focus, false, false, view.hideSpecial(), true);
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
            view.bars(Integer.MAX_VALUE)),
        IntStream.range(0, tokens.size())
            .filter(i -> !shown.contains(i))
            .mapToObj(tokens.units()::get)
            .map(Unit::text)
            .toList(),
        false,
        weights);
  }
}
