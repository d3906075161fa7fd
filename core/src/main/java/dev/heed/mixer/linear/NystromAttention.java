package dev.heed.mixer.linear;

import dev.heed.attention.AttentionMechanism;
import dev.heed.attention.AttentionOutput;
import dev.heed.attention.AttentionRequest;
import dev.heed.attention.ScaledDotProduct;
import dev.heed.attention.mask.KeyMask;
import dev.heed.tensor.Convolution;
import dev.heed.tensor.Convolution.Geometry;
import dev.heed.tensor.DType;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import org.jspecify.annotations.Nullable;

/**
 * The Nyströmformer's attention: {@code softmax(q k̃ᵀ/√D) · pinv(softmax(q̃ k̃ᵀ/√D)) · softmax(q̃
 * kᵀ/√D) · v}, where the landmarks {@code q̃}, {@code k̃} are means over m segments of the
 * sequence, plus a depthwise convolution of the values if asked for. O(n·m) time and memory.
 *
 * <p>The segments are as equal as can be and count no padding, so that padding changes nothing; a
 * sequence of m tokens or fewer has each of them as a landmark. The pseudo-inverse comes from
 * {@link #pseudoInverse}. Not causal: a landmark mixes its whole segment.
 *
 * <p>Source: Xiong et al., "Nyströmformer: a Nyström-based algorithm for approximating
 * self-attention", 2021, section 3 (arXiv 2102.03902).
 *
 * @param landmarks m, from 1; the paper uses 64
 * @param iterations towards the pseudo-inverse, from 1; the paper uses 6
 * @param skip the convolution's kernel {@code [H, 1, taps]}, taps odd, or null for none
 */
