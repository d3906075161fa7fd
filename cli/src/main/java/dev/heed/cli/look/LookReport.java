package dev.heed.cli.look;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.heed.explain.AttentionMap;
import dev.heed.explain.AttentionMap.Unit;
import dev.heed.explain.AttentionView;
import dev.heed.explain.Focus;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What {@code --json} prints.
 *
 * @param model which model read the text
 * @param text as it was read
 * @param tokens that are attended to, in order
 * @param target the tokens that attend, in order, where they are not those
 * @param focus the word in focus
 * @param others the other words, each in its own most selective head
 * @param hidden tokens left out of {@code tokens}, {@code target} and {@code attention}
 * @param renormalised whether rows were scaled after hiding: never
 * @param unknown what the vocabulary does not hold, if anything
 * @param attention exact weights as {@code [layer][head][query][key]}
 * @param layers which those are, where the model has layers without attention
 * @param evidence the word's map by a method that was named, and what was measured of it
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record LookReport(
    String model,
    String text,
    List<String> tokens,
    @Nullable List<String> target,
    InFocus focus,
    List<Link> others,
    List<String> hidden,
    boolean renormalised,
    @Nullable String unknown,
    float[][][][] attention,
    @Nullable OtherLayers layers,
    MethodLook.@Nullable Report evidence) {

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
      return new Link(
          map.queryLabels().get(focus.query()),
          map.keyLabels().get(focus.key()),
          focus.layer(),
          focus.head(),
          focus.selectivity(),
          map.row(focus.layer(), focus.head(), focus.query())[focus.key()],
          map.meanRow(focus.query())[focus.key()]);
    }
  }

  static LookReport of(
      String model,
      String text,
      AttentionMap tokens,
      AttentionView view,
      OtherLayers others,
      MethodLook.@Nullable Report evidence) {
    Focus focus = view.focus();
    AttentionView exact = new AttentionView("", tokens, focus, view.options());
    float[][][][] weights = new float[tokens.layers()][tokens.heads()][][];
    for (int layer = 0; layer < weights.length; layer++) {
      for (int head = 0; head < weights[layer].length; head++) {
        weights[layer][head] = exact.head(layer, head);
      }
    }
    return new LookReport(
        model,
        text,
        texts(tokens.keys(), exact.shownKeys(), true),
        tokens.isSelf() ? null : texts(tokens.queries(), exact.shownQueries(), true),
        new InFocus(
            focus.unit(view.map()).text(),
            focus.layer(),
            focus.head(),
            focus.selectivity(),
            focus.heads(),
            view.bars(Integer.MAX_VALUE)),
        view.otherWords().stream().map(other -> Link.of(view.map(), other)).toList(),
        hidden(tokens, exact),
        false,
        view.unknown(),
        weights,
        others.withoutAttention().isEmpty() ? null : others,
        evidence);
  }

  private static List<String> hidden(AttentionMap tokens, AttentionView exact) {
    List<String> keys = texts(tokens.keys(), exact.shownKeys(), false);
    return tokens.isSelf()
        ? keys
        : Stream.concat(
                texts(tokens.queries(), exact.shownQueries(), false).stream(), keys.stream())
            .toList();
  }

  private static List<String> texts(List<Unit> units, List<Integer> shown, boolean ofShown) {
    return IntStream.range(0, units.size())
        .filter(i -> shown.contains(i) == ofShown)
        .mapToObj(i -> units.get(i).text())
        .toList();
  }
}
