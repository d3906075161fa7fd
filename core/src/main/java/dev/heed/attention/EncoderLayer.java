package dev.heed.attention;

import dev.heed.nn.Dropout;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.function.UnaryOperator;

/**
 * A sequence mixer, then a feed-forward network, each in a residual block (Vaswani et al. 2017,
 * section 3.1).
 *
 * <p>With a causal mask this is also the layer of a decoder without cross-attention. Trace points:
 * {@code resid_pre}, {@code resid_mid}, {@code resid_post}.
 */
public final class EncoderLayer extends Module {
  /**
   * The parts, built under the names the checkpoint gives them.
   *
   * @param mixer self-attention or a peer
   * @param mixerNorm for example {@code layerNorm::apply}
   * @param feedForward for example {@code feedForward::apply}
   * @param feedForwardNorm for example {@code layerNorm::apply}
   */
  public record Parts(
      SequenceMixer mixer,
      UnaryOperator<Tensor> mixerNorm,
      Sublayer feedForward,
      UnaryOperator<Tensor> feedForwardNorm) {}

  private final Parts parts;
  private final NormPlacement placement;
  private final Dropout dropout;

  /**
   * A layer.
   *
   * @param dropout of each sublayer's result while training
   */
  public EncoderLayer(Weights weights, Parts parts, NormPlacement placement, Dropout dropout) {
    super(weights);
    this.parts = parts;
    this.placement = placement;
    this.dropout = dropout;
  }

  /** Maps {@code [B, T, size]} to {@code [B, T, size]}, with the mixer's weights if asked for. */
  public AttentionOutput apply(Tensor x, AttentionRequest request) {
    return TensorScope.run(() -> {
      AttentionOutput[] mixed = new AttentionOutput[1];
      Tensor before = request.trace().visit(point("resid_pre"), x);
      Tensor between =
          placement.residual(
              before,
              parts.mixerNorm(),
              y -> {
                mixed[0] = parts.mixer().apply(y, request);
                return dropout.apply(mixed[0].output(), request.trace());
              });
      Tensor middle = request.trace().visit(point("resid_mid"), between);
      Tensor after =
          placement.residual(
              middle,
              parts.feedForwardNorm(),
              y -> dropout.apply(parts.feedForward().apply(y, request.trace()), request.trace()));
      return new AttentionOutput(
          request.trace().visit(point("resid_post"), after), mixed[0].weights());
    });
  }
}
