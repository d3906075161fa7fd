package dev.heed.model.beit;

import dev.heed.attention.HeadProjections;
import dev.heed.attention.MultiHeadAttention;
import dev.heed.attention.ScaledDotProduct;
import dev.heed.attention.position.Grid;
import dev.heed.attention.score.ScoreBias;
import dev.heed.model.EncoderModel;
import dev.heed.model.Model;
import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFamily;
import dev.heed.model.NameMap;
import dev.heed.model.block.LayerBody;
import dev.heed.model.block.Residual;
import dev.heed.model.block.TransformerLayer;
import dev.heed.model.block.TransformerStack;
import dev.heed.model.head.ClassifierHead;
import dev.heed.model.head.Head;
import dev.heed.model.vit.GridFrame;
import dev.heed.model.vit.ImageSize;
import dev.heed.nn.Activation;
import dev.heed.nn.Dropout;
import dev.heed.nn.FeedForward;
import dev.heed.nn.LayerNorm;
import dev.heed.nn.LayerScale;
import dev.heed.nn.Linear;
import dev.heed.nn.Norm;
import dev.heed.nn.Weights;
import dev.heed.tensor.Loss;
import dev.heed.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** BEiT checkpoints. */
public final class BeitFamily implements ModelFamily {
  private static final int IMAGE = 224;
  private static final int PATCH = 16;

  @Override
  public Set<String> modelTypes() {
    return Set.of("beit");
  }

  @Override
  public SequencedMap<String, Builder> architectures() {
    SequencedMap<String, Builder> builders = new LinkedHashMap<>();
    builders.put("BeitForImageClassification", BeitFamily::images);
    builders.put("BeitForMaskedImageModeling", BeitFamily::masked);
    builders.put("BeitModel", BeitFamily::model);
    return builders;
  }

  @Override
  public NameMap names(String architecture) {
    return NameMap.plain().base("beit", "classifier", "lm_head", "layernorm");
  }

  @Override
  public Set<String> ignoredKeys() {
    return Set.of(
        // Of training alone.
        "drop_path_rate",
        // Of a head that segments, which Heed does not have, and of backbones for other models.
        "add_fpn",
        "auxiliary_channels",
        "auxiliary_concat_input",
        "auxiliary_loss_weight",
        "auxiliary_num_convs",
        "out_features",
        "out_indices",
        "pool_scales",
        "reshape_hidden_states",
        "segmentation_indices",
        "semantic_loss_ignore_index",
        "stage_names",
        "use_auxiliary_head");
  }

  private static Model model(Weights weights, ModelConfig keys) {
    BeitConfig config = keys.read(BeitConfig.class);
    Norm pooler = pooler(weights.child("beit.pooler"), config);
    return build(weights, config, keys, pooler, Head.NONE);
  }

  private static Model images(Weights weights, ModelConfig keys) {
    BeitConfig config = keys.read(BeitConfig.class);
    Linear classifier =
        Linear.of(weights.child("classifier"), config.hiddenSize(), keys.labels().size());
    return build(
        weights,
        config,
        keys,
        pooler(weights.child("beit.pooler"), config),
        new ClassifierHead(
            (run, pooled) -> classifier.apply(pooled), ClassifierHead.Problem.of(keys)));
  }

  /** Names the visual word of each patch; the loss is that of the hidden ones. */
  private static Model masked(Weights weights, ModelConfig keys) {
    BeitConfig config = keys.read(BeitConfig.class);
    LayerNorm norm =
        new LayerNorm(weights.child("layernorm"), config.hiddenSize(), config.layerNormEps());
    Linear words = Linear.of(weights.child("lm_head"), config.hiddenSize(), config.vocabSize());
    return build(
        weights,
        config,
        keys,
        null,
        (run, hidden, pooled) -> {
          Tensor logits = words.apply(norm.apply(hidden.narrow(1, 1, hidden.size(1) - 1)));
          run.put("logits", logits);
          Tensor labels = run.input().get("labels");
          if (labels != null) {
            Tensor marked = run.input().require("bool_masked_pos").ne(0).flatten(0, 1).nonzero();
            Tensor scores = logits.flatten(0, 1).indexSelect(0, marked.flatten(0, -1));
            run.put("loss", Loss.crossEntropy(scores, labels.flatten(0, -1)));
          }
        });
  }