public record NystromAttention(int landmarks, int iterations, @Nullable Tensor skip)
    implements AttentionMechanism {
  /** Keeps 0/0 away from sequences without tokens. */
  private static final double SMALLEST = 1e-30;

  /** Far below any score, and finite, so that a row without a key has no NaN. */
  private static final double HIDDEN = -1e30;

  /** Checks the sizes. */
  public NystromAttention {
    if (landmarks < 1 || iterations < 1 || (skip != null && skip.size(2) % 2 == 0)) {
      throw new IllegalArgumentException(
          "Nyström attention: expected landmarks and iterations from 1 and an odd number of taps,"
              + " got "
              + landmarks
              + ", "
              + iterations
              + " and "
              + (skip == null ? "no skip" : skip.describe()));
    }
  }

  /** As the paper: 6 iterations, no skip. */
  public NystromAttention(int landmarks) {
    this(landmarks, 6, null);
  }

  /**
   * Which tokens each landmark is the mean of.
   *
   * @param means {@code [B or 1, 1, m, T]}: rows sum to one, or to zero without tokens
   * @param filled bool {@code [B or 1, 1, m, 1]}: there are tokens
   */
  private record Segments(Tensor means, Tensor filled) {
    /** Cuts the tokens that are present; {@code present} is bool {@code [B or 1, T]}. */
    static Segments of(Tensor present, int landmarks, DType dtype) {
      Tensor there = present.to(DType.F64);
      Tensor count = there.sum(1, true).clamp(1, Double.POSITIVE_INFINITY);
      Tensor segment = there.cumsum(1).sub(1).mul(landmarks).div(count).floor();
      Tensor numbers = Tensor.arange(landmarks, DType.F64).unsqueeze(1);
      Tensor member = segment.unsqueeze(1).eq(numbers).and(present.unsqueeze(1)); // [B, m, T]
      Tensor ones = member.to(dtype);
      Tensor sizes = ones.sum(-1, true).clamp(1, Double.POSITIVE_INFINITY);
      return new Segments(ones.div(sizes).unsqueeze(1), member.any(-1, true).unsqueeze(1));
    }

    Tensor landmarks(Tensor x) {
      return means.matmul(x);
    }
  }

  @Override
  public AttentionOutput apply(Tensor q, Tensor k, Tensor v, AttentionRequest request) {
    return TensorScope.run(() -> {
      Tensor there = present(k, request);
      Tensor read = read(q.widened(), known(k, there).widened(), known(v, there).widened(), there);
      return AttentionOutput.of(read.to(q.dtype()));
    });
  }

  /** Keys or values with zeros at padding, whatever stands there. */
  private static Tensor known(Tensor x, Tensor present) {
    return x.maskedFill(present.unsqueeze(1).unsqueeze(-1).not(), 0);
  }

  private Tensor read(Tensor q, Tensor k, Tensor v, Tensor present) {
    return TensorScope.run(() -> {
      Tensor keys = ScaledDotProduct.perQueryHead(k, q).mul(1 / Math.sqrt(q.size(-1)));
      Tensor values = ScaledDotProduct.perQueryHead(v, q);
      Segments ofKeys = Segments.of(present, landmarks, k.dtype());
      boolean alike = q.size(2) == k.size(2); // then padding is no query of any landmark
      Segments ofQueries = alike ? ofKeys : Segments.of(all(q), landmarks, q.dtype());
      Tensor someKeys = ofKeys.landmarks(keys);
      Tensor someQueries = ofQueries.landmarks(alike ? known(q, present) : q);
      Tensor columns = ofKeys.filled().transpose(-1, -2); // [B, 1, 1, m]
      Tensor toSome = similarity(q, someKeys, columns);
      Tensor middle =
          similarity(someQueries, someKeys, columns).mul(ofQueries.filled().to(q.dtype()));
      Tensor toAll = similarity(someQueries, keys, present.unsqueeze(1).unsqueeze(1));
      Tensor read = toSome.matmul(pseudoInverse(middle, iterations).matmul(toAll.matmul(values)));
      return skip == null ? read : read.add(convolved(values, skip.to(q.dtype())));
    });
  }

  private static Tensor similarity(Tensor q, Tensor k, Tensor seen) {
    Tensor scores = q.matmul(k.transpose(-1, -2)).maskedFill(seen.not(), HIDDEN);
    return scores.softmax(-1).mul(seen.to(q.dtype()));
  }

  /**
   * The Moore–Penrose pseudo-inverse by {@code Z ← ¼ Z (13 I − A Z (15 I − A Z (7 I − A Z)))} from
   * {@code Aᵀ / (‖A‖₁ ‖A‖∞)} (Razavi et al. 2014; Xiong et al. 2021, equation 11): the error falls
   * with the third power in each step.
   *
   * @param a {@code [..., m, m]}
   */
  public static Tensor pseudoInverse(Tensor a, int iterations) {
    return TensorScope.run(() -> {
      Tensor magnitude = a.abs();
      Tensor columns = magnitude.sum(-2, true).amax(-1, true);
      Tensor rows = magnitude.sum(-1, true).amax(-2, true);
      Tensor norms = columns.mul(rows).clamp(SMALLEST, Double.POSITIVE_INFINITY);
      Tensor one = Tensor.eye(a.size(-1), a.dtype());
      Tensor z = a.transpose(-1, -2).div(norms);
      for (int i = 0; i < iterations; i++) {
        Tensor az = a.matmul(z);
        Tensor inner = one.mul(15).sub(az.matmul(one.mul(7).sub(az)));
        z = z.matmul(one.mul(13).sub(az.matmul(inner))).mul(0.25);
      }
      return z;
    });
  }

  /** Bool {@code [B or 1, Tk]}. */
  private static Tensor present(Tensor k, AttentionRequest request) {
    KeyMask mask =
        KeyMask.of(request.mask(), Math.toIntExact(k.size(0)), Math.toIntExact(k.size(2)))
            .filter(known -> !known.causal() && request.modifier() == null)
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "Nyström attention: expected no mask or a padding mask, and no score modifier,"
                        + " got mask "
                        + request.mask()
                        + " and modifier "
                        + request.modifier()
                        + "; landmarks mix their segments: use exact attention for these"));
    return mask.present() == null ? all(k) : mask.present();
  }

  private static Tensor all(Tensor x) {
    return Tensor.ones(Shape.of(1, x.size(2)), DType.F32).to(DType.BOOL);
  }

  /** Each head's values along time by its own kernel, padding as zeros: {@code [B, H, T, Dv]}. */
  private static Tensor convolved(Tensor v, Tensor kernel) {
    Tensor channels = v.permute(0, 3, 1, 2).flatten(0, 1); // [B · Dv, H, T]
    Geometry depthwise = new Geometry(1, kernel.size(2) / 2, 1, v.size(1));
    return Convolution.conv1d(channels, kernel, null, depthwise)
        .unflatten(0, v.size(0), v.size(3))
        .permute(0, 2, 3, 1);
  }
}
