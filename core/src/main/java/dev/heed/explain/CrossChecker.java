package dev.heed.explain;

import dev.heed.model.Model;
import dev.heed.model.ModelKind;
import dev.heed.nn.Trace;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import dev.heed.text.Encoding;
import dev.heed.text.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * Measures whether what a token of a target looks at in its source is to be believed, as {@link
 * MapChecker} does for words of one text. What is explained is how likely the model finds each
 * token at that place of the target.
 *
 * @param model an encoder-decoder with its head; stays the caller's
 * @param tokenizer of its texts
 * @param config its {@code config.json}
 */
public record CrossChecker(Model model, Tokenizer tokenizer, JsonNode config) {
  /**
   * Which row is checked.
   *
   * @param text the source
   * @param target what the model is made to write
   * @param layer from 0
   * @param head from 0
   * @param token of the target, from 0
   */
  public record Question(String text, String target, int layer, int head, int token) {}

  /**
   * Measures a head's row of cross-attention.
   *
   * @param most tokens of either text
   * @return the row and what was found
   * @throws IllegalArgumentException for a model that does not read one text and write another, for
   *     texts without tokens or with too many, and for a layer, head or token that there is not
   */
  public MapCheck check(Question question, int most, MapChecker.Progress progress) {
    if (model.kind() != ModelKind.ENCODER_DECODER) {
      throw new IllegalArgumentException(
          "target: expected a model that reads one text and writes another, got " + model.kind());
    }
    Encoding source = tokenizer.encode(question.text());
    if (source.size() < 1 || source.size() > most) {
      throw new IllegalArgumentException(
          "text: expected 1 to " + most + " tokens, got " + source.size());
    }
    ForcedText target = ForcedText.of(question.target(), tokenizer, config, most);
    AttentionMap.require("word", question.token(), target.units().size());
    OutcomeModel outcomes = new OutcomeModel(model, target.ids());
    List<String> points = points(outcomes, source.ids(), target.ids().length);
    AttentionMap.require("layer", question.layer(), points.size());
    List<UnitGroup> groups = UnitGroup.each(AttentionMap.units(source));
    List<Integer> candidates = new ArrayList<>();
    for (int unit = 0; unit < groups.size(); unit++) {
      if (!groups.get(unit).unit().special()) {
        candidates.add(unit);
      }
    }
    return new MapCheckRun(
            outcomes,
            points,
            new MapChecker.Question(
                question.text(),
                true,
                MapMethod.RAW,
                question.layer(),
                question.head(),
                question.token()),
            source.ids(),
            groups,
            groups.size(),
            candidates,
            MapChecker.mask(tokenizer),
            progress)
        .check();
  }

  /** Where the layers of the writing half read the source: their weights have its length. */
  private static List<String> points(OutcomeModel outcomes, long[] source, int written) {
    long[] longer = source;
    while (longer.length == written) { // told apart from the weights of the target on itself
      longer = java.util.Arrays.copyOf(longer, longer.length + 1);
    }
    List<String> points = new ArrayList<>();
    try (TensorScope scope = TensorScope.inference();
        Trace trace = Trace.record(AttentionMap::needs)) {
      outcomes.run(List.of(new OutcomeModel.Word(longer, 0, 1)), trace);
      for (Map.Entry<String, Tensor> point : trace.values().entrySet()) {
        Shape shape = point.getValue().shape();
        if (shape.rank() == 4 && shape.size(2) == written && shape.size(3) == longer.length) {
          points.add(point.getKey());
        }
      }
    }
    return points;
  }
}
