package dev.heed.model.xlnet;

import dev.heed.attention.position.RelativeSinusoids.Distances;
import dev.heed.model.Default;
import dev.heed.model.Only;
import dev.heed.model.SegmentMemory;
import dev.heed.nn.Activation;
import dev.heed.nn.Dropout;
import org.jspecify.annotations.Nullable;

/**
 * The sizes and choices of an XLNet checkpoint, named as in its {@code config.json}.
 *
 * @param vocabSize tokens in the vocabulary
 * @param dModel H
 * @param nLayer how many layers
 * @param nHead heads of each, which share H
 * @param dHead size of a head, which follows from those
 * @param dInner inner size of the feed-forward part
 * @param ffActivation its activation
 * @param attnType {@code bi}: each token sees all; {@code uni}: those before it
 * @param layerNormEps positive
 * @param dropout while training
 * @param memLen steps that are remembered; all where it is 0 or absent
 * @param reuseLen how many of a segment's first steps are remembered; all where it is 0 or absent
 * @param useMemsEval whether a call gives what it remembers
 * @param useMemsTrain whether one that trains does
 * @param biData whether the second half of a batch is read backwards
 * @param clampLen the distance that farther ones count as; none from -1 to 0
 * @param sameLength whether each token sees the same number of others, with {@code uni}
 * @param summaryType which state stands for a text
 * @param summaryUseProj whether it goes through a map
 * @param summaryActivation after the map, or null for none
 * @param summaryLastDropout after that, while training
 * @param tieWordEmbeddings whether words are scored by the token table
 */
record XlnetConfig(
    @Default("32000") int vocabSize,
    @Default("1024") int dModel,
    @Default("24") int nLayer,
    @Default("16") int nHead,
    @Nullable Integer dHead,
    @Default("4096") int dInner,
    @Default("gelu") String ffActivation,
    @Default("bi") @Only({"bi", "uni"}) String attnType,
    @Default("1e-12") double layerNormEps,
    @Default("0.1") double dropout,
    @Default("512") @Nullable Integer memLen,
    @Nullable Integer reuseLen,
    @Default("true") boolean useMemsEval,
    @Default("false") boolean useMemsTrain,
    @Default("false") boolean biData,
    @Default("-1") int clampLen,
    @Default("false") boolean sameLength,
    @Default("last") @Only({"last", "first", "mean"}) String summaryType,
    @Default("true") boolean summaryUseProj,
    @Default("tanh") @Nullable String summaryActivation,
    @Default("0.1") double summaryLastDropout,
    @Default("true") boolean tieWordEmbeddings) {
  /** Checks what later code relies on. */
  XlnetConfig {
    if (dModel % nHead != 0 || (dHead != null && dHead * nHead != dModel)) {
      throw new IllegalArgumentException(
          "n_head, d_head: expected heads that share d_model, "
              + dModel
              + ", got "
              + nHead
              + " and "
              + dHead);
    }
    Activation.named(ffActivation);
  }

  int headSize() {
    return dModel / nHead;
  }

  Activation activation() {
    return Activation.named(ffActivation);
  }

  /** What stands for a distance. */
  Distances distances() {
    return Distances.TRANSFORMER_XL.within(
        clampLen > 0 ? clampLen : Integer.MAX_VALUE, new Dropout(dropout));
  }

  /** What layers remember. */
  SegmentMemory memory() {
    return new SegmentMemory(
        "memory",
        nLayer,
        memLen == null || memLen == 0 ? Integer.MAX_VALUE : memLen,
        reuseLen == null || reuseLen <= 0 ? Integer.MAX_VALUE : reuseLen);
  }
}
