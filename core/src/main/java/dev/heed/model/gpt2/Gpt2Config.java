package dev.heed.model.gpt2;

import dev.heed.model.Default;
import dev.heed.model.Only;
import dev.heed.nn.Activation;
import org.jspecify.annotations.Nullable;

/**
 * The sizes and choices of a GPT-2 checkpoint, named as in its {@code config.json}.
 *
 * @param vocabSize tokens in the vocabulary
 * @param nPositions the longest text in tokens
 * @param nEmbd H, a multiple of the heads
 * @param nLayer layers
 * @param nHead heads of each layer
 * @param nInner inner size of the feed-forward part, or null for {@code 4·H}
 * @param activationFunction an {@link Activation} by its config name
 * @param residPdrop dropout of each block's result while training
 * @param embdPdrop dropout of the embeddings while training
 * @param attnPdrop dropout of weights while training
 * @param layerNormEpsilon positive
 * @param scaleAttnWeights whether scores are divided by {@code √D}
 * @param scaleAttnByInverseLayerIdx whether scores are also divided by the layer's number from 1
 * @param reorderAndUpcastAttn products in f32, which exact attention does in any case
 * @param addCrossAttention attention to an encoder's output
 * @param tieWordEmbeddings whether the output map is the token table
 */
public record Gpt2Config(
    @Default("50257") int vocabSize,
    @Default("1024") int nPositions,
    @Default("768") int nEmbd,
    @Default("12") int nLayer,
    @Default("12") int nHead,
    @Nullable Integer nInner,
    @Default("gelu_new") String activationFunction,
    @Default("0.1") double residPdrop,
    @Default("0.1") double embdPdrop,
    @Default("0.1") double attnPdrop,
    @Default("1e-5") double layerNormEpsilon,
    @Default("true") boolean scaleAttnWeights,
    @Default("false") boolean scaleAttnByInverseLayerIdx,
    @Default("false") boolean reorderAndUpcastAttn,
    @Default("false") @Only("false") boolean addCrossAttention,
    @Default("true") boolean tieWordEmbeddings) {
  /** Checks what later code divides by. */
  public Gpt2Config {
    if (nHead < 1 || nEmbd < 1 || nEmbd % nHead != 0) {
      throw new IllegalArgumentException(
          "n_embd: expected a multiple of the " + nHead + " heads, got " + nEmbd);
    }
    Activation.named(activationFunction);
  }

  int inner() {
    return nInner == null ? Math.multiplyExact(4, nEmbd) : nInner;
  }

  /** What scores are multiplied by in a layer. */
  double scale(int layer) {
    double scale = scaleAttnWeights ? 1 / Math.sqrt((double) nEmbd / nHead) : 1;
    return scaleAttnByInverseLayerIdx ? scale / (layer + 1) : scale;
  }
}
