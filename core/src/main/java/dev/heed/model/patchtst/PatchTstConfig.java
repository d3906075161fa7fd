package dev.heed.model.patchtst;

import dev.heed.model.Default;
import dev.heed.model.Only;
import dev.heed.nn.Activation;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The sizes and choices of a PatchTST checkpoint, named as in its {@code config.json}.
 *
 * @param numInputChannels values a step
 * @param contextLength steps it reads
 * @param distributionOutput a {@link dev.heed.model.forecast.Distribution} by its config name
 * @param loss {@code mse} to say values, {@code nll} to say their distributions
 * @param patchLength steps of a patch
 * @param patchStride steps from one to the next
 * @param numHiddenLayers layers
 * @param dModel D
 * @param numAttentionHeads heads of each layer
 * @param shareEmbedding whether all values share a map into vectors
 * @param channelAttention whether layers also attend over the values of each patch
 * @param ffnDim inner size of the feed-forward part
 * @param normType {@code batchnorm} or {@code layernorm}
 * @param normEps added to variances
 * @param attentionDropout of attention weights while training
 * @param positionalDropout of embedded patches while training
 * @param pathDropout of each part's result while training
 * @param ffDropout of inner values while training
 * @param bias whether the feed-forward maps have one
 * @param activationFunction an {@link Activation} by its config name
 * @param preNorm whether norms stand before each part, else after its sum
 * @param positionalEncodingType how a table of positions starts, {@code sincos} or {@code random}
 * @param useClsToken whether a token stands for the whole series
 * @param shareProjection whether all values share a head
 * @param doMaskInput whether patches are hidden; a head decides it for itself
 * @param maskType {@code random} or {@code forecast}
 * @param randomMaskRatio share of patches that are hidden
 * @param numForecastMaskPatches how many at the end are hidden, one number or several
 * @param channelConsistentMasking whether the same patches are hidden of all values
 * @param unmaskedChannelIndices values of which nothing is hidden
 * @param maskValue what stands in hidden patches' place
 * @param poolingType over patches, {@code mean}, {@code max} or null for none
 * @param headDropout of what the head reads while training
 * @param predictionLength steps it predicts
 * @param numTargets classes, or numbers told of a whole series
 * @param outputRange between what those numbers lie, or null
 * @param numParallelSamples how many futures are drawn
 */
record PatchTstConfig(
    @Default("1") int numInputChannels,
    @Default("32") int contextLength,
    @Default("student_t") String distributionOutput,
    @Default("mse") @Only({"mse", "nll", "null"}) @Nullable String loss,
    @Default("1") int patchLength,
    @Default("1") int patchStride,
    @Default("3") int numHiddenLayers,
    @Default("128") int dModel,
    @Default("4") int numAttentionHeads,
    @Default("true") boolean shareEmbedding,
    @Default("false") boolean channelAttention,
    @Default("512") int ffnDim,
    @Default("batchnorm") @Only({"batchnorm", "layernorm"}) String normType,
    @Default("1e-5") double normEps,
    @Default("0.0") double attentionDropout,
    @Default("0.0") double positionalDropout,
    @Default("0.0") double pathDropout,
    @Default("0.0") double ffDropout,
    @Default("true") boolean bias,
    @Default("gelu") String activationFunction,
    @Default("true") boolean preNorm,
    @Default("sincos") @Only({"sincos", "random"}) String positionalEncodingType,
    @Default("false") boolean useClsToken,
    @Default("true") boolean shareProjection,
    @Nullable Boolean doMaskInput,
    @Default("random") @Only({"random", "forecast"}) String maskType,
    @Default("0.5") double randomMaskRatio,
    @Default("[2]") @Nullable JsonNode numForecastMaskPatches,
    @Nullable Boolean channelConsistentMasking,
    @Nullable List<Integer> unmaskedChannelIndices,
    @Default("0") double maskValue,
    @Default("mean") @Only({"mean", "max", "null"}) @Nullable String poolingType,
    @Default("0.0") double headDropout,
    @Default("24") int predictionLength,
    @Default("1") int numTargets,
    @Nullable List<Double> outputRange,
    @Default("100") int numParallelSamples) {
  boolean says() {
    return "mse".equals(loss);
  }

  boolean batchNorm() {
    return normType.equals("batchnorm");
  }
}
