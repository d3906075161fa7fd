package dev.heed.model.conformer;

import dev.heed.attention.AttentionMechanism;
import dev.heed.attention.HeadProjections;
import dev.heed.attention.MultiHeadAttention;
import dev.heed.attention.RelativeAttention;
import dev.heed.attention.ScaledDotProduct;
import dev.heed.attention.SequenceMixer;
import dev.heed.attention.position.ClippedKeyPositions;
import dev.heed.attention.position.PairLayout;
import dev.heed.attention.position.RelativeSinusoids;
import dev.heed.attention.position.RotaryPositions;
import dev.heed.model.block.Branch;
import dev.heed.model.block.LayerBody;
import dev.heed.model.block.Residual;
import dev.heed.model.block.TransformerLayer;
import dev.heed.model.block.TransformerStack;
import dev.heed.nn.Activation;
import dev.heed.nn.Dropout;
import dev.heed.nn.FeedForward;
import dev.heed.nn.Initializer;
import dev.heed.nn.LayerNorm;
import dev.heed.nn.Linear;
import dev.heed.nn.Norm;
import dev.heed.nn.Weights;
import java.util.List;

/**
 * A Conformer's layers (Gulati et al. 2020, section 2): half of a feed-forward part, attention, a
 * convolution, the other half.
 *
 * @param config sizes
 * @param kind of the convolution
 */
record ConformerLayers(ConformerConfig config, ConformerConvolution.Kind kind) {
  /** All of them below {@code encoder}. */
  List<TransformerLayer> layers(Weights weights) {
    return TransformerStack.layers(weights.child("encoder"), config.numHiddenLayers(), this::layer);
  }

  private TransformerLayer layer(Weights weights) {
    LayerBody first = half(feedForward(weights.child("ffn1"), config.hiddenAct()));
    LayerBody second = half(feedForward(weights.child("ffn2"), config.hiddenAct()));
    Dropout attends = new Dropout(config.attentionDropout());
    Dropout convolves = new Dropout(config.conformerConvDropout());
    LayerBody convolution =
        LayerBody.stateful(new ConformerConvolution(weights.child("conv_module"), config, kind));
    return new TransformerLayer(
        weights,
        Residual.pre(norm(weights.child("ffn1_layer_norm")), first, hidden()),
        Residual.pre(
            norm(weights.child("self_attn_layer_norm")),
            LayerBody.self(mixer(weights.child("self_attn"))),
            attends),
        Residual.pre(Norm.NONE, convolution, convolves),
        new Residual(
            List.of(
                new Branch(norm(weights.child("ffn2_layer_norm")), second, hidden(), Norm.NONE)),
            norm(weights.child("final_layer_norm"))));
  }

  private Dropout hidden() {
    return new Dropout(config.hiddenDropout());
  }

  private LayerNorm norm(Weights weights) {
    return new LayerNorm(weights, config.hiddenSize(), config.layerNormEps());
  }

  private static LayerBody half(FeedForward network) {
    return LayerBody.each((x, trace) -> network.apply(x, trace).mul(0.5));
  }

  /** Maps {@code intermediate_dense} and {@code output_dense}. */
  FeedForward feedForward(Weights weights, String activation) {
    return feedForward(weights, activation, config.hiddenSize());
  }

  /** The same for states of another size. */
  FeedForward feedForward(Weights weights, String activation, int size) {
    int inner = config.intermediateSize();
    return new FeedForward(
        weights,
        Linear.of(weights.child("intermediate_dense"), size, inner),
        Linear.of(weights.child("output_dense"), inner, size),
        Activation.named(activation),
        new Dropout(config.activationDropout()));
  }

  private SequenceMixer mixer(Weights weights) {
    int size = config.hiddenSize();
    int heads = config.numAttentionHeads();
    Dropout dropout = new Dropout(config.attentionDropout());
    return switch (config.positionEmbeddingsType()) {
      case "rotary" ->
          new TurnedAttention(
              attention(weights, size, plain(dropout)),
              new RotaryPositions(
                  PairLayout.HALF_SPLIT, size / heads, config.rotaryEmbeddingBase()));
      case "relative" ->
          attention(weights, size, RelativeAttention.of(sinusoids(weights), Double.NaN, dropout));
      case "relative_key" ->
          attention(weights, size, RelativeAttention.of(vectors(weights), Double.NaN, dropout));
      case null, default -> attention(weights, size, plain(dropout));
    };
  }

  private static AttentionMechanism plain(Dropout dropout) {
    return new ScaledDotProduct(Double.NaN, dropout);
  }

  private RelativeSinusoids sinusoids(Weights weights) {
    int size = config.hiddenSize();
    int heads = config.numAttentionHeads();
    return new RelativeSinusoids(
        Linear.of(weights.child("linear_pos"), size, size, false),
        weights.parameter("pos_bias_u", Initializer.ZEROS, heads, size / heads),
        weights.parameter("pos_bias_v", Initializer.ZEROS, heads, size / heads),
        RelativeSinusoids.Distances.CONFORMER);
  }

  private ClippedKeyPositions vectors(Weights weights) {
    int left = config.leftMaxPositionEmbeddings();
    int right = config.rightMaxPositionEmbeddings();
    return new ClippedKeyPositions(
        weights
            .child("distance_embedding")
            .parameter(
                "weight",
                Initializer.normal(1),
                left + right + 1L,
                config.hiddenSize() / config.numAttentionHeads()),
        left,
        right);
  }

  /** Without positions. */
  MultiHeadAttention attention(Weights weights, int size) {
    return attention(weights, size, plain(new Dropout(config.attentionDropout())));
  }

  private MultiHeadAttention attention(Weights weights, int size, AttentionMechanism mechanism) {
    return new MultiHeadAttention(
        weights,
        new HeadProjections.Separate(
            Linear.of(weights.child("linear_q"), size, size),
            Linear.of(weights.child("linear_k"), size, size),
            Linear.of(weights.child("linear_v"), size, size),
            Linear.of(weights.child("linear_out"), size, size)),
        config.numAttentionHeads(),
        List.of(),
        mechanism);
  }
}
