package dev.heed.nn;

import dev.heed.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a {@link Linear} computes in place of its own map, with the map's weight left as it is. */
public interface LinearAdaptation {
  /**
   * Maps in place of {@code x · Wᵀ + b}.
   *
   * @param x {@code [..., in]}
   * @param weight W, {@code [out, in]}
   * @param bias {@code [out]}, or null
   * @return {@code [..., out]}, owned by the current scope
   */
  Tensor apply(Tensor x, Tensor weight, @Nullable Tensor bias);

  /** The matrix {@code [out, in]} that {@link #apply} multiplies by, part of the graph. */
  Tensor weight(Tensor weight);

  /** The tensors it learns. */
  List<Tensor> parameters();
}
