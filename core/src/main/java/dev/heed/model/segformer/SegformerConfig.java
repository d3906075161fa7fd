package dev.heed.model.segformer;

import dev.heed.model.Default;
import dev.heed.model.block.Stages;
import java.util.List;

/**
 * The sizes and choices of SegFormer, named as in its {@code config.json}.
 *
 * @param numChannels of an image
 * @param numEncoderBlocks stages
 * @param depths layers of each stage
 * @param srRatios how many times fewer rows, and columns, keys have
 * @param hiddenSizes of each stage
 * @param patchSizes sides of the patches that a stage begins with
 * @param strides between those
 * @param numAttentionHeads of each stage
 * @param mlpRatios inner size of the feed-forward part over that of the stage
 * @param hiddenAct an activation by its config name
 * @param hiddenDropoutProb while training
 * @param attentionProbsDropoutProb of attention weights while training
 * @param classifierDropoutProb while training
 * @param decoderHiddenSize to which the head brings all stages
 * @param semanticLossIgnoreIndex a class that places without one have
 * @param reshapeLastStage whether the last stage's states are given as a map
 */
record SegformerConfig(
    @Default("3") int numChannels,
    @Default("4") int numEncoderBlocks,
    @Default("[2, 2, 2, 2]") List<Integer> depths,
    @Default("[8, 4, 2, 1]") List<Integer> srRatios,
    @Default("[32, 64, 160, 256]") List<Integer> hiddenSizes,
    @Default("[7, 3, 3, 3]") List<Integer> patchSizes,
    @Default("[4, 2, 2, 2]") List<Integer> strides,
    @Default("[1, 2, 5, 8]") List<Integer> numAttentionHeads,
    @Default("[4, 4, 4, 4]") List<Double> mlpRatios,
    @Default("gelu") String hiddenAct,
    @Default("0.0") double hiddenDropoutProb,
    @Default("0.0") double attentionProbsDropoutProb,
    @Default("0.1") double classifierDropoutProb,
    @Default("256") int decoderHiddenSize,
    @Default("255") int semanticLossIgnoreIndex,
    @Default("true") boolean reshapeLastStage) {
  /** Checks the lists. */
  SegformerConfig {
    Stages.require("depths", depths, numEncoderBlocks);
    Stages.require("sr_ratios", srRatios, numEncoderBlocks);
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
  }
}
