package dev.heed.attention;

import dev.heed.nn.Dropout;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Self-attention, attention to an encoder's output, then a feed-forward network, each in a residual
 * block (Vaswani et al. 2017, section 3.1).
 */
public final class DecoderLayer extends Module {
  /**
   * The parts, built under the names the checkpoint gives them.
   *
   * @param self self-attention or a peer
   * @param cross attention to the encoder's output
   */
  public record Parts(
      SequenceMixer self,
      UnaryOperator<Tensor> selfNorm,
      MultiHeadAttention cross,
      UnaryOperator<Tensor> crossNorm,
      Sublayer feedForward,
      UnaryOperator<Tensor> feedForwardNorm) {}

  /**
   * What a decoder layer gives.
   *
   * @param output {@code [B, T, size]}
   * @param selfWeights of the self-attention, if asked for
   * @param crossWeights of the attention to the encoder's output, if asked for
   */
  public record Decoded(
      Tensor output, @Nullable Tensor selfWeights, @Nullable Tensor crossWeights) {}

  private final Parts parts;
  private final NormPlacement placement;
  private final Dropout dropout;

  /**
   * A layer.
   *
   * @param dropout of each sublayer's result while training
   */
  public DecoderLayer(Weights weights, Parts parts, NormPlacement placement, Dropout dropout) {
    super(weights);
    this.parts = parts;
    this.placement = placement;
    this.dropout = dropout;
  }

  /**
   * Decodes.
   *
   * @param x {@code [B, Tq, size]}
   * @param memory the encoder's output {@code [B, Tk, size]}
   * @param self for the self-attention; its mask is usually causal
   * @param cross for the attention to the memory; its mask is usually the memory's padding
   */
  public Decoded apply(Tensor x, Tensor memory, AttentionRequest self, AttentionRequest cross) {
    return TensorScope.run(() -> {
      AttentionOutput[] seen = new AttentionOutput[2];
      Tensor afterSelf =
          placement.residual(
              x,
              parts.selfNorm(),
              y -> {
                seen[0] = parts.self().apply(y, self);
                return dropout.apply(seen[0].output(), self.trace());
              });
      Tensor afterCross =
          placement.residual(
              afterSelf,
              parts.crossNorm(),
              y -> {
                seen[1] = parts.cross().apply(y, memory, memory, cross);
                return dropout.apply(seen[1].output(), cross.trace());
              });
      Tensor output =
          placement.residual(
              afterCross,
              parts.feedForwardNorm(),
              y -> dropout.apply(parts.feedForward().apply(y, self.trace()), self.trace()));
      return new Decoded(output, seen[0].weights(), seen[1].weights());
    });
  }
}
