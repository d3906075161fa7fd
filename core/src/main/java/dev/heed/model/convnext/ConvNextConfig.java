package dev.heed.model.convnext;

import dev.heed.model.Default;
import dev.heed.model.block.Stages;
import java.util.List;

/**
 * The sizes and choices of ConvNeXt, named as in its {@code config.json}.
 *
 * @param numChannels of an image
 * @param patchSize pixels of a patch's side
 * @param numStages how many stages
 * @param hiddenSizes of each stage
 * @param depths layers of each stage
 * @param hiddenAct an activation by its config name
 * @param layerNormEps of the last norm
 * @param layerScaleInitValue first factor of each branch; 0 for none
 */
record ConvNextConfig(
    @Default("3") int numChannels,
    @Default("4") int patchSize,
    @Default("4") int numStages,
    @Default("[96, 192, 384, 768]") List<Integer> hiddenSizes,
    @Default("[3, 3, 9, 3]") List<Integer> depths,
    @Default("gelu") String hiddenAct,
    @Default("1e-12") double layerNormEps,
    @Default("1e-6") double layerScaleInitValue) {
  /** Checks the lists. */
  ConvNextConfig {
    Stages.require("hidden_sizes", hiddenSizes, numStages);
    Stages.require("depths", depths, numStages);
  }
}
