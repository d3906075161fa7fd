package dev.heed.model.coatnet;

import dev.heed.nn.BatchNorm;
import dev.heed.nn.Conv2d;
import dev.heed.nn.Module;
import dev.heed.nn.Trace;
import dev.heed.nn.Weights;
import dev.heed.tensor.Convolution.Geometry;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import org.jspecify.annotations.Nullable;

/**
 * An inverted bottleneck of convolutions with a residual connection (Sandler et al. 2018; Dai et
 * al. 2021, appendix A.1).
 *
 * <p>{@code x + conv(norm(x))}, where {@code conv} widens by a 1×1 map, mixes places by a depthwise
 * 3×3, weighs channels by {@link SqueezeExcite} and narrows by a 1×1 map, with batch normalisation
 * and GELU between. With an expansion of 1 the widening and the weighing fall away. When
 * downsampling, the first convolution has stride 2 and the shortcut pools and projects.
 */
public final class MbConv extends Module implements CoAtNetBlock {
  private final @Nullable Shortcut shortcut;
  private final BatchNorm norm;
  private final @Nullable Conv2d widen;
  private final @Nullable BatchNorm afterWiden;
  private final Conv2d depthwise;
  private final BatchNorm afterDepthwise;
  private final @Nullable SqueezeExcite squeezeExcite;
  private final Conv2d narrow;
  private final BatchNorm afterNarrow;

  /**
   * A block.
   *
   * @param downsample whether height and width halve
   * @param expansion how much wider the depthwise convolution is than the input
   */
  public MbConv(Weights weights, long in, long out, boolean downsample, int expansion) {
    super(weights);
    long wide = in * expansion;
    long stride = downsample ? 2 : 1;
    boolean widens = expansion != 1;
    Weights path = weights.child("conv.fn");
    int first = widens ? 3 : 0;
    int last = widens ? 7 : 3;
    this.shortcut = downsample ? new Shortcut(weights, in, out) : null;
    this.norm = new BatchNorm(weights.child("conv.norm"), in);
    this.widen = widens ? pointwise(path.child("0"), in, wide, stride) : null;
    this.afterWiden = widens ? new BatchNorm(path.child("1"), wide) : null;
    Geometry eachChannel = new Geometry(widens ? 1 : stride, 1, 1, wide);
    this.depthwise = new Conv2d(path.child("" + first), wide, wide, 3, eachChannel, false);
    this.afterDepthwise = new BatchNorm(path.child("" + (first + 1)), wide);
    this.squeezeExcite = widens ? new SqueezeExcite(path.child("6"), wide, in / 4) : null;
    this.narrow = pointwise(path.child("" + last), wide, out, 1);
    this.afterNarrow = new BatchNorm(path.child("" + (last + 1)), out);
  }

  private static Conv2d pointwise(Weights weights, long in, long out, long stride) {
    return new Conv2d(weights, in, out, 1, new Geometry(stride, 0, 1, 1), false);
  }

  @Override
  public Tensor apply(Tensor x, Trace trace) {
    return TensorScope.run(() -> {
      Tensor kept = shortcut == null ? x : shortcut.project(Shortcut.pool(x));
      return kept.add(convolve(norm.apply(x, trace), trace));
    });
  }

  private Tensor convolve(Tensor x, Trace trace) {
    Tensor wide =
        widen == null || afterWiden == null
            ? x
            : afterWiden.apply(widen.apply(x), trace).gelu(false);
    Tensor mixed = afterDepthwise.apply(depthwise.apply(wide), trace).gelu(false);
    Tensor weighed = squeezeExcite == null ? mixed : squeezeExcite.apply(mixed);
    return afterNarrow.apply(narrow.apply(weighed), trace);
  }
}
