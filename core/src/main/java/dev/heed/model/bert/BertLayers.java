package dev.heed.model.bert;

import dev.heed.attention.AttentionMechanism;
import dev.heed.attention.HeadChange;
import dev.heed.attention.HeadProjections;
import dev.heed.attention.MultiHeadAttention;
import dev.heed.attention.RelativeAttention;
import dev.heed.attention.ScaledDotProduct;
import dev.heed.attention.SequenceMixer;
import dev.heed.attention.position.RelativeKeyPositions;
import dev.heed.model.bert.BertConfig.Positions;
import dev.heed.model.block.LayerBody;
import dev.heed.model.block.NormPlacement;
import dev.heed.model.block.Residual;
import dev.heed.model.block.TransformerLayer;
import dev.heed.nn.Activation;
import dev.heed.nn.Dropout;
import dev.heed.nn.FeedForward;
import dev.heed.nn.Initializer;
import dev.heed.nn.LayerNorm;
import dev.heed.nn.Linear;
import dev.heed.nn.Norm;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * How BERT's layers and those of its relatives are made: self-attention and a feed-forward network,
 * each normalised after it is added, or before.
 *
 * @param config sizes and choices
 * @param names what the parts are called
 * @param placement where the blocks normalise
 * @param changes of queries, keys and values
 * @param mechanism how queries read keys, built at attention's path
 */
public record BertLayers(
    BertConfig config,
    BertNames names,
    NormPlacement placement,
    List<HeadChange> changes,
    Function<Weights, AttentionMechanism> mechanism) {
  /** BERT's own. */
  public static BertLayers of(BertConfig config) {
    return new BertLayers(
        config,
        BertNames.BERT,
        NormPlacement.POST,
        List.of(),
        weights -> mechanism(weights, config));
  }

  /** The same under other names. */
  public BertLayers named(BertNames other) {
    return new BertLayers(config, other, placement, changes, mechanism);
  }

  /** The same normalised before each block. */
  public BertLayers normedBefore() {
    return new BertLayers(config, names, NormPlacement.PRE, changes, mechanism);
  }

  /** The same with queries and keys changed. */
  public BertLayers with(HeadChange change) {
    return new BertLayers(config, names, placement, List.of(change), mechanism);
  }

  /** The same with keys read in another way. */
  public BertLayers reading(Function<Weights, AttentionMechanism> other) {
    return new BertLayers(config, names, placement, changes, other);
  }

  /** All layers, {@code layer.0}, {@code layer.1} … below a path. */
  public List<TransformerLayer> below(Weights weights) {
    return IntStream.range(0, config.numHiddenLayers())
        .mapToObj(i -> layer(weights.child("layer", i)))
        .toList();
  }

  /** One layer. */
  public TransformerLayer layer(Weights weights) {
    return layer(weights, attention(weights));
  }

  /**
   * One layer around attention of another kind.
   *
   * @param more blocks after the feed-forward network's
   */
  public TransformerLayer layer(Weights weights, SequenceMixer attention, Residual... more) {
    int size = config.hiddenSize();
    int inner = config.intermediateSize();
    FeedForward feedForward =
        new FeedForward(
            weights,
            Linear.of(weights.child(names.inner()), size, inner),
            Linear.of(weights.child(names.outer()), inner, size),
            Activation.named(config.hiddenAct()),
            new Dropout(0));
    List<Residual> blocks = new ArrayList<>();
    blocks.add(block(weights.child(names.attentionNorm()), LayerBody.self(attention)));
    blocks.add(block(weights.child(names.outputNorm()), LayerBody.each(feedForward::apply)));
    blocks.addAll(List.of(more));
    return new TransformerLayer(weights, blocks.toArray(Residual[]::new));
  }

  private Residual block(Weights weights, LayerBody body) {
    Norm norm = new LayerNorm(weights, config.hiddenSize(), config.layerNormEps());
    Dropout dropout = new Dropout(config.hiddenDropoutProb());
    return placement.around(norm, body, dropout);
  }

  private MultiHeadAttention attention(Weights weights) {
    int size = config.hiddenSize();
    Weights self = weights.child(names.attention());
    return new MultiHeadAttention(
        self,
        new HeadProjections.Separate(
            Linear.of(weights.child(names.query()), size, size),
            Linear.of(weights.child(names.key()), size, size),
            Linear.of(weights.child(names.value()), size, size),
            Linear.of(weights.child(names.output()), size, size)),
        config.numAttentionHeads(),
        changes,
        mechanism.apply(self));
  }

  private static AttentionMechanism mechanism(Weights weights, BertConfig config) {
    Dropout dropout = new Dropout(config.attentionProbsDropoutProb());
    Positions positions = config.positionEmbeddingType();
    if (positions == Positions.ABSOLUTE) {
      return new ScaledDotProduct(Double.NaN, dropout);
    }
    Tensor table =
        weights
            .child("distance_embedding")
            .parameter(
                "weight",
                Initializer.normal(0.02),
                2L * config.maxPositionEmbeddings() - 1,
                config.headSize());
    return RelativeAttention.of(
        new RelativeKeyPositions(table, positions == Positions.RELATIVE_KEY_QUERY),
        Double.NaN,
        dropout);
  }
}
