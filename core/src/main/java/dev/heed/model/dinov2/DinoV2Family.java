package dev.heed.model.dinov2;

import dev.heed.model.Default;
import dev.heed.model.EncoderModel;
import dev.heed.model.Model;
import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFamily;
import dev.heed.model.NameMap;
import dev.heed.model.Only;
import dev.heed.model.block.LayerBody;
import dev.heed.model.block.Residual;
import dev.heed.model.block.TransformerLayer;
import dev.heed.model.block.TransformerStack;
import dev.heed.model.head.ClassifierHead;
import dev.heed.model.head.Head;
import dev.heed.model.vit.GridFrame;
import dev.heed.model.vit.ImageSize;
import dev.heed.model.vit.PatchPositions;
import dev.heed.model.vit.VitConfig;
import dev.heed.model.vit.VitEmbeddings;
import dev.heed.model.vit.VitLayers;
import dev.heed.nn.Activation;
import dev.heed.nn.Dropout;
import dev.heed.nn.FeedForward;
import dev.heed.nn.LayerNorm;
import dev.heed.nn.LayerScale;
import dev.heed.nn.Linear;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.IntStream;

/** DINOv2 checkpoints, with and without registers. */
public final class DinoV2Family implements ModelFamily {
  private static final int IMAGE = 224;
  private static final int PATCH = 14;
  private static final String REGISTERS = "dinov2_with_registers";

  record Config(
      @Default("768") int hiddenSize,
      @Default("12") int numHiddenLayers,
      @Default("12") int numAttentionHeads,
      @Default("4") double mlpRatio,
      @Default("gelu") String hiddenAct,
      @Default("0.0") double hiddenDropoutProb,
      @Default("0.0") double attentionProbsDropoutProb,
      @Default("1e-6") double layerNormEps,
      @Default("3") int numChannels,
      @Default("true") boolean qkvBias,
      @Default("1.0") double layerscaleValue,
      @Default("false") boolean useSwigluFfn,
      @Default("4") int numRegisterTokens,
      @Default("true") @Only("true") boolean applyLayernorm) {
    VitConfig vit() {
      return new VitConfig(
          hiddenSize,
          numHiddenLayers,
          numAttentionHeads,
          (int) (hiddenSize * mlpRatio),
          hiddenAct,
          hiddenDropoutProb,
          attentionProbsDropoutProb,
          layerNormEps,
          numChannels,
          qkvBias,
          null,
          "tanh");
    }
  }

  @Override
  public Set<String> modelTypes() {
    return Set.of("dinov2", REGISTERS);
  }

  @Override
  public SequencedMap<String, Builder> architectures() {
    SequencedMap<String, Builder> builders = new LinkedHashMap<>();
    builders.put("Dinov2Model", DinoV2Family::model);
    builders.put("Dinov2ForImageClassification", DinoV2Family::images);
    builders.put("Dinov2WithRegistersModel", DinoV2Family::model);
    builders.put("Dinov2WithRegistersForImageClassification", DinoV2Family::images);
    return builders;
  }

  @Override
  public NameMap names(String architecture) {
    return NameMap.plain()
        .with("^dinov2_with_registers\\.", "dinov2.")
        .base("dinov2", "classifier");
  }

  @Override
  public Set<String> ignoredKeys() {
    // Drop path is of training alone; the others choose what a backbone for other models gives.
    return Set.of(
        "drop_path_rate",
        "out_features",
        "out_indices",
        "reshape_hidden_states",
        "stage_names",
        "use_mask_token");
  }

  private static boolean registers(ModelConfig keys) {
    return keys.json().path("model_type").asString("").equals(REGISTERS);
  }

  private static Model model(Weights weights, ModelConfig keys) {
    return build(weights, keys.read(Config.class), keys, Head.NONE);
  }

