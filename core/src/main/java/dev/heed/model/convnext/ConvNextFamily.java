package dev.heed.model.convnext;

import dev.heed.model.Model;
import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFamily;
import dev.heed.model.NameMap;
import dev.heed.model.Run;
import dev.heed.model.SealedModel;
import dev.heed.model.block.GridTokens;
import dev.heed.model.block.LayerBody;
import dev.heed.model.block.Residual;
import dev.heed.model.block.TransformerLayer;
import dev.heed.model.block.TransformerStack;
import dev.heed.model.block.TransformerStack.Recorded;
import dev.heed.model.head.ClassifierHead;
import dev.heed.model.head.Head;
import dev.heed.nn.Activation;
import dev.heed.nn.Conv2d;
import dev.heed.nn.Dropout;
import dev.heed.nn.FeedForward;
import dev.heed.nn.LayerNorm;
import dev.heed.nn.LayerScale;
import dev.heed.nn.Linear;
import dev.heed.nn.Norm;
import dev.heed.nn.Weights;
import dev.heed.tensor.Convolution.Geometry;
import dev.heed.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/** ConvNeXt checkpoints. */
public final class ConvNextFamily implements ModelFamily {
  /** Of the norms within stages, whatever the config says. */
  private static final double INNER_EPSILON = 1e-6;

  private static final int KERNEL = 7;

  @Override
  public Set<String> modelTypes() {
    return Set.of("convnext");
  }

  @Override
  public SequencedMap<String, Builder> architectures() {
    SequencedMap<String, Builder> builders = new LinkedHashMap<>();
    builders.put("ConvNextForImageClassification", ConvNextFamily::images);
    builders.put(
        "ConvNextModel",
        (weights, keys) -> build(weights, keys.read(ConvNextConfig.class), Head.NONE));
    return builders;
  }

  @Override
  public NameMap names(String architecture) {
    return NameMap.plain().base("convnext", "classifier");
  }

  @Override
  public Set<String> ignoredKeys() {
    return Set.of(
        // Images of every size are taken.
        "image_size",
        // Of training alone.
        "drop_path_rate",
        // What a backbone for other models gives.
        "out_features",
        "out_indices",
        "stage_names");
  }

  private static Model images(Weights weights, ModelConfig keys) {
    ConvNextConfig config = keys.read(ConvNextConfig.class);
    Linear classifier =
        Linear.of(
            weights.child("classifier"), config.hiddenSizes().getLast(), keys.labels().size());
    return build(
        weights,
        config,
        new ClassifierHead(
            (run, pooled) -> classifier.apply(pooled), ClassifierHead.Problem.of(keys)));
  }

  private static Model build(Weights root, ConvNextConfig config, Head head) {
    Weights weights = root.child("convnext");
    Weights embeddings = weights.child("embeddings");
    Conv2d patches =
        convolution(
            embeddings.child("patch_embeddings"),
            config.numChannels(),
            config.hiddenSizes().getFirst(),
            config.patchSize());
    LayerNorm first = inner(embeddings.child("layernorm"), config.hiddenSizes().getFirst());
    List<UnaryOperator<GridTokens>> shrinking =
        IntStream.range(0, config.numStages())
            .mapToObj(i -> shrinking(weights.child("encoder.stages", i), config, i))
            .toList();
    List<TransformerStack> stages =
        IntStream.range(0, config.numStages())
            .mapToObj(i -> stage(weights.child("encoder.stages", i), config, i))
            .toList();
    LayerNorm last =
        new LayerNorm(
            weights.child("layernorm"), config.hiddenSizes().getLast(), config.layerNormEps());
    return new SealedModel(
        root,
        run -> {
          GridTokens x = GridTokens.of(patches.apply(run.input().require("pixel_values")));
          x = recorded(run, x.with(first.apply(x.tokens())));
          for (int i = 0; i < stages.size(); i++) {
            x = recorded(run, shrinking.get(i).apply(x).through(stages.get(i), run));
          }
          run.put("last_hidden_state", x.map());
          Tensor pooled = last.apply(x.tokens().mean(1, false));
          run.put("pooler_output", pooled);
          head.apply(run, x.tokens(), pooled);
        },
        null);
  }

  private static GridTokens recorded(Run run, GridTokens x) {
    run.state("hidden_states", x.map());
    return x;
  }

  /** What halves rows and columns before a stage, but for the first. */
  private static UnaryOperator<GridTokens> shrinking(
      Weights weights, ConvNextConfig config, int stage) {
    if (stage == 0) {
      return UnaryOperator.identity();
    }
    int before = config.hiddenSizes().get(stage - 1);
    LayerNorm norm = inner(weights.child("downsampling_layer.0"), before);
    Conv2d half =
        convolution(
            weights.child("downsampling_layer.1"), before, config.hiddenSizes().get(stage), 2);
    return x -> GridTokens.of(half.apply(x.with(norm.apply(x.tokens())).map()));
  }

  private static TransformerStack stage(Weights weights, ConvNextConfig config, int stage) {
    List<TransformerLayer> layers =
        IntStream.range(0, config.depths().get(stage))
            .mapToObj(
                i -> layer(weights.child("layers", i), config, config.hiddenSizes().get(stage)))
            .toList();
    return TransformerStack.of(layers).recording(Recorded.NONE);
  }

  /** {@code x + γ ⊙ W₂·f(W₁·norm(depthwise(x)))} (Liu et al. 2022, figure 4). */
  private static TransformerLayer layer(Weights weights, ConvNextConfig config, int size) {
    Conv2d depthwise =
        new Conv2d(
            weights.child("dwconv"),
            size,
            size,
            KERNEL,
            new Geometry(1, KERNEL / 2, 1, size),
            true);
    LayerNorm norm = inner(weights.child("layernorm"), size);
    FeedForward network =
        new FeedForward(
            weights,
            Linear.of(weights.child("pwconv1"), size, 4L * size),
            Linear.of(weights.child("pwconv2"), 4L * size, size),
            Activation.named(config.hiddenAct()),
            new Dropout(0));
    double start = config.layerScaleInitValue();
    Norm scale =
        start > 0 ? new LayerScale(weights, "layer_scale_parameter", size, start) : Norm.NONE;
    LayerBody body =
        LayerBody.overGrid((x, grid, trace) -> {
          Tensor mixed = GridTokens.of(depthwise.apply(GridTokens.map(x, grid))).tokens();
          return network.apply(norm.apply(mixed), trace);
        });
    return new TransformerLayer(weights, Residual.sandwich(Norm.NONE, body, scale, new Dropout(0)));
  }

  private static LayerNorm inner(Weights weights, int size) {
    return new LayerNorm(weights, size, INNER_EPSILON);
  }

  /** Of squares that do not overlap. */
  private static Conv2d convolution(Weights weights, int in, int out, int side) {
    return new Conv2d(weights, in, out, side, new Geometry(side, 0, 1, 1), true);
  }
}
