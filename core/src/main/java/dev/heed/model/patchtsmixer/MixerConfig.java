package dev.heed.model.patchtsmixer;

import dev.heed.model.Default;
import dev.heed.model.Only;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The sizes and choices of a PatchTSMixer checkpoint, named as in its {@code config.json}.
 *
 * @param contextLength steps it reads
 * @param patchLength steps of a patch
 * @param numInputChannels values a step
 * @param patchStride steps from one patch to the next
 * @param numPatches which follow from the lengths
 * @param patchLast whether patches are the last dimension
 * @param numParallelSamples how many futures are drawn
 * @param dModel D
 * @param expansionFactor of the feed-forward networks' inner size
 * @param numLayers layers
 * @param dropout while training
 * @param mode {@code common_channel}, or {@code mix_channel} to mix values too
 * @param gatedAttn whether gates weigh what networks read or give
 * @param normMlp a layer norm, or a batch norm where the name says {@code batch}
 * @param selfAttn whether patches also attend to each other
 * @param selfAttnHeads by how many heads
 * @param usePositionalEncoding whether patches have positions
 * @param positionalEncodingType how their table starts
 * @param loss {@code mse} to say values, {@code nll} to say their distributions
 * @param normEps added to variances
 * @param maskType {@code random} or {@code forecast}, for pretraining
 * @param randomMaskRatio share of patches that are hidden
 * @param numForecastMaskPatches how many at the end are hidden, one number or several
 * @param maskValue what stands in hidden patches' place
 * @param maskedLoss whether only hidden patches count in the loss
 * @param channelConsistentMasking whether the same patches are hidden of all values
 * @param unmaskedChannelIndices values of which nothing is hidden
 * @param headDropout of what the head reads while training
 * @param distributionOutput a {@link dev.heed.model.forecast.Distribution} by its config name
 * @param predictionLength steps it predicts
 * @param predictionChannelIndices which values it predicts, or null for all
 * @param numTargets classes, or numbers told of a whole series
 * @param outputRange between what those numbers lie, or null
 * @param headAggregation over patches, or null for none
 */
record MixerConfig(
    @Default("32") int contextLength,
    @Default("8") int patchLength,
    @Default("1") int numInputChannels,
    @Default("8") int patchStride,
    @Nullable Integer numPatches,
    @Default("true") @Only("true") boolean patchLast,
    @Default("100") int numParallelSamples,
    @Default("8") int dModel,
    @Default("2") int expansionFactor,
    @Default("3") int numLayers,
    @Default("0.2") double dropout,
    @Default("common_channel") @Only({"common_channel", "mix_channel"}) String mode,
    @Default("true") boolean gatedAttn,
    @Default("LayerNorm") String normMlp,
    @Default("false") boolean selfAttn,
    @Default("1") int selfAttnHeads,
    @Default("false") boolean usePositionalEncoding,
    @Default("sincos") @Only({"sincos", "random"}) String positionalEncodingType,
    @Default("mse") @Only({"mse", "nll"}) String loss,
    @Default("1e-5") double normEps,
    @Default("random") @Only({"random", "forecast"}) String maskType,
    @Default("0.5") double randomMaskRatio,
    @Default("[2]") @Nullable JsonNode numForecastMaskPatches,
    @Default("0") double maskValue,
    @Default("true") boolean maskedLoss,
    @Default("true") boolean channelConsistentMasking,
    @Nullable List<Integer> unmaskedChannelIndices,
    @Default("0.2") double headDropout,
    @Default("student_t") String distributionOutput,
    @Default("16") int predictionLength,
    @Nullable List<Integer> predictionChannelIndices,
    @Default("3") int numTargets,
    @Nullable List<Double> outputRange,
    @Default("max_pool") @Only({"use_last", "max_pool", "avg_pool", "null"})
        @Nullable String headAggregation) {
  private static final String BATCH = "batch";

  /** Checks what makes no model. */
  MixerConfig {
    String norm = normMlp.toLowerCase(Locale.ROOT);
    if (!norm.contains(BATCH) && !norm.equals("layernorm")) {
      throw new IllegalArgumentException(
          "norm_mlp: expected LayerNorm or BatchNorm, got " + normMlp);
    }
    int values = numInputChannels;
    if (predictionChannelIndices != null) {
      if (predictionChannelIndices.isEmpty()
          || predictionChannelIndices.stream().anyMatch(i -> i < 0 || i >= values)) {
        throw new IllegalArgumentException(
            "prediction_channel_indices: expected numbers from 0 to "
                + (values - 1)
                + ", got "
                + predictionChannelIndices);
      }
      predictionChannelIndices = predictionChannelIndices.stream().sorted().toList();
    }
  }

  boolean batchNorm() {
    return normMlp.toLowerCase(Locale.ROOT).contains(BATCH);
  }

  boolean mixesValues() {
    return mode.equals("mix_channel");
  }
}
