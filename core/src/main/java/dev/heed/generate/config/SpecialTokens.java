package dev.heed.generate.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tokens that mean something to the search.
 *
 * @param bosTokenId begins a sequence that has no prompt
 * @param eosTokenId each ends a sequence; none: only lengths and stop strings do
 * @param padTokenId fills what is shorter than its batch; null: the first end token
 * @param decoderStartTokenId begins the decoder's sequence of an encoder-decoder; null: bosTokenId
 */
public record SpecialTokens(
    @Nullable Integer bosTokenId,
    List<Integer> eosTokenId,
    @Nullable Integer padTokenId,
    @Nullable Integer decoderStartTokenId) {
  /** What holds where a config does not say. */
  public static final SpecialTokens DEFAULTS = new SpecialTokens(null, List.of(), null, null);

  /** Copies the list. */
  public SpecialTokens {
    eosTokenId = List.copyOf(eosTokenId);
    for (Integer token : eosTokenId) {
      Options.require(token >= 0, "eos_token_id", "tokens from 0", token);
    }
  }

  /**
   * The token to fill with.
   *
   * @throws IllegalArgumentException if the config names neither a padding nor an end token
   */
  public int padding() {
    Options.require(
        padTokenId != null || !eosTokenId.isEmpty(),
        "pad_token_id",
        "a token to fill sequences of other lengths with",
        "none, and no eos_token_id to stand in for it");
    return padTokenId != null ? padTokenId : eosTokenId.getFirst();
  }

  /**
   * The token that the decoder of an encoder-decoder begins with.
   *
   * @throws IllegalArgumentException if the config names none
   */
  public int decoderStart() {
    Integer start = decoderStartTokenId != null ? decoderStartTokenId : bosTokenId;
    if (start == null) {
      throw new IllegalArgumentException(
          "decoder_start_token_id: expected a token that the decoder begins with, got none, and no"
              + " bos_token_id to stand in for it");
    }
    return start;
  }
}
