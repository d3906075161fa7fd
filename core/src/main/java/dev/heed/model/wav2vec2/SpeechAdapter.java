package dev.heed.model.wav2vec2;

import dev.heed.model.Default;
import dev.heed.nn.Conv1d;
import dev.heed.nn.LayerNorm;
import dev.heed.nn.Linear;
import dev.heed.nn.Module;
import dev.heed.nn.Norm;
import dev.heed.nn.Weights;
import dev.heed.tensor.Convolution.Geometry;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Gated convolutions that shorten what the layers give (Li et al. 2021, for speech translation).
 */
public final class SpeechAdapter extends Module {
  private static final double EPSILON = 1e-5;

  private final Norm entrance;
  private final List<Conv1d> convolutions;
  private final int stride;

  /**
   * What a config says about it.
   *
   * @param hiddenSize of the layers' states
   * @param addAdapter whether there is one
   * @param outputHiddenSize of its states; null for that of the layers'
   * @param numAdapterLayers convolutions
   * @param adapterKernelSize states that each sees
   * @param adapterStride states from one result to the next
   */
  public record Config(
      @Default("768") int hiddenSize,
      @Default("false") boolean addAdapter,
      @Nullable Integer outputHiddenSize,
      @Default("3") int numAdapterLayers,
      @Default("3") int adapterKernelSize,
      @Default("2") int adapterStride) {
    /** The size of what a head reads. */
    public int size() {
      return addAdapter && outputHiddenSize != null ? outputHiddenSize : hiddenSize;
    }
  }

  private SpeechAdapter(Weights weights, Config config) {
    super(weights);
    long size = config.size();
    stride = config.adapterStride();
    entrance = entrance(weights, config, EPSILON);
    convolutions =
        IntStream.range(0, config.numAdapterLayers())
            .mapToObj(i ->
                new Conv1d(
                    weights.child("layers", i).child("conv"),
                    size,
                    2 * size,
                    config.adapterKernelSize(),
                    new Geometry(stride, 1, 1, 1),
                    true))
            .toList();
  }

  /** The adapter below {@code adapter}, or null where the config has none. */
  public static @Nullable SpeechAdapter of(Weights weights, Config config) {
    return config.addAdapter() ? new SpeechAdapter(weights.child("adapter"), config) : null;
  }

  /** A map and a norm to the adapter's size, or nothing where that is the layers'. */
  public static Norm entrance(Weights weights, Config config, double epsilon) {
    if (config.size() == config.hiddenSize()) {
      return Norm.NONE;
    }
    Linear map = Linear.of(weights.child("proj"), config.hiddenSize(), config.size());
    LayerNorm norm = new LayerNorm(weights.child("proj_layer_norm"), config.size(), epsilon);
    return x -> norm.apply(map.apply(x));
  }

  /** {@code [B, T, H]} to {@code [B, fewer, size]}. */
  public Tensor apply(Tensor x) {
    return TensorScope.run(() -> {
      Tensor states = entrance.apply(x).transpose(1, 2);
      for (Conv1d convolution : convolutions) {
        states = gated(convolution.apply(states));
      }
      return states.transpose(1, 2);
    });
  }

  /** Half of the channels {@code [B, 2·C, T]}, gated by the sigmoid of the others. */
  public static Tensor gated(Tensor x) {
    List<Tensor> halves = x.chunk(2, 1);
    return halves.get(0).mul(halves.get(1).sigmoid());
  }

  /** How many states come of so many, i64 of the same shape. */
  public Tensor states(Tensor frames) {
    Tensor count = frames;
    for (int i = 0; i < convolutions.size(); i++) {
      count = count.sub(1).floorDiv(stride).add(1);
    }
    return count;
  }
}
