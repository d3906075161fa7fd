package dev.heed.attention.statespace;

import dev.heed.tensor.ShapeException;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import org.jspecify.annotations.Nullable;

/**
 * The state space of Mamba, whose step and matrices depend on the token.
 *
 * <p>{@code h[t] = exp(Δ[t] A) h[t−1] + Δ[t] B[t] u[t], y[t] = C[t]·h[t] + D u[t]}, gated by {@code
 * silu(z)} (Gu and Dao 2023, "Mamba", algorithm 2). All states are computed at once by a parallel
 * scan; given the state of an earlier call the scan goes on from there, so that a call with one
 * token is the recurrent form.
 *
 * @param a real {@code [D, N]}, negative
 * @param skip D of the formula, {@code [D]}, or null for none
 * @param stepBias added to Δ before the softplus, {@code [D]}, or null for none
 * @param softplus whether Δ passes a softplus
 */
public record SelectiveScan(
    Tensor a, @Nullable Tensor skip, @Nullable Tensor stepBias, boolean softplus) {

  /**
   * What a scan gives.
   *
   * @param output {@code [B, D, L]}
   * @param state after the last token, {@code [B, D, N]}
   */
  public record Result(Tensor output, Tensor state) {}

  /**
   * Scans a sequence.
   *
   * @param u {@code [B, D, L]}
   * @param step Δ, {@code [B, D, L]}
   * @param b {@code [D, N]} for all tokens alike, {@code [B, N, L]} for all channels alike, or
   *     {@code [B, G, N, L]} for G groups of neighbouring channels
   * @param c as {@code b}
   * @param gate z, {@code [B, D, L]}, or null for none
   * @param state after the tokens before, {@code [B, D, N]}, or null at the beginning
   * @throws ShapeException if b or c has none of these ranks or G does not divide D
   */
  public Result apply(
      Tensor u, Tensor step, Tensor b, Tensor c, @Nullable Tensor gate, @Nullable Tensor state) {
    return TensorScope.run(() -> {
      Tensor dt = stepBias == null ? step : step.add(stepBias.unsqueeze(-1));
      dt = softplus ? dt.softplus() : dt;
      Tensor decay = dt.unsqueeze(2).mul(a.unsqueeze(-1)).exp(); // [B, D, N, L]
      Tensor drive = dt.mul(u).unsqueeze(2).mul(perChannel(b));
      Tensor states = LinearScan.apply(decay, drive, state);
      Tensor y = states.mul(perChannel(c)).sum(2, false);
      y = skip == null ? y : y.add(u.mul(skip.unsqueeze(-1)));
      y = gate == null ? y : y.mul(gate.silu());
      return new Result(y, states.select(-1, u.size(-1) - 1).copy());
    });
  }

  /** Broadcasts B or C over {@code [B, D, N, L]}. */
  private Tensor perChannel(Tensor matrix) {
    long channels = a.size(0);
    switch (matrix.rank()) {
      case 2:
        return matrix.unsqueeze(-1);
      case 3:
        return matrix.unsqueeze(1);
      case 4:
        long groups = matrix.size(1);
        if (groups > 0 && channels % groups == 0) {
          return matrix.repeatInterleave(channels / groups, 1);
        }
        throw new ShapeException(
            "selective scan: expected groups that divide the "
                + channels
                + " channels, got "
                + matrix.describe()
                + "; its second size is the number of groups");
      default:
        throw new ShapeException(
            "selective scan: expected B and C as [D, N], [B, N, L] or [B, G, N, L], got "
                + matrix.describe());
    }
  }
}