  /** The mean of the patches, normalised, or the class token. */
  private static Norm pooler(Weights weights, BeitConfig config) {
    if (!config.useMeanPooling()) {
      return x -> x.select(1, 0);
    }
    LayerNorm norm =
        new LayerNorm(weights.child("layernorm"), config.hiddenSize(), config.layerNormEps());
    return x -> norm.apply(x.narrow(1, 1, x.size(1) - 1).mean(1, false));
  }

  private static Model build(
      Weights root, BeitConfig config, ModelConfig keys, @Nullable Norm pooler, Head head) {
    Weights weights = root.child("beit");
    ImageSize patch = ImageSize.of(keys, "patch_size", PATCH);
    Grid trained = ImageSize.of(keys, "image_size", IMAGE).over(patch).asGrid();
    BeitEmbeddings embeddings =
        new BeitEmbeddings(weights.child("embeddings"), config, patch, trained);
    Weights encoder = weights.child("encoder");
    List<TransformerLayer> layers =
        IntStream.range(0, config.numHiddenLayers())
            .mapToObj(i -> layer(encoder.child("layer", i), config))
            .toList();
    Norm norm =
        config.useMeanPooling()
            ? Norm.NONE
            : new LayerNorm(weights.child("layernorm"), config.hiddenSize(), config.layerNormEps());
    return new EncoderModel(
        root,
        new EncoderModel.Parts(
                embeddings::apply,
                TransformerStack.of(layers, norm).recordedBeforeNorm(),
                pooler,
                head,
                null)
            .in(new GridFrame(embeddings::grid, biases(encoder, config, trained))));
  }

  /** The layers' own biases, those that they share, or their sum. */
  private static GridFrame.Bias biases(Weights encoder, BeitConfig config, Grid trained) {
    int heads = config.numAttentionHeads();
    PlaceBias shared =
        config.useSharedRelativePositionBias()
            ? new PlaceBias(encoder.child("relative_position_bias"), trained, heads)
            : null;
    List<PlaceBias> own =
        IntStream.range(0, config.useRelativePositionBias() ? config.numHiddenLayers() : 0)
            .mapToObj(
                i -> encoder.child("layer", i).child("attention.attention.relative_position_bias"))
            .map(weights -> new PlaceBias(weights, trained, heads))
            .toList();
    return (layer, grid) -> {
      Tensor all = shared == null ? null : shared.over(grid);
      Tensor each = own.isEmpty() ? null : own.get(layer).over(grid);
      if (all == null || each == null) {
        Tensor one = all == null ? each : all;
        return one == null ? null : new ScoreBias(one);
      }
      return new ScoreBias(all.add(each));
    };
  }

  private static TransformerLayer layer(Weights weights, BeitConfig config) {
    int size = config.hiddenSize();
    Dropout dropout = new Dropout(config.hiddenDropoutProb());
    FeedForward feedForward =
        new FeedForward(
            weights,
            Linear.of(weights.child("intermediate.dense"), size, config.intermediateSize()),
            Linear.of(weights.child("output.dense"), config.intermediateSize(), size),
            Activation.named(config.hiddenAct()),
            new Dropout(0));
    return new TransformerLayer(
        weights,
        Residual.sandwich(
            new LayerNorm(weights.child("layernorm_before"), size, config.layerNormEps()),
            LayerBody.self(attention(weights.child("attention"), config)),
            scale(weights, "lambda_1", config),
            dropout),
        Residual.sandwich(
            new LayerNorm(weights.child("layernorm_after"), size, config.layerNormEps()),
            LayerBody.each(feedForward::apply),
            scale(weights, "lambda_2", config),
            dropout));
  }

  private static Norm scale(Weights weights, String name, BeitConfig config) {
    double start = config.layerScaleInitValue();
    return start > 0 ? new LayerScale(weights, name, config.hiddenSize(), start) : Norm.NONE;
  }

  /** Keys have no bias: it would change no weight. */
  private static MultiHeadAttention attention(Weights weights, BeitConfig config) {
    int size = config.hiddenSize();
    Weights self = weights.child("attention");
    return new MultiHeadAttention(
        self,
        HeadProjections.queryKeyValue(self, weights.child("output.dense"), size, true, false),
        config.numAttentionHeads(),
        List.of(),
        ScaledDotProduct.dropping(config.attentionProbsDropoutProb()));
  }
}
