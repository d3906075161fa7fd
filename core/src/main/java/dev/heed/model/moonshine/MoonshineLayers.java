package dev.heed.model.moonshine;

import dev.heed.attention.HeadChange;
import dev.heed.attention.HeadProjections;
import dev.heed.attention.HeadSizes;
import dev.heed.attention.MultiHeadAttention;
import dev.heed.attention.ScaledDotProduct;
import dev.heed.attention.position.PairLayout;
import dev.heed.attention.position.RotaryPositions;
import dev.heed.model.RotaryConfig;
import dev.heed.model.block.LayerBody;
import dev.heed.model.block.Residual;
import dev.heed.model.block.TransformerLayer;
import dev.heed.nn.Activation;
import dev.heed.nn.Dropout;
import dev.heed.nn.FeedForward;
import dev.heed.nn.GatedFeedForward;
import dev.heed.nn.LayerNorm;
import dev.heed.nn.Linear;
import dev.heed.nn.Weights;
import java.util.List;
import java.util.Objects;

/**
 * The layers of both halves, with norms before each part that have no bias.
 *
 * @param config sizes
 * @param rotary how heads are turned
 */
record MoonshineLayers(MoonshineConfig config, RotaryConfig rotary) {
  private static final double EPSILON = 1e-5;
  private static final Dropout NONE = new Dropout(0);

  TransformerLayer encoder(Weights weights) {
    int heads = config.encoderNumAttentionHeads();
    int keyHeads = Objects.requireNonNullElse(config.encoderNumKeyValueHeads(), heads);
    return new TransformerLayer(
        weights,
        self(weights, heads, keyHeads),
        Residual.pre(
            norm(weights.child("post_attention_layernorm")),
            LayerBody.each(plain(weights.child("mlp"))::apply),
            NONE));
  }

  TransformerLayer decoder(Weights weights) {
    int heads = config.decoderNumAttentionHeads();
    int keyHeads = Objects.requireNonNullElse(config.decoderNumKeyValueHeads(), heads);
    MultiHeadAttention cross = attention(weights.child("encoder_attn"), heads, keyHeads, List.of());
    return new TransformerLayer(
        weights,
        self(weights, heads, keyHeads),
        Residual.pre(norm(weights.child("post_attention_layernorm")), LayerBody.cross(cross), NONE),
        Residual.pre(norm(weights.child("final_layernorm")), gated(weights.child("mlp")), NONE));
  }

  private Residual self(Weights weights, int heads, int keyHeads) {
    HeadChange turned = HeadChange.rotary(positions(config.headSize(heads)));
    return Residual.pre(
        norm(weights.child("input_layernorm")),
        LayerBody.self(attention(weights.child("self_attn"), heads, keyHeads, List.of(turned))),
        NONE);
  }

  /**
   * A part of each head is turned. Where that is an odd number of elements, the last of them takes
   * the next one along, at the angles of the odd number: {@code base^(-2i / part)}.
   */
  private RotaryPositions positions(long headSize) {
    long part = (long) (headSize * rotary.share());
    return part % 2 == 0
        ? new RotaryPositions(PairLayout.INTERLEAVED, part, rotary.base(), rotary.scaling())
        : new RotaryPositions(
            PairLayout.INTERLEAVED,
            part + 1,
            Math.pow(rotary.base(), (part + 1.0) / part),
            rotary.scaling());
  }

  private MultiHeadAttention attention(
      Weights weights, int heads, int keyHeads, List<HeadChange> changes) {
    HeadSizes sizes = new HeadSizes(config.hiddenSize(), heads, keyHeads, config.headSize(heads));
    return new MultiHeadAttention(
        weights,
        HeadProjections.grouped(weights, sizes, config.attentionBias(), false),
        heads,
        changes,
        ScaledDotProduct.dropping(config.attentionDropout()));
  }

  private FeedForward plain(Weights weights) {
    int size = config.hiddenSize();
    int inner = config.intermediateSize();
    return new FeedForward(
        weights,
        Linear.of(weights.child("fc1"), size, inner),
        Linear.of(weights.child("fc2"), inner, size),
        Activation.named(config.encoderHiddenAct()),
        NONE);
  }

  /** One map makes values, then the gates. */
  private LayerBody gated(Weights weights) {
    int size = config.hiddenSize();
    int inner = config.intermediateSize();
    GatedFeedForward network =
        GatedFeedForward.fusedLast(
            weights,
            Linear.of(weights.child("fc1"), size, 2L * inner),
            Linear.of(weights.child("fc2"), inner, size),
            Activation.named(config.decoderHiddenAct()),
            NONE);
    return LayerBody.each(network::apply);
  }

  LayerNorm norm(Weights weights) {
    return new LayerNorm(weights, config.hiddenSize(), EPSILON, false);
  }
}
