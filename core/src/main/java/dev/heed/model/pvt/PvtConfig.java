package dev.heed.model.pvt;

import dev.heed.model.Default;
import dev.heed.model.block.Stages;
import java.util.List;

/**
 * The sizes and choices of PVT, named as in its {@code config.json}.
 *
 * @param imageSize pixels of a side
 * @param numChannels of an image
 * @param numEncoderBlocks stages
 * @param depths layers of each stage
 * @param sequenceReductionRatios how many times fewer rows, and columns, keys have
 * @param hiddenSizes of each stage
 * @param patchSizes between the patches that a stage begins with
 * @param strides sides of those: the reference takes each for the other
 * @param numAttentionHeads of each stage
 * @param mlpRatios inner size of the feed-forward part over that of the stage
 * @param hiddenAct an activation by its config name
 * @param hiddenDropoutProb while training
 * @param attentionProbsDropoutProb of attention weights while training
 * @param layerNormEps positive
 * @param qkvBias whether queries, keys and values have a bias
 */
record PvtConfig(
    @Default("224") int imageSize,
    @Default("3") int numChannels,
    @Default("4") int numEncoderBlocks,
    @Default("[2, 2, 2, 2]") List<Integer> depths,
    @Default("[8, 4, 2, 1]") List<Integer> sequenceReductionRatios,
    @Default("[64, 128, 320, 512]") List<Integer> hiddenSizes,
    @Default("[4, 2, 2, 2]") List<Integer> patchSizes,
    @Default("[4, 2, 2, 2]") List<Integer> strides,
    @Default("[1, 2, 5, 8]") List<Integer> numAttentionHeads,
    @Default("[8, 8, 4, 4]") List<Double> mlpRatios,
    @Default("gelu") String hiddenAct,
    @Default("0.0") double hiddenDropoutProb,
    @Default("0.0") double attentionProbsDropoutProb,
    @Default("1e-6") double layerNormEps,
    @Default("true") boolean qkvBias) {
  /** Checks the lists. */
  PvtConfig {
    Stages.require("depths", depths, numEncoderBlocks);
    Stages.require("sequence_reduction_ratios", sequenceReductionRatios, numEncoderBlocks);
    Stages.require("hidden_sizes", hiddenSizes, numEncoderBlocks);
    Stages.require("patch_sizes", patchSizes, numEncoderBlocks);
    Stages.require("strides", strides, numEncoderBlocks);
    Stages.require("num_attention_heads", numAttentionHeads, numEncoderBlocks);
    Stages.requireHeads(hiddenSizes, numAttentionHeads);
    if (mlpRatios.size() != numEncoderBlocks) {
      throw new IllegalArgumentException(
          "mlp_ratios: expected a number for each of "
              + numEncoderBlocks
              + " stages, got "
              + mlpRatios);
    }
    if (sequenceReductionRatios.getLast() != 1) {
      throw new IllegalArgumentException(
          "sequence_reduction_ratios: expected 1 in the last stage, which has a class token, got "
              + sequenceReductionRatios);
    }
  }

  /** How many patches positions are learned for in a stage. */
  long patches(int stage) {
    // What reaches a stage has half the side at each but the first, which quarters it.
    int side = stage == 0 ? imageSize : imageSize >> (stage + 1);
    long across = side / patchSizes.get(stage);
    return across * across;
  }
}
