package dev.heed.model.blip;

import dev.heed.attention.AttentionRequest;
import dev.heed.attention.HeadProjections;
import dev.heed.attention.MultiHeadAttention;
import dev.heed.attention.ScaledDotProduct;
import dev.heed.model.Memory;
import dev.heed.model.Run;
import dev.heed.model.bert.BertConfig;
import dev.heed.model.block.LayerBody;
import dev.heed.model.block.LayerCall;
import dev.heed.model.block.Residual;
import dev.heed.model.block.TransformerLayer;
import dev.heed.model.block.TransformerStack;
import dev.heed.nn.Activation;
import dev.heed.nn.Dropout;
import dev.heed.nn.Embedding;
import dev.heed.nn.FeedForward;
import dev.heed.nn.LayerNorm;
import dev.heed.nn.Linear;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.ShapeException;
import dev.heed.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * BERT's layers with attention to an image between self-attention and the feed-forward network: an
 * encoder if all tokens see each other, a decoder if each sees those before it (Li et al. 2022,
 * section 3.1).
 */
final class BlipText extends Module {
  private final BertConfig config;
  private final Embedding words;
  private final Embedding positions;
  private final LayerNorm norm;
  private final Dropout dropout;
  private final TransformerStack beside;
  private final TransformerStack alone;

  /**
   * At its path.
   *
   * @param memory size of the states that cross-attention reads
   * @param names what the output's series begin with
   */
  BlipText(Weights weights, BertConfig config, int memory, String names) {
    super(weights);
    Weights embeddings = weights.child("embeddings");
    long size = config.hiddenSize();
    this.config = config;
    this.words =
        new Embedding(
            embeddings.child("word_embeddings"), config.vocabSize(), size, config.paddingRow());
    this.positions =
        new Embedding(
            embeddings.child("position_embeddings"), config.maxPositionEmbeddings(), size, -1);
    // Old files keep the positions' numbers.
    embeddings.ignore("position_ids");
    this.norm = new LayerNorm(embeddings.child("LayerNorm"), size, config.layerNormEps());
    this.dropout = new Dropout(config.hiddenDropoutProb());
    List<TransformerLayer> crossing = new ArrayList<>();
    List<TransformerLayer> reading = new ArrayList<>();
    for (int i = 0; i < config.numHiddenLayers(); i++) {
      Weights layer = weights.child("encoder.layer", i);
      Residual self =
          block(layer, "attention", LayerBody.self(attention(layer, "attention", size)));
      Residual cross =
          block(
              layer, "crossattention", LayerBody.cross(attention(layer, "crossattention", memory)));
      Residual each = feedForward(layer);
      crossing.add(new TransformerLayer(layer, self, cross, each));
      reading.add(new TransformerLayer(layer, self, each));
    }
    this.beside = TransformerStack.of(crossing).named(names);
    this.alone = TransformerStack.of(reading).named(names);
  }

  /** The token table. */
  Tensor table() {
    return words.weight();
  }

  /**
   * Reads tokens.
   *
   * @param ids i64 {@code [B, T]}
   * @param places their positions, i64 {@code [T]} or {@code [B, T]}
   * @param self which of the tokens they see
   * @param memory what cross-attention reads, or null for layers without it
   * @return {@code [B, T, H]}
   */
  Tensor apply(Run run, Tensor ids, Tensor places, AttentionRequest self, @Nullable Memory memory) {
    if (places.elements() > 0 && places.max().itemLong() >= config.maxPositionEmbeddings()) {
      throw new ShapeException(
          "text: expected at most "
              + config.maxPositionEmbeddings()
              + " tokens, got "
              + (places.max().itemLong() + 1)
              + "; cut it first");
    }
    Tensor sum = words.apply(ids).add(positions.apply(places));
    Tensor embedded = dropout.apply(norm.apply(sum), run.trace());
    if (memory == null) {
      return alone.apply(embedded, run, layer -> new LayerCall(self));
    }
    AttentionRequest cross = run.request(memory.mask());
    return beside.apply(embedded, run, layer -> new LayerCall(self, memory.states(), cross));
  }

  private MultiHeadAttention attention(Weights layer, String name, long keys) {
    long size = config.hiddenSize();
    Weights self = layer.child(name).child("self");
    return new MultiHeadAttention(
        self,
        new HeadProjections.Separate(
            Linear.of(self.child("query"), size, size),
            Linear.of(self.child("key"), keys, size),
            Linear.of(self.child("value"), keys, size),
            Linear.of(layer.child(name).child("output.dense"), size, size)),
        config.numAttentionHeads(),
        List.of(),
        ScaledDotProduct.dropping(config.attentionProbsDropoutProb()));
  }

  private Residual block(Weights layer, String name, LayerBody body) {
    return Residual.post(
        new LayerNorm(
            layer.child(name).child("output.LayerNorm"),
            config.hiddenSize(),
            config.layerNormEps()),
        body,
        dropout);
  }

  private Residual feedForward(Weights layer) {
    int size = config.hiddenSize();
    FeedForward network =
        new FeedForward(
            layer,
            Linear.of(layer.child("intermediate.dense"), size, config.intermediateSize()),
            Linear.of(layer.child("output.dense"), config.intermediateSize(), size),
            Activation.named(config.hiddenAct()),
            new Dropout(0));
    return Residual.post(
        new LayerNorm(layer.child("output.LayerNorm"), size, config.layerNormEps()),
        LayerBody.each(network::apply),
        dropout);
  }
}
