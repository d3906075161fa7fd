package dev.heed.model.forecast;

import dev.heed.model.Default;
import dev.heed.model.Only;
import dev.heed.model.bart.BartLayer;
import dev.heed.nn.Activation;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The sizes and choices that the forecasters with lags share (Time Series Transformer, Informer,
 * Autoformer), named as in their {@code config.json}.
 *
 * @param contextLength steps the encoder reads, or null for as many as are predicted
 * @param predictionLength steps the decoder predicts
 * @param distributionOutput a {@link Distribution} by its config name
 * @param loss of training
 * @param inputSize values a step
 * @param lagsSequence how many steps before its own the values stand that a step reads
 * @param numDynamicRealFeatures numbers given for each step, besides those of its time
 * @param numStaticCategoricalFeatures categories given for a series
 * @param numStaticRealFeatures numbers given for a series
 * @param numTimeFeatures numbers given for each step's time
 * @param cardinality how many values each category has
 * @param embeddingDimension size of each category's vectors, or null for half as many as it has
 *     values, at most 50
 * @param featureSize numbers that a step reads, which follow from the others
 * @param encoderFfnDim inner size of the encoder's feed-forward part
 * @param decoderFfnDim inner size of the decoder's
 * @param encoderAttentionHeads heads of the encoder's layers
 * @param decoderAttentionHeads heads of the decoder's layers
 * @param encoderLayers layers of the encoder
 * @param decoderLayers layers of the decoder
 * @param activationFunction an {@link Activation} by its config name
 * @param dModel H
 * @param dropout while training
 * @param attentionDropout of attention weights while training
 * @param activationDropout of inner values while training
 * @param numParallelSamples how many futures are drawn
 */
public record SeriesConfig(
    @Nullable Integer contextLength,
    int predictionLength,
    @Default("student_t") String distributionOutput,
    @Default("nll") @Only("nll") String loss,
    @Default("1") int inputSize,
    @Default("[1, 2, 3, 4, 5, 6, 7]") List<Integer> lagsSequence,
    @Default("0") int numDynamicRealFeatures,
    @Default("0") int numStaticCategoricalFeatures,
    @Default("0") int numStaticRealFeatures,
    @Default("0") int numTimeFeatures,
    @Nullable List<Integer> cardinality,
    @Nullable List<Integer> embeddingDimension,
    @Nullable Integer featureSize,
    @Default("32") int encoderFfnDim,
    @Default("32") int decoderFfnDim,
    @Default("2") int encoderAttentionHeads,
    @Default("2") int decoderAttentionHeads,
    @Default("2") int encoderLayers,
    @Default("2") int decoderLayers,
    @Default("gelu") String activationFunction,
    @Default("64") int dModel,
    @Default("0.1") double dropout,
    @Default("0.1") double attentionDropout,
    @Default("0.1") double activationDropout,
    @Default("100") int numParallelSamples) {
  /** Where the map to the distribution's parameters lies. */
  public static final String HEAD = "parameter_projection";

  /** Keys that cannot matter: layer drop is of training alone. */
  public static final Set<String> IGNORED = Set.of("encoder_layerdrop", "decoder_layerdrop");

  private static final int LARGEST_EMBEDDING = 50;

  /** A value's place and scale are features too. */
  private static final int SCALE_FEATURES = 2;

  /** Checks what must agree. */
  public SeriesConfig {
    require(predictionLength > 0, "prediction_length: expected at least 1", predictionLength);
    require(
        contextLength == null || contextLength > 0,
        "context_length: expected at least 1",
        contextLength);
    require(
        !lagsSequence.isEmpty() && lagsSequence.stream().allMatch(lag -> lag >= 0),
        "lags_sequence: expected some steps before, from 0",
        lagsSequence);
    require(inputSize > 0, "input_size: expected at least 1", inputSize);
    if (numStaticCategoricalFeatures > 0) {
      requireCount("cardinality", cardinality, numStaticCategoricalFeatures);
      if (embeddingDimension != null) {
        requireCount("embedding_dimension", embeddingDimension, numStaticCategoricalFeatures);
      }
    }
    int vectors = 0;
    for (int i = 0; cardinality != null && i < numStaticCategoricalFeatures; i++) {
      vectors += size(cardinality, embeddingDimension, i);
    }
    int all =
        inputSize * (lagsSequence.size() + SCALE_FEATURES)
            + vectors
            + numDynamicRealFeatures
            + numTimeFeatures
            + numStaticRealFeatures;
    require(
        featureSize == null || featureSize == all,
        "feature_size: expected " + all + ", as lags and features make",
        featureSize);
    featureSize = all;
  }

  private static void requireCount(String key, @Nullable List<Integer> values, int count) {
    require(
        values != null && values.size() == count,
        key + ": expected " + count + " values, as num_static_categorical_features says",
        values);
  }

  private static void require(boolean holds, String expected, @Nullable Object got) {
    if (!holds) {
      throw new IllegalArgumentException(expected + ", got " + got);
    }
  }

  private static int size(
      List<Integer> cardinality, @Nullable List<Integer> embedding, int number) {
    return embedding == null
        ? Math.min(LARGEST_EMBEDDING, (cardinality.get(number) + 1) / 2)
        : embedding.get(number);
  }

  /** Size of the vectors of a category. */
  int embeddingSize(int number) {
    return cardinality == null ? 0 : size(cardinality, embeddingDimension, number);
  }

  /** Steps the encoder reads. */
  public int context() {
    return contextLength == null ? predictionLength : contextLength;
  }

  /** Steps of the past that the model needs: the context, and what its first step looks back to. */
  public int past() {
    return context() + lagsSequence.stream().mapToInt(Integer::intValue).max().orElse(0);
  }

  /** Numbers that a step reads. */
  public int width() {
    return featureSize == null ? 0 : featureSize;
  }

  /** The layers of one half. */
  public BartLayer layer(boolean decoder) {
    return new BartLayer(
        dModel,
        decoder ? decoderAttentionHeads : encoderAttentionHeads,
        decoder ? decoderFfnDim : encoderFfnDim,
        Activation.named(activationFunction),
        dropout,
        attentionDropout,
        activationDropout,
        false,
        true,
        true);
  }

  /** What a model of these sizes reads. */
  public SeriesShape shape() {
    return new SeriesShape(
        past(),
        context(),
        predictionLength,
        inputSize,
        IntStream.range(0, inputSize).boxed().toList(),
        numTimeFeatures,
        numDynamicRealFeatures,
        numStaticCategoricalFeatures == 0 || cardinality == null ? List.of() : cardinality,
        numStaticRealFeatures,
        numParallelSamples,
        inputSize == 1,
        "past_observed_mask");
  }
}
