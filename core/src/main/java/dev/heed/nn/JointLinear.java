package dev.heed.nn;

import dev.heed.tensor.PackedLinear;
import dev.heed.tensor.Tensor;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Several affine maps of one input, computed as one where their weights are packed. */
public final class JointLinear extends Module {
  private final List<Linear> maps;
  private final @Nullable PackedLinear packed;

  /**
   * Joins maps, which keep their own parameters.
   *
   * @param maps those from inputs of one size are computed as one
   */
  public JointLinear(Weights weights, Linear... maps) {
    super(weights);
    this.maps = List.of(maps);
    this.packed = pack(weights, this.maps);
  }

  private static @Nullable PackedLinear pack(Weights weights, List<Linear> maps) {
    List<Tensor> biases =
        maps.stream().map(Linear::bias).filter(Objects::nonNull).<Tensor>map(b -> b).toList();
    boolean alike =
        (biases.isEmpty() || biases.size() == maps.size())
            && maps.stream().mapToLong(map -> map.in()).distinct().count() == 1;
    return alike && maps.stream().allMatch(Linear::isPacked)
        ? weights.packed(maps.stream().map(Linear::weight).toList(), biases)
        : null;
  }

  /** The result {@code [..., out]} of each map for {@code [..., in]}. */
  public List<Tensor> apply(Tensor x) {
    if (packed == null || !packed.fits(x) || !maps.stream().allMatch(Linear::isPacked)) {
      return maps.stream().map(map -> map.apply(x)).toList();
    }
    long[] sizes = maps.stream().mapToLong(map -> map.out()).toArray();
    return packed.apply(x, PackedLinear.Then.NOTHING).split(-1, sizes);
  }
}
