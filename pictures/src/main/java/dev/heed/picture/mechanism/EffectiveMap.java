package dev.heed.picture.mechanism;

import dev.heed.attention.AttentionMechanism;
import dev.heed.attention.AttentionRequest;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * The map that a mechanism amounts to, read off the mechanism itself.
 *
 * <p>Whatever is linear in its values, {@code y_i = Σ_j M[i, j] v_j}, shows M when the values are
 * one-hot: {@code v_j = e_j} gives {@code y_i = M[i, ·]}, exactly, whether or not M is ever written
 * down inside. What is not linear still has derivatives: {@link #influence}.
 */
public final class EffectiveMap {
  private static final double STEP = 1e-5;

  private EffectiveMap() {}

  /**
   * The map of a mechanism for given queries and keys.
   *
   * @param q {@code [B, H, Tq, D]}
   * @param k {@code [B, Hkv, Tk, D]}
   * @return {@code [B, H, Tq, Tk]}: a softmax's weights if the mechanism takes one; else what the
   *     output takes from each value, whose rows need not sum to one
   */
  public static Tensor of(
      AttentionMechanism mechanism, Tensor q, Tensor k, AttentionRequest request) {
    return TensorScope.run(() -> {
      Tensor oneHot =
          Tensor.eye(k.size(2), k.dtype()).expand(k.size(0), k.size(1), -1, -1).contiguous();
      return mechanism.apply(q, k, oneHot, request).output();
    });
  }

  /**
   * The map of a mixer of one value a step, whose response to an impulse at each step is asked for.
   *
   * @param response from inputs {@code [steps, steps]}, one sequence a row, to outputs of the same
   *     shape
   * @return {@code [steps, steps]}
   */
  public static Tensor ofImpulses(int steps, UnaryOperator<Tensor> response) {
    return TensorScope.run(
        () -> response.apply(Tensor.eye(steps, dev.heed.tensor.DType.F64)).transpose(0, 1));
  }

  /**
   * How strongly each output moves with each input: {@code I[i, j] = ‖∂y_i / ∂x_j‖_F}, by central
   * differences. For mixers that are not linear in their input; holds near {@code x} only.
   *
   * @param mixer from {@code [B, T, in]} to {@code [B, T, out]}, sequences of a batch apart
   * @param x f64 {@code [1, T, in]}
   * @return {@code [T, T]}
   */
  public static Tensor influence(UnaryOperator<Tensor> mixer, Tensor x) {
    return TensorScope.run(() -> {
      long steps = x.size(1);
      long size = x.size(2);
      List<Tensor> columns = new ArrayList<>();
      for (long step = 0; step < steps; step++) {
        Tensor moves = Tensor.eye(steps * size, x.dtype()).narrow(0, step * size, size);
        Tensor change = moves.reshape(size, steps, size).mul(STEP);
        Tensor difference = mixer.apply(x.add(change)).sub(mixer.apply(x.sub(change)));
        columns.add(difference.div(2 * STEP).square().sum(-1, false).sum(0, false).sqrt());
      }
      return Tensor.stack(columns, 1);
    });
  }
}
