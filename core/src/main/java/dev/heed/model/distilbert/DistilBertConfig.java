package dev.heed.model.distilbert;

import dev.heed.model.Default;
import dev.heed.model.bert.BertConfig;
import dev.heed.model.bert.BertConfig.Positions;

/**
 * The sizes and choices of a DistilBERT checkpoint, named as in its {@code config.json}.
 *
 * @param vocabSize tokens in the vocabulary
 * @param maxPositionEmbeddings the longest text in tokens
 * @param nLayers layers
 * @param nHeads heads of each layer
 * @param dim H, a multiple of the heads
 * @param hiddenDim inner size of the feed-forward part
 * @param dropout in [0, 1), while training
 * @param attentionDropout in [0, 1), on weights, while training
 * @param activation an activation by its config name
 * @param qaDropout before the answers' map
 * @param seqClassifDropout before the classifier
 * @param padTokenId the token whose embedding is not trained
 * @param sinusoidalPosEmbds how the stored table of positions began; its values are in the file
 */
public record DistilBertConfig(
    @Default("30522") int vocabSize,
    @Default("512") int maxPositionEmbeddings,
    @Default("6") int nLayers,
    @Default("12") int nHeads,
    @Default("768") int dim,
    @Default("3072") int hiddenDim,
    @Default("0.1") double dropout,
    @Default("0.1") double attentionDropout,
    @Default("gelu") String activation,
    @Default("0.1") double qaDropout,
    @Default("0.2") double seqClassifDropout,
    @Default("0") int padTokenId,
    @Default("false") boolean sinusoidalPosEmbds) {
  private static final double EPSILON = 1e-12;

  /** The same in BERT's terms. */
  BertConfig bert() {
    return new BertConfig(
        vocabSize,
        dim,
        nLayers,
        nHeads,
        hiddenDim,
        activation,
        dropout,
        attentionDropout,
        maxPositionEmbeddings,
        0,
        EPSILON,
        padTokenId,
        Positions.ABSOLUTE,
        seqClassifDropout);
  }
}
