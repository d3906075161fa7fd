package dev.heed.model.detr;

import dev.heed.attention.AttentionOutput;
import dev.heed.attention.AttentionRequest;
import dev.heed.attention.HeadProjections;
import dev.heed.attention.MultiHeadAttention;
import dev.heed.attention.ScaledDotProduct;
import dev.heed.nn.Activation;
import dev.heed.nn.Dropout;
import dev.heed.nn.FeedForward;
import dev.heed.nn.LayerNorm;
import dev.heed.nn.Linear;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A layer whose queries and keys, but not its values, are moved by where they stand; norms after
 * each sum.
 */
final class PlacedLayer extends Module {
  private static final double EPSILON = 1e-5;

  private final MultiHeadAttention self;
  private final LayerNorm selfNorm;
  private final @Nullable MultiHeadAttention cross;
  private final @Nullable LayerNorm crossNorm;
  private final FeedForward feedForward;
  private final LayerNorm last;
  private final Dropout dropout;

  PlacedLayer(Weights weights, DetrConfig config, boolean decoder) {
    super(weights);
    long size = config.dModel();
    int heads = decoder ? config.decoderAttentionHeads() : config.encoderAttentionHeads();
    long inner = decoder ? config.decoderFfnDim() : config.encoderFfnDim();
    self = attention(weights.child("self_attn"), config, heads);
    selfNorm = new LayerNorm(weights.child("self_attn_layer_norm"), size, EPSILON);
    cross = decoder ? attention(weights.child("encoder_attn"), config, heads) : null;
    crossNorm =
        decoder ? new LayerNorm(weights.child("encoder_attn_layer_norm"), size, EPSILON) : null;
    feedForward =
        new FeedForward(
            weights,
            Linear.of(weights.child("fc1"), size, inner),
            Linear.of(weights.child("fc2"), inner, size),
            Activation.named(config.activationFunction()),
            new Dropout(config.activationDropout()));
    last = new LayerNorm(weights.child("final_layer_norm"), size, EPSILON);
    dropout = new Dropout(config.dropout());
  }

  private static MultiHeadAttention attention(Weights weights, DetrConfig config, int heads) {
    return new MultiHeadAttention(
        weights,
        HeadProjections.of(weights, config.dModel()),
        heads,
        List.of(),
        ScaledDotProduct.dropping(config.attentionDropout()));
  }

  /**
   * What a layer gives.
   *
   * @param states {@code [B, T, H]}
   * @param self weights, if asked for
   * @param cross weights, if asked for and there is a memory
   */
  record Seen(Tensor states, @Nullable Tensor self, @Nullable Tensor cross) {}

  /**
   * What a decoder's layer reads besides its own states.
   *
   * @param states the encoder's, {@code [B, cells, H]}
   * @param places where they stand
   * @param request for attention to them
   */
  record Cells(Tensor states, Tensor places, AttentionRequest request) {}

  /**
   * Applies the layer.
   *
   * @param places where the states stand, {@code [B or 1, T, H]}
   * @param cells what a decoder's layer reads, or null
   */
  Seen apply(Tensor x, Tensor places, AttentionRequest request, @Nullable Cells cells) {
    Tensor placed = x.add(places);
    AttentionOutput own = self.apply(placed, placed, x, request);
    Tensor states = selfNorm.apply(x.add(dropout.apply(own.output(), request.trace())));
    Tensor seen = null;
    if (cross != null && crossNorm != null && cells != null) {
      AttentionOutput read =
          cross.apply(
              states.add(places),
              cells.states().add(cells.places()),
              cells.states(),
              cells.request());
      seen = read.weights();
      states = crossNorm.apply(states.add(dropout.apply(read.output(), request.trace())));
    }
    Tensor fed = feedForward.apply(states, request.trace());
    Tensor after = last.apply(states.add(dropout.apply(fed, request.trace())));
    return new Seen(after, own.weights(), seen);
  }
}
