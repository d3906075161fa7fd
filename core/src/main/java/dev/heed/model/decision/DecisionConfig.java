package dev.heed.model.decision;

import dev.heed.model.Default;
import dev.heed.model.gpt2.Gpt2Config;
import org.jspecify.annotations.Nullable;

/**
 * The sizes and choices of a Decision Transformer checkpoint, named as in its {@code config.json}.
 *
 * @param stateDim size of a state
 * @param actDim size of an action
 * @param hiddenSize H, a multiple of the heads
 * @param maxEpLen steps of the longest episode
 * @param actionTanh whether actions are between -1 and 1
 * @param vocabSize rows of a table of words that nothing reads
 * @param nPositions rows of the table of positions, of which the first is added to all
 * @param nLayer layers
 * @param nHead heads of each layer
 * @param nInner inner size of the feed-forward part, or null for {@code 4·H}
 * @param activationFunction an activation by its config name
 * @param residPdrop dropout of each block's result while training
 * @param embdPdrop dropout of the embeddings while training
 * @param attnPdrop dropout of weights while training
 * @param layerNormEpsilon positive
 * @param scaleAttnWeights whether scores are divided by {@code √D}
 * @param scaleAttnByInverseLayerIdx whether scores are also divided by the layer's number from 1
 * @param reorderAndUpcastAttn products in f32, which exact attention does in any case
 */
record DecisionConfig(
    @Default("17") int stateDim,
    @Default("4") int actDim,
    @Default("128") int hiddenSize,
    @Default("4096") int maxEpLen,
    @Default("true") boolean actionTanh,
    @Default("1") int vocabSize,
    @Default("1024") int nPositions,
    @Default("3") int nLayer,
    @Default("1") int nHead,
    @Nullable Integer nInner,
    @Default("relu") String activationFunction,
    @Default("0.1") double residPdrop,
    @Default("0.1") double embdPdrop,
    @Default("0.1") double attnPdrop,
    @Default("1e-5") double layerNormEpsilon,
    @Default("true") boolean scaleAttnWeights,
    @Default("false") boolean scaleAttnByInverseLayerIdx,
    @Default("false") boolean reorderAndUpcastAttn) {
  /** The layers in GPT-2's terms. */
  Gpt2Config gpt2() {
    return new Gpt2Config(
        vocabSize,
        nPositions,
        hiddenSize,
        nLayer,
        nHead,
        nInner,
        activationFunction,
        residPdrop,
        embdPdrop,
        attnPdrop,
        layerNormEpsilon,
        scaleAttnWeights,
        scaleAttnByInverseLayerIdx,
        reorderAndUpcastAttn,
        false,
        true);
  }
}
