package dev.heed.attention.sparse;

import dev.heed.attention.AttentionMechanism;
import dev.heed.attention.AttentionOutput;
import dev.heed.attention.AttentionRequest;
import dev.heed.attention.ScaledDotProduct;
import dev.heed.attention.mask.AttentionMask;
import dev.heed.attention.mask.KeyMask;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The Sparse Transformer's patterns at their published cost of O(n · √n): keys are put in an order
 * in which those that a query sees stand together, so that the fused kernel skips nearly all others
 * (Child et al. 2019, section 4).
 *
 * <p>A request that the reordering cannot honour (other masks than padding, score modifiers,
 * weights, cached keys) is answered by exact attention under the plain pattern: the same numbers,
 * at O(n²).
 *
 * @param pattern fixed or strided
 */
public record FactorizedAttention(Pattern pattern) implements AttentionMechanism {
  /** Which pattern. */
  public sealed interface Pattern {
    /** The pattern as a mask over positions. */
    AttentionMask mask(int heads);
  }

  /**
   * Half of the heads sees the last positions, half every stride-th; see {@link StridedHeadsMask}.
   *
   * @param stride from 1
   */
  public record Strided(int stride) implements Pattern {
    @Override
    public AttentionMask mask(int heads) {
      return new StridedHeadsMask(stride, heads);
    }
  }

  /**
   * The own stretch, and the end of each earlier one; see {@link FixedMask}.
   *
   * @param stride positions a stretch
   * @param summary positions at its end that later ones see, less than the stride
   */
  public record Fixed(int stride, int summary) implements Pattern {
    /** Checks that something is left to summarise. */
    public Fixed {
      if (summary < 1 || summary >= stride) {
        throw new IllegalArgumentException(
            "fixed attention: expected a summary from 1 and below the stride, got summary "
                + summary
                + " and stride "
                + stride);
      }
    }

    @Override
    public AttentionMask mask(int heads) {
      return new FixedMask(1, stride, 1, summary);
    }
  }

  private static final ScaledDotProduct EXACT = new ScaledDotProduct();

  @Override
  public AttentionOutput apply(Tensor q, Tensor k, Tensor v, AttentionRequest request) {
    Optional<KeyMask> padding =
        KeyMask.of(request.mask(), Math.toIntExact(k.size(0)), Math.toIntExact(k.size(2)));
    boolean looked = request.weights() || request.wants("scores") || request.wants("pattern");
    boolean square = q.size(2) == k.size(2) && q.size(1) == k.size(1);
    if (looked || !square || request.modifier() != null || padding.isEmpty()) {
      int heads = Math.toIntExact(q.size(1));
      return EXACT.apply(q, k, v, request.narrowedTo(pattern.mask(heads)));
    }
    Tensor there = padding.get().present();
    return TensorScope.run(() ->
        AttentionOutput.of(
            switch (pattern) {
              case Fixed fixed -> fixed(fixed, q, k, v, there);
              case Strided strided -> strided(strided, q, k, v, there);
            }));
  }

  private static Tensor fixed(Fixed sizes, Tensor q, Tensor k, Tensor v, @Nullable Tensor there) {
    SummaryFirstMask mask =
        new SummaryFirstMask(sizes.stride(), sizes.summary(), Math.toIntExact(k.size(2)));
    Tensor order = Tensor.of(mask.order());
    return read(q, k.indexSelect(2, order), v.indexSelect(2, order), mask, reordered(there, order));
  }

  private static Tensor strided(
      Strided sizes, Tensor q, Tensor k, Tensor v, @Nullable Tensor there) {
    int stride = sizes.stride();
    int heads = Math.toIntExact(q.size(1));
    AttentionMask window = AttentionMask.slidingWindow(stride);
    if (heads == 1) {
      return read(q, k, v, new StridedHeadsMask(stride, 1), there);
    }
    int half = new StridedHeadsMask(stride, heads).near();
    Tensor near =
        read(q.narrow(1, 0, half), k.narrow(1, 0, half), v.narrow(1, 0, half), window, there);
    ResidueMask mask = new ResidueMask(stride, Math.toIntExact(k.size(2)));
    Tensor order = Tensor.of(mask.order());
    Tensor far =
        read(
            rest(q, half).indexSelect(2, order),
            rest(k, half).indexSelect(2, order),
            rest(v, half).indexSelect(2, order),
            mask,
            reordered(there, order));
    Tensor back = order.sort(-1, false).indices();
    return Tensor.cat(List.of(near, far.indexSelect(2, back)), 1);
  }

  private static Tensor rest(Tensor x, long from) {
    return x.narrow(1, from, x.size(1) - from);
  }

  private static @Nullable Tensor reordered(@Nullable Tensor there, Tensor order) {
    return there == null ? null : there.indexSelect(1, order);
  }

  private static Tensor read(
      Tensor q, Tensor k, Tensor v, AttentionMask mask, @Nullable Tensor there) {
    AttentionMask all = there == null ? mask : mask.and(AttentionMask.padding(there));
    return EXACT.apply(q, k, v, AttentionRequest.of(all)).output();
  }
}
