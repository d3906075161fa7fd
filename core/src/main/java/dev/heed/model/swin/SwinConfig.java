package dev.heed.model.swin;

import dev.heed.model.Default;
import dev.heed.model.block.Stages;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The sizes and choices of Swin Transformers, named as in their {@code config.json}.
 *
 * @param numChannels of an image
 * @param embedDim size of the first stage; each next one doubles it
 * @param depths layers of each stage
 * @param numHeads of each stage
 * @param windowSize places of a window's side
 * @param pretrainedWindowSizes in version 2, sides that each stage was trained with before; 0 for
 *     its own; null for none
 * @param mlpRatio inner size of the feed-forward part over that of the stage
 * @param qkvBias whether queries and values have a bias, and keys in version 1
 * @param hiddenAct an activation by its config name
 * @param hiddenDropoutProb while training
 * @param attentionProbsDropoutProb of attention weights, and of what attention gives, while
 *     training
 * @param layerNormEps of the layers' norms and the last
 * @param useAbsoluteEmbeddings whether each patch has a learned position
 */
record SwinConfig(
    @Default("3") int numChannels,
    @Default("96") int embedDim,
    @Default("[2, 2, 6, 2]") List<Integer> depths,
    @Default("[3, 6, 12, 24]") List<Integer> numHeads,
    @Default("7") int windowSize,
    @Nullable List<Integer> pretrainedWindowSizes,
    @Default("4.0") double mlpRatio,
    @Default("true") boolean qkvBias,
    @Default("gelu") String hiddenAct,
    @Default("0.0") double hiddenDropoutProb,
    @Default("0.0") double attentionProbsDropoutProb,
    @Default("1e-5") double layerNormEps,
    @Default("false") boolean useAbsoluteEmbeddings) {
  /** Checks the lists. */
  SwinConfig {
    Stages.require("depths", depths, depths.size());
    Stages.require("num_heads", numHeads, depths.size());
    if (embedDim < 1 || windowSize < 1 || depths.size() > 16) {
      throw new IllegalArgumentException(
          "embed_dim, window_size: expected numbers from 1 and 16 stages or fewer, got "
              + embedDim
              + ", "
              + windowSize
              + " and "
              + depths.size());
    }
    int first = embedDim;
    Stages.requireHeads(
        IntStream.range(0, depths.size()).mapToObj(i -> Math.multiplyExact(first, 1 << i)).toList(),
        numHeads);
    if (pretrainedWindowSizes != null
        && (pretrainedWindowSizes.size() < depths.size()
            || pretrainedWindowSizes.stream().anyMatch(side -> side < 0 || side == 1))) {
      throw new IllegalArgumentException(
          "pretrained_window_sizes: expected 0, or a side from 2, for each of "
              + depths.size()
              + " stages, got "
              + pretrainedWindowSizes);
    }
  }

  /** How many stages there are. */
  int stages() {
    return depths.size();
  }

  /** The size of a stage. */
  int size(int stage) {
    return Math.multiplyExact(embedDim, 1 << stage);
  }

  /** Places of a side that a stage of version 2 was trained with before, or 0. */
  int pretrained(int stage) {
    return pretrainedWindowSizes == null ? 0 : pretrainedWindowSizes.get(stage);
  }
}
