package dev.heed.cli.look;

import dev.heed.explain.AttentionCapture;
import dev.heed.explain.AttentionMap;
import dev.heed.explain.AttentionView;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.stream.IntStream;

/**
 * What is said of a model's layers without attention.
 *
 * @param attending the numbers, from 0, of the layers whose maps are shown, in their order
 * @param withoutAttention the numbers of the others
 * @param derived for those that amount to a map, the mean magnitude of what each token's output
 *     takes from each token's value, {@code [query][key]}: no attention, and no softmax
 */
record OtherLayers(
    List<Integer> attending,
    List<Integer> withoutAttention,
    SortedMap<Integer, float[][]> derived) {
  /** Of a model that attends in every layer. */
  static final OtherLayers NONE =
      new OtherLayers(List.of(), List.of(), Collections.emptySortedMap());

  static OtherLayers of(AttentionCapture capture, String read) {
    AttentionCapture.Layers layers = capture.layers();
    return new OtherLayers(layers.attending(), layers.others(), capture.derived(read));
  }

  /** Lines for people; none where every layer attends. */
  List<String> lines(AttentionView view, AttentionMap tokens) {
    List<String> lines = new ArrayList<>();
    if (withoutAttention.isEmpty()) {
      return lines;
    }
    lines.add("Layers " + withoutAttention + " of this model have no attention, so no map above.");
    lines.add(
        "The maps above, counted from 0, are those of its layers " + attending + ", in order.");
    int start = view.focus().unit(view.map()).start();
    int query =
        IntStream.range(0, tokens.size())
            .filter(i -> !tokens.units().get(i).special() && tokens.units().get(i).start() >= start)
            .findFirst()
            .orElse(tokens.size() - 1);
    derived.forEach((layer, map) -> {
      int most = most(map[query]);
      lines.add(
          String.format(
              Locale.ROOT,
              "Layer %d, derived (no softmax): \"%s\" takes most from \"%s\", %.3g a head on"
                  + " average.",
              layer,
              tokens.units().get(query).text(),
              tokens.units().get(most).text(),
              map[query][most]));
    });
    return lines;
  }

  private static int most(float[] row) {
    int most = 0;
    for (int key = 1; key < row.length; key++) {
      most = row[key] > row[most] ? key : most;
    }
    return most;
  }
}