  /** Reads the class token and the mean of the patches, side by side. */
  private static Model images(Weights weights, ModelConfig keys) {
    Config config = keys.read(Config.class);
    Linear classifier =
        Linear.of(weights.child("classifier"), 2L * config.hiddenSize(), keys.labels().size());
    ClassifierHead head =
        new ClassifierHead((run, both) -> classifier.apply(both), ClassifierHead.Problem.of(keys));
    int before = 1 + (registers(keys) ? config.numRegisterTokens() : 0);
    return build(
        weights,
        config,
        keys,
        (run, hidden, pooled) -> {
          Tensor patches = hidden.narrow(1, before, hidden.size(1) - before);
          Tensor both = Tensor.cat(List.of(hidden.select(1, 0), patches.mean(1, false)), -1);
          head.apply(run, hidden, both);
        });
  }

  private static Model build(Weights root, Config config, ModelConfig keys, Head head) {
    Weights weights = root.child("dinov2");
    boolean registers = registers(keys);
    VitConfig vit = config.vit();
    VitEmbeddings embeddings =
        new VitEmbeddings(
            weights.child("embeddings"),
            vit,
            new VitEmbeddings.Plan(
                ImageSize.of(keys, "image_size", IMAGE),
                ImageSize.of(keys, "patch_size", PATCH),
                List.of("cls_token"),
                registers ? config.numRegisterTokens() : 0,
                registers ? PatchPositions.ANTIALIASED : PatchPositions.BY_SIZE,
                true));
    LayerNorm norm =
        new LayerNorm(weights.child("layernorm"), config.hiddenSize(), config.layerNormEps());
    List<TransformerLayer> layers =
        IntStream.range(0, config.numHiddenLayers())
            .mapToObj(i -> layer(weights.child("encoder.layer", i), config))
            .toList();
    return new EncoderModel(
        root,
        new EncoderModel.Parts(
                embeddings::apply,
                TransformerStack.of(layers, norm).recordedBeforeNorm(),
                x -> x.select(1, 0),
                head,
                null)
            .in(new GridFrame(embeddings::grid, GridFrame.Bias.NONE)));
  }

  private static TransformerLayer layer(Weights weights, Config config) {
    int size = config.hiddenSize();
    Dropout dropout = new Dropout(config.hiddenDropoutProb());
    return new TransformerLayer(
        weights,
        Residual.sandwich(
            norm(weights.child("norm1"), config),
            LayerBody.self(VitLayers.attention(weights.child("attention"), config.vit())),
            new LayerScale(
                weights.child("layer_scale1"), "lambda1", size, config.layerscaleValue()),
            dropout),
        Residual.sandwich(
            norm(weights.child("norm2"), config),
            feedForward(weights.child("mlp"), config),
            new LayerScale(
                weights.child("layer_scale2"), "lambda1", size, config.layerscaleValue()),
            new Dropout(0)));
  }

  private static LayerNorm norm(Weights weights, Config config) {
    return new LayerNorm(weights, config.hiddenSize(), config.layerNormEps());
  }

  private static LayerBody feedForward(Weights weights, Config config) {
    int size = config.hiddenSize();
    int inner = (int) (size * config.mlpRatio());
    if (config.useSwigluFfn()) {
      // Two thirds of the size, since there are three maps, in steps of 8.
      int gated = ((int) (inner * 2 / 3.0) + 7) / 8 * 8;
      Linear both = Linear.of(weights.child("weights_in"), size, 2L * gated);
      Linear out = Linear.of(weights.child("weights_out"), gated, size);
      return LayerBody.each((x, trace) -> {
        List<Tensor> halves = both.apply(x).split(-1, gated, gated);
        return out.apply(halves.getFirst().silu().mul(halves.getLast()));
      });
    }
    FeedForward network =
        new FeedForward(
            weights,
            Linear.of(weights.child("fc1"), size, inner),
            Linear.of(weights.child("fc2"), inner, size),
            Activation.named(config.hiddenAct()),
            new Dropout(0));
    return LayerBody.each(network::apply);
  }
}
