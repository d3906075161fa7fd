package dev.heed.model.deberta;

import dev.heed.attention.AttentionMechanism;
import dev.heed.attention.HeadProjections;
import dev.heed.attention.MultiHeadAttention;
import dev.heed.attention.RelativeAttention;
import dev.heed.attention.ScaledDotProduct;
import dev.heed.attention.position.DisentangledPositions;
import dev.heed.model.EncoderModel;
import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFamily;
import dev.heed.model.NameMap;
import dev.heed.model.bert.BertLayers;
import dev.heed.model.block.LayerBody;
import dev.heed.model.block.Residual;
import dev.heed.model.block.TransformerLayer;
import dev.heed.model.block.TransformerStack;
import dev.heed.model.head.Head;
import dev.heed.nn.Activation;
import dev.heed.nn.Conv1d;
import dev.heed.nn.Dropout;
import dev.heed.nn.Embedding;
import dev.heed.nn.LayerNorm;
import dev.heed.nn.Linear;
import dev.heed.nn.Norm;
import dev.heed.nn.Weights;
import dev.heed.tensor.Convolution.Geometry;
import dev.heed.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** DeBERTa checkpoints of the second and third version. */
public final class DebertaV2Family implements ModelFamily {
  @Override
  public Set<String> modelTypes() {
    return Set.of("deberta-v2");
  }

  @Override
  public SequencedMap<String, Builder> architectures() {
    return DebertaHeads.architectures(
        "DebertaV2", keys -> keys.read(DebertaV2Config.class), DebertaV2Family::encoder);
  }

  @Override
  public NameMap names(String architecture) {
    return NameMap.plain()
        .base(
            "deberta",
            "cls",
            "lm_predictions",
            "mask_predictions",
            "pooler",
            "classifier",
            "qa_outputs");
  }

  private static EncoderModel.Parts encoder(Weights weights, ModelConfig keys) {
    DebertaV2Config config = keys.read(DebertaV2Config.class);
    DebertaEmbeddings embeddings = new DebertaEmbeddings(weights.child("embeddings"), config);
    Weights encoder = weights.child("encoder");
    Supplier<Tensor> distances = config.relativeAttention() ? distances(encoder, config) : null;
    BertLayers plan = BertLayers.of(config.bert());
    List<TransformerLayer> layers = new ArrayList<>();
    for (int i = 0; i < config.numHiddenLayers(); i++) {
      Weights layer = encoder.child("layer", i);
      MultiHeadAttention attention = attention(layer.child("attention"), config, distances);
      layers.add(
          i == 0 && config.convKernelSize() > 0
              ? plan.layer(layer, attention, convolution(encoder.child("conv"), config))
              : plan.layer(layer, attention));
    }
    return new EncoderModel.Parts(
            embeddings::apply, TransformerStack.of(layers), null, Head.NONE, embeddings.table())
        .leavingPaddingOpen();
  }

  private static Supplier<Tensor> distances(Weights encoder, DebertaV2Config config) {
    int size = config.hiddenSize();
    long rows = 2L * config.distances().span();
    Embedding table = new Embedding(encoder.child("rel_embeddings"), rows, size, -1);
    Norm norm =
        config.normedDistances()
            ? new LayerNorm(encoder.child("LayerNorm"), size, config.layerNormEps())
            : Norm.NONE;
    return () -> norm.apply(table.weight());
  }

  private static MultiHeadAttention attention(
      Weights weights, DebertaV2Config config, @Nullable Supplier<Tensor> distances) {
    long size = config.hiddenSize();
    long all = (long) config.numAttentionHeads() * config.headSize();
    Weights self = weights.child("self");
    HeadProjections.Separate projections =
        new HeadProjections.Separate(
            Linear.of(self.child("query_proj"), size, all),
            Linear.of(self.child("key_proj"), size, all),
            Linear.of(self.child("value_proj"), size, all),
            Linear.of(weights.child("output.dense"), all, size));
    Dropout dropout = new Dropout(config.attentionProbsDropoutProb());
    AttentionMechanism mechanism =
        distances == null
            ? new ScaledDotProduct(config.scale(), dropout)
            : RelativeAttention.of(
                positions(self, config, distances, projections), config.scale(), dropout);
    return new MultiHeadAttention(
        self, projections, config.numAttentionHeads(), List.of(), mechanism);
  }

  private static DisentangledPositions positions(
      Weights self,
      DebertaV2Config config,
      Supplier<Tensor> distances,
      HeadProjections.Separate words) {
    long size = config.hiddenSize();
    long all = words.key().out();
    boolean shared = config.shareAttKey();
    Linear keys = null;
    Linear queries = null;
    if (config.terms().contains("c2p")) {
      keys = shared ? words.key() : Linear.of(self.child("pos_key_proj"), size, all);
    }
    if (config.terms().contains("p2c")) {
      queries = shared ? words.query() : Linear.of(self.child("pos_query_proj"), size, all);
    }
    return new DisentangledPositions(
        distances, new Dropout(config.hiddenDropoutProb()), config.distances(), keys, queries);
  }

  /** {@code norm(x + f(conv(what the layer began with)))}, beside the first layer. */
  private static Residual convolution(Weights weights, DebertaV2Config config) {
    long size = config.hiddenSize();
    int width = config.convKernelSize();
    Conv1d map =
        new Conv1d(
            weights.child("conv"),
            size,
            size,
            width,
            new Geometry(1, (width - 1) / 2, 1, config.convGroups()),
            true);
    Activation activation = Activation.named(config.convAct());
    Dropout dropout = new Dropout(config.hiddenDropoutProb());
    LayerNorm norm = new LayerNorm(weights.child("LayerNorm"), size, config.layerNormEps());
    return Residual.post(
        norm,
        LayerBody.fromStart((x, trace) -> {
          Tensor near = map.apply(x.transpose(1, 2)).transpose(1, 2);
          return activation.apply(dropout.apply(near, trace));
        }),
        new Dropout(0));
  }
}
