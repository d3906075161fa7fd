package dev.heed.attention.position;

import dev.heed.nn.Dropout;
import dev.heed.nn.Linear;
import dev.heed.nn.Trace;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Relative positions by sinusoids r of the distance: scores {@code (q_i + u) · k_j + (q_i + v) ·
 * W·r[i - j]} (Dai et al. 2019, "Transformer-XL", section 3.3; Yang et al. 2019, "XLNet"; Gulati et
 * al. 2020, "Conformer", section 2.1). The last query stands beside the last key.
 *
 * @param map W, from sinusoids to heads side by side
 * @param size of a sinusoid
 * @param contentBias u {@code [H, D]}
 * @param positionBias v {@code [H, D]}
 * @param distances r
 */
public record RelativeSinusoids(
    UnaryOperator<Tensor> map,
    long size,
    Tensor contentBias,
    Tensor positionBias,
    Distances distances) {
  /** The sinusoids of positions. */
  @FunctionalInterface
  public interface Sinusoids {
    /**
     * Computes them.
     *
     * @param positions i64 {@code [n]}
     * @param size of a row
     * @return {@code [n, size]}
     */
    Tensor at(Tensor positions, long size, DType dtype);
  }

  /**
   * What stands for a distance.
   *
   * @param sinusoids of distances
   * @param farthest distances beyond it, to either side, count as it
   * @param mirrored whether distances have the other sign, as in a text that is read backwards
   * @param dropout of the sinusoids while training
   */
  public record Distances(Sinusoids sinusoids, long farthest, boolean mirrored, Dropout dropout) {
    /** As Transformer-XL has them: all sines, then all cosines. */
    public static final Distances TRANSFORMER_XL =
        new Distances(SinusoidalPositions.MARIAN::at, Integer.MAX_VALUE, false, new Dropout(0));

    /** As Conformer has them: sines and cosines in turn. */
    public static final Distances CONFORMER =
        new Distances(SinusoidalPositions.PAPER::at, Integer.MAX_VALUE, false, new Dropout(0));

    /**
     * Transformer-XL's with frequencies that a checkpoint stores.
     *
     * @param frequencies {@code [size / 2]}
     */
    public static Distances of(Tensor frequencies) {
      return TRANSFORMER_XL.by((positions, size, dtype) -> {
        Tensor angles = positions.to(DType.F64).unsqueeze(-1).mul(frequencies.to(DType.F64));
        return Tensor.cat(List.of(angles.sin(), angles.cos()), -1).to(dtype);
      });
    }

    private Distances by(Sinusoids other) {
      return new Distances(other, farthest, mirrored, dropout);
    }

    /** The same up to a distance, which farther ones count as; dropped at random in training. */
    public Distances within(long other, Dropout dropping) {
      return new Distances(sinusoids, other, mirrored, dropping);
    }

    /** The same for a text that is read backwards. */
    public Distances backwards() {
      return new Distances(sinusoids, farthest, !mirrored, dropout);
    }

    /**
     * The sinusoids of the distances {@code 1 - keys … keys - 1}.
     *
     * @return {@code [2·keys - 1, size]}
     */
    public Tensor rows(long keys, long size, DType dtype) {
      return TensorScope.run(() -> {
        Tensor distance = Tensor.arange(2 * keys - 1, DType.I64).add(1 - keys);
        Tensor near = distance.clamp(-farthest, farthest);
        return sinusoids.at(mirrored ? near.neg() : near, size, dtype);
      });
    }
  }

  /** By a linear map. */
  public RelativeSinusoids(
      Linear map, Tensor contentBias, Tensor positionBias, Distances distances) {
    this(map::apply, map.in(), contentBias, positionBias, distances);
  }

  /** The same for a text that is read backwards. */
  public RelativeSinusoids backwards() {
    return new RelativeSinusoids(map, size, contentBias, positionBias, distances.backwards());
  }

  /**
   * What is added to {@code q · k} before scores are scaled.
   *
   * @param q {@code [B, H, Tq, D]}
   * @param k {@code [B, H, Tk, D]}
   * @param trace the run's, whose dropout the sinusoids take
   * @return {@code [B, H, Tq, Tk]}
   */
  public Tensor scores(Tensor q, Tensor k, Trace trace) {
    long keys = k.size(2);
    return TensorScope.run(() -> {
      Tensor rows = distances.dropout().apply(distances.rows(keys, size, q.dtype()), trace);
      Tensor mapped = map.apply(rows).unflatten(-1, q.size(1), q.size(3)).transpose(0, 1);
      Tensor byDistance = q.add(positionBias.unsqueeze(1)).matmul(mapped.transpose(-1, -2));
      // Row 0 of the sinusoids is the key that is farthest ahead.
      Tensor row = RelativeDistance.of(q.size(2), keys).neg().add(keys - 1);
      Tensor ofKeys = contentBias.unsqueeze(1).matmul(k.transpose(-1, -2)); // [B, H, 1, Tk]
      return RelativeDistance.pick(byDistance, row).add(ofKeys);
    });
  }
}
