package dev.heed.mixer.statespace;

import dev.heed.tensor.Recomputed;
import dev.heed.tensor.Shape;
import dev.heed.tensor.ShapeException;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The state space of Mamba, whose step and matrices depend on the token.
 *
 * <p>{@code h[t] = exp(Δ[t] A) h[t−1] + Δ[t] B[t] u[t], y[t] = C[t]·h[t] + D u[t]}, gated by {@code
 * silu(z)} (Gu and Dao 2023, "Mamba", algorithm 2). The states of a stretch of tokens are computed
 * at once by a parallel scan, stretch after stretch; they are not kept but computed again for the
 * gradients, so that memory does not grow by N for each token (section 3.3.2). Given the state of
 * an earlier call the scan goes on from there: a call with one token is the recurrent form.
 *
 * @param a real {@code [D, N]}, negative
 * @param skip D of the formula, {@code [D]}, or null for none
 * @param stepBias added to Δ before the softplus, {@code [D]}, or null for none
 * @param softplus whether Δ passes a softplus
 */
public record SelectiveScan(
    Tensor a, @Nullable Tensor skip, @Nullable Tensor stepBias, boolean softplus) {
  /** Tokens scanned at once: so many that their states stay in the processor's cache. */
  static final long STRETCH = 256;

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
      List<Tensor> outputs = new ArrayList<>();
      Tensor last = state == null ? start(u) : state;
      int stretches = Math.toIntExact(Math.ceilDiv(u.size(-1), STRETCH));
      List<Tensor> us = u.pieces(STRETCH, -1);
      List<Tensor> steps = dt.pieces(STRETCH, -1);
      List<Tensor> bs = pieces(b, stretches);
      List<Tensor> cs = pieces(c, stretches);
      for (int i = 0; i < stretches; i++) {
        List<Tensor> inputs = List.of(us.get(i), steps.get(i), a, bs.get(i), cs.get(i), last);
        // A single stretch may keep its states.
        Tensor both =
            stretches == 1
                ? scanStretch(inputs)
                : Recomputed.apply(inputs, SelectiveScan::scanStretch);
        outputs.add(both.narrow(-1, 0, us.get(i).size(-1)));
        last = both.narrow(-1, us.get(i).size(-1), a.size(1));
      }
      Tensor y = Tensor.cat(outputs, -1);
      y = skip == null ? y : y.add(u.mul(skip.unsqueeze(-1)));
      y = gate == null ? y : y.mul(gate.silu());
      return new Result(y, last.copy());
    });
  }

  private Tensor start(Tensor u) {
    return Tensor.zeros(Shape.of(u.size(0), a.size(0), a.size(1)), u.dtype());
  }

  /** B or C of each stretch. */
  private static List<Tensor> pieces(Tensor matrix, int stretches) {
    return matrix.rank() == 2 ? Collections.nCopies(stretches, matrix) : matrix.pieces(STRETCH, -1);
  }

  /**
   * The outputs {@code [B, D, L]} of one stretch, and behind them its last state {@code [B, D, N]}.
   *
   * @param inputs u, Δ, A, B, C and the state before
   */
  private static Tensor scanStretch(List<Tensor> inputs) {
    return TensorScope.run(() -> {
      Tensor u = inputs.get(0);
      Tensor dt = inputs.get(1);
      Tensor a = inputs.get(2);
      Tensor decay = dt.unsqueeze(2).mul(a.unsqueeze(-1)).exp(); // [B, D, N, L]
      Tensor drive = dt.mul(u).unsqueeze(2).mul(perChannel(inputs.get(3), a.size(0)));
      Tensor states = LinearScan.apply(decay, drive, inputs.get(5));
      Tensor y = states.mul(perChannel(inputs.get(4), a.size(0))).sum(2, false);
      return Tensor.cat(List.of(y, states.select(-1, u.size(-1) - 1)), -1);
    });
  }

  /** Broadcasts B or C over {@code [B, D, N, L]}. */
  private static Tensor perChannel(Tensor matrix, long channels) {
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
