package dev.heed.mixer.recurrent;

import dev.heed.attention.StepwiseForm;
import dev.heed.attention.StepwiseMixer;
import dev.heed.attention.UnmaskedMixer;
import dev.heed.attention.mask.AttentionMask;
import dev.heed.nn.Conv1d;
import dev.heed.nn.Linear;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.Convolution.Geometry;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;

/**
 * Dilated convolutions as a mixer: {@code x ← x + relu(conv(x))} with three taps that stand {@code
 * 1, 2, 4, …} tokens apart, then a projection, so that L of them see {@code 2^(L+1) - 1} tokens
 * (van den Oord et al. 2016, "WaveNet", section 2.1; Bai et al. 2018, section 3).
 *
 * <p>A causal one sees the tokens up to its own place, another one those on both sides.
 */
public final class ConvolutionMixer extends Module implements UnmaskedMixer, StepwiseMixer {
  private static final int TAPS = 3;

  private final boolean causal;
  private final long size;
  private final List<Conv1d> layers = new ArrayList<>();
  private final Linear output;

  /**
   * With convolutions {@code layers.0}, {@code layers.1}, … and {@code output}.
   *
   * @param window how many tokens must be seen at least: as many layers as that takes
   */
  public ConvolutionMixer(Weights weights, long size, int window, boolean causal) {
    super(weights);
    this.causal = causal;
    this.size = size;
    for (int layer = 0; layer < depth(window); layer++) {
      Geometry dilated = new Geometry(1, 0, dilation(layer), 1);
      layers.add(new Conv1d(weights.child("layers", layer), size, size, TAPS, dilated, true));
    }
    this.output = Linear.of(weights.child("output"), size, size);
  }

  /** The least L from 1 with {@code 2^(L+1) - 1 ≥ window}. */
  private static int depth(int window) {
    return Math.max(1, Integer.SIZE - 1 - Integer.numberOfLeadingZeros(window));
  }

  private static long dilation(int layer) {
    return 1L << layer;
  }

  /** How many tokens besides the present one the taps of a layer span. */
  private static long reach(int layer) {
    return (TAPS - 1) * dilation(layer);
  }

  @Override
  public AttentionMask sees() {
    return causal ? AttentionMask.causal() : AttentionMask.full();
  }

  @Override
  public Tensor apply(Tensor x) {
    return TensorScope.run(() -> {
      Tensor y = x.transpose(1, 2); // [B, size, T]
      for (int layer = 0; layer < layers.size(); layer++) {
        long after = causal ? 0 : reach(layer) / 2;
        Tensor filled = y.pad(0, reach(layer) - after, after);
        y = y.add(layers.get(layer).apply(filled).relu());
      }
      return output.apply(y.transpose(1, 2));
    });
  }

  /**
   * The recurrent form, whose state are the last inputs of each layer, {@code [B, size, reach]}.
   *
   * @throws IllegalStateException if the convolutions look both ways
   */
  @Override
  public StepwiseForm<List<Tensor>> stepwise() {
    if (!causal) {
      throw new IllegalStateException(
          "convolution: one that looks both ways needs the whole sequence; build a causal one to go"
              + " token by token");
    }
    return new OneByOne(this);
  }

  private record OneByOne(ConvolutionMixer mixer) implements StepwiseForm<List<Tensor>> {
    @Override
    public List<Tensor> start(long batch) {
      return TensorScope.run(() -> {
        List<Tensor> windows = new ArrayList<>();
        for (int layer = 0; layer < mixer.layers.size(); layer++) {
          Shape window = Shape.of(batch, mixer.size, reach(layer));
          windows.add(Tensor.zeros(window, mixer.output.weight().dtype()));
        }
        return windows;
      });
    }

    @Override
    public Step<List<Tensor>> step(Tensor x, List<Tensor> state) {
      return TensorScope.run(() -> {
        Tensor y = x.unsqueeze(-1); // [B, size, 1]
        List<Tensor> next = new ArrayList<>();
        for (int layer = 0; layer < state.size(); layer++) {
          Tensor seen = Tensor.cat(List.of(state.get(layer), y), -1);
          next.add(seen.narrow(-1, 1, reach(layer)).copy());
          y = y.add(mixer.layers.get(layer).apply(seen).relu());
        }
        return new Step<>(mixer.output.apply(y.squeeze(-1)), next);
      });
    }
  }
}
