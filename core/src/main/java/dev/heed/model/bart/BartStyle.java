package dev.heed.model.bart;

import dev.heed.nn.Weights;

/**
 * How a family departs from the others in its tradition.
 *
 * @param preNorm whether norms stand before each part, and one after the last layer
 * @param normsEmbeddings whether embeddings are normalised
 * @param outputBias whether the vocabulary's scores have a bias, {@code final_logits_bias}
 * @param positions of the encoder's and the decoder's tokens
 * @param lastNorm the name of the norm after the last layer
 * @param bias whether attention's maps have a bias
 */
record BartStyle(
    boolean preNorm,
    boolean normsEmbeddings,
    boolean outputBias,
    Places positions,
    String lastNorm,
    boolean bias) {
  /** With a norm after the last layer by its usual name, and biases. */
  BartStyle(boolean preNorm, boolean normsEmbeddings, boolean outputBias, Places positions) {
    this(preNorm, normsEmbeddings, outputBias, positions, "layer_norm", true);
  }

  /** Makes positions below a half of the model. */
  @FunctionalInterface
  interface Places {
    BartPositions of(Weights half, BartConfig config);
  }

  private static final Places LEARNED =
      (half, config) ->
          BartPositions.learned(half, config.maxPositionEmbeddings(), config.dModel());
  private static final Places FIXED =
      (half, config) -> BartPositions.fixed(half, config.maxPositionEmbeddings(), config.dModel());

  static final BartStyle BART = new BartStyle(false, true, true, LEARNED);
  static final BartStyle MBART = new BartStyle(true, true, true, LEARNED);
  static final BartStyle PEGASUS = new BartStyle(true, false, true, FIXED);
  static final BartStyle MARIAN = new BartStyle(false, false, true, FIXED);
  static final BartStyle M2M100 =
      new BartStyle(
          true,
          false,
          false,
          (half, config) -> BartPositions.counted(half, config.padTokenId(), config.dModel()));
}
