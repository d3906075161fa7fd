package dev.heed.model.deberta;

import dev.heed.attention.AttentionMechanism;
import dev.heed.attention.HeadChange;
import dev.heed.attention.HeadProjections.Fused;
import dev.heed.attention.HeadProjections.Layout;
import dev.heed.attention.MultiHeadAttention;
import dev.heed.attention.RelativeAttention;
import dev.heed.attention.ScaledDotProduct;
import dev.heed.attention.TalkingHeads;
import dev.heed.attention.position.DisentangledPositions;
import dev.heed.model.EncoderModel;
import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFamily;
import dev.heed.model.NameMap;
import dev.heed.model.bert.BertConfig;
import dev.heed.model.bert.BertLayers;
import dev.heed.model.block.TransformerLayer;
import dev.heed.model.block.TransformerStack;
import dev.heed.model.head.Head;
import dev.heed.nn.Dropout;
import dev.heed.nn.Embedding;
import dev.heed.nn.Initializer;
import dev.heed.nn.Linear;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** DeBERTa checkpoints of the first version. */
public final class DebertaFamily implements ModelFamily {
  @Override
  public Set<String> modelTypes() {
    return Set.of("deberta");
  }

  @Override
  public SequencedMap<String, Builder> architectures() {
    return DebertaHeads.architectures(
        "Deberta", keys -> keys.read(DebertaConfig.class), DebertaFamily::encoder);
  }

  @Override
  public NameMap names(String architecture) {
    return NameMap.plain()
        .base("deberta", "cls", "lm_predictions", "pooler", "classifier", "qa_outputs");
  }

  @Override
  public Set<String> ignoredKeys() {
    // pad_token_id under its old name.
    return Set.of("padding_idx");
  }

  private static EncoderModel.Parts encoder(Weights weights, ModelConfig keys) {
    DebertaConfig config = keys.read(DebertaConfig.class);
    DebertaEmbeddings embeddings = new DebertaEmbeddings(weights.child("embeddings"), config);
    Weights encoder = weights.child("encoder");
    Supplier<Tensor> distances = null;
    if (config.relativeAttention()) {
      long rows = 2L * config.distances().span();
      distances =
          new Embedding(encoder.child("rel_embeddings"), rows, config.hiddenSize(), -1)::weight;
    }
    BertLayers plan = BertLayers.of(config.bert());
    List<TransformerLayer> layers = new ArrayList<>();
    for (int i = 0; i < config.numHiddenLayers(); i++) {
      Weights layer = encoder.child("layer", i);
      layers.add(plan.layer(layer, attention(layer.child("attention"), config, distances)));
    }
    return new EncoderModel.Parts(
            embeddings::apply, TransformerStack.of(layers), null, Head.NONE, embeddings.table())
        .leavingPaddingOpen();
  }

  private static MultiHeadAttention attention(
      Weights weights, DebertaConfig config, @Nullable Supplier<Tensor> distances) {
    BertConfig sizes = config.bert();
    int size = sizes.hiddenSize();
    int heads = sizes.numAttentionHeads();
    Weights self = weights.child("self");
    return new MultiHeadAttention(
        self,
        new Fused(
            Linear.of(self.child("in_proj"), size, 3L * size, false),
            Layout.GROUPS,
            heads,
            Linear.of(weights.child("output.dense"), size, size)),
        heads,
        List.of(
            HeadChange.biases(
                self.parameter("q_bias", Initializer.ZEROS, size),
                self.parameter("v_bias", Initializer.ZEROS, size))),
        mechanism(self, config, distances));
  }

  private static AttentionMechanism mechanism(
      Weights self, DebertaConfig config, @Nullable Supplier<Tensor> distances) {
    int size = config.hiddenSize();
    int heads = config.numAttentionHeads();
    double scale = config.scale();
    Dropout dropout = new Dropout(config.attentionProbsDropoutProb());
    DisentangledPositions positions = null;
    if (distances != null) {
      Dropout ofRows = new Dropout(config.hiddenDropoutProb());
      positions =
          new DisentangledPositions(
              distances,
              ofRows,
              config.distances(),
              config.terms().contains("c2p")
                  ? Linear.of(self.child("pos_proj"), size, size, false)
                  : null,
              config.terms().contains("p2c")
                  ? Linear.of(self.child("pos_q_proj"), size, size)
                  : null);
    }
    if (config.talkingHead()) {
      Linear logits = Linear.of(self.child("head_logits_proj"), heads, heads, false);
      Linear weights = Linear.of(self.child("head_weights_proj"), heads, heads, false);
      return new TalkingHeads(positions, scale, logits, weights, dropout);
    }
    return positions == null
        ? new ScaledDotProduct(scale, dropout)
        : RelativeAttention.of(positions, scale, dropout);
  }
}
