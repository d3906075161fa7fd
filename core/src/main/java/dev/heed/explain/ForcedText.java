package dev.heed.explain;

import dev.heed.explain.AttentionMap.Unit;
import dev.heed.model.Model;
import dev.heed.model.ModelInput;
import dev.heed.model.ModelKind;
import dev.heed.model.Run.Wanted;
import dev.heed.nn.Trace;
import dev.heed.tensor.Tensor;
import dev.heed.text.Encoding;
import dev.heed.text.Tokenizer;
import java.util.Arrays;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * A text that an encoder-decoder is made to write, whatever it would have written itself, to see
 * what it attends to in what it reads.
 *
 * <p>A token's row is that of the place that writes it, the one before it.
 *
 * @param units its tokens, without the one that a decoder begins with
 * @param ids their numbers
 */
public record ForcedText(List<Unit> units, long[] ids) {
  /** Copies the list. */
  public ForcedText {
    units = List.copyOf(units);
  }

  /**
   * Encodes a text as a model learns to write it.
   *
   * @param text not empty
   * @param tokenizer of the model
   * @param config its {@code config.json}: {@code decoder_start_token_id} is no part of the text
   * @param most tokens that are allowed
   * @throws IllegalArgumentException for a text without tokens, or with more
   */
  public static ForcedText of(String text, Tokenizer tokenizer, JsonNode config, int most) {
    Encoding encoding = tokenizer.target().encode(text);
    int start = config.path("decoder_start_token_id").asInt(-1);
    int from = encoding.size() > 0 && encoding.tokens().getFirst().id() == start ? 1 : 0;
    int size = encoding.size() - from;
    if (size < 1 || size > most) {
      throw new IllegalArgumentException(
          "target: expected a text of 1 to " + most + " tokens, got " + size);
    }
    return new ForcedText(
        AttentionMap.units(encoding).subList(from, encoding.size()),
        Arrays.copyOfRange(encoding.ids(), from, encoding.size()));
  }

  /**
   * Runs a model over what it reads while it is made to write this text.
   *
   * @param model an encoder-decoder
   * @param given what its encoder reads, a batch of one
   * @return the cross-attention of each layer, {@code [1, H, tokens, read]}, in the caller's scope
   * @throws IllegalArgumentException for a model of another kind, or without such attention
   */
  public List<Tensor> attention(Model model, ModelInput given) {
    if (model.kind() != ModelKind.ENCODER_DECODER) {
      throw new IllegalArgumentException(
          "target: expected a model that reads one sequence and writes another, got one of kind "
              + model.kind());
    }
    ModelInput input = given.with("labels", Tensor.of(ids, 1, ids.length));
    List<Tensor> layers =
        model.apply(input, Trace.NONE, new Wanted(false, true)).series("cross_attentions");
    if (layers.isEmpty()) {
      throw new IllegalArgumentException(
          "target: expected a model whose layers attend from what is written to what is read, got"
              + " one without");
    }
    return layers;
  }
}
