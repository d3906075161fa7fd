package dev.heed.picture.mechanism;

import dev.heed.mixer.statespace.Discretisation;
import dev.heed.mixer.statespace.H3;
import dev.heed.mixer.statespace.Hippo;
import dev.heed.mixer.statespace.LinearRecurrence;
import dev.heed.mixer.statespace.Mamba2Block;
import dev.heed.mixer.statespace.Mamba2Config;
import dev.heed.mixer.statespace.MambaBlock;
import dev.heed.mixer.statespace.MambaConfig;
import dev.heed.mixer.statespace.S4Kernel;
import dev.heed.mixer.statespace.S4dKernel;
import dev.heed.mixer.statespace.StateSpaceConfig;
import dev.heed.mixer.statespace.StateSpaceKernel;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** State spaces: the kernel over the lag, and the map that convolution or scan amounts to. */
final class StateSpacePictures {
  private static final int N = Sample.LENGTH;
  private static final int LAGS = 64;
  private static final int CHANNELS = 3;

  private StateSpacePictures() {}

  static void addTo(Map<String, MechanismPictures.Recipe> recipes) {
    recipes.put("s4", sample -> kernel(s4(sample)));
    recipes.put("s4d", sample -> kernel(s4d(sample)));
    recipes.put("h3", StateSpacePictures::h3);
    recipes.put("mamba", StateSpacePictures::mamba);
    recipes.put("mamba-2", StateSpacePictures::mamba2);
  }

  private static StateSpaceKernel s4(Sample sample) {
    S4Kernel kernel =
        new S4Kernel(sample.weights("s4"), StateSpaceConfig.of(CHANNELS, 16), Hippo.LEGS);
    Sample.parameter(kernel, "inv_dt").assign(steps().unsqueeze(1));
    return kernel;
  }

  private static StateSpaceKernel s4d(Sample sample) {
    S4dKernel kernel =
        new S4dKernel(
            sample.weights("s4d"),
            StateSpaceConfig.of(CHANNELS, 16),
            Discretisation.ZERO_ORDER_HOLD);
    Sample.parameter(kernel, "inv_dt").assign(steps().unsqueeze(1));
    return kernel;
  }

  /** {@code log Δ} of a fast, a middling and a slow channel. */
  private static Tensor steps() {
    return Tensor.of(new double[] {0.1, 0.03, 0.01}).log();
  }

  private static List<Panel> kernel(StateSpaceKernel kernel) {
    Tensor taps = kernel.kernel(LAGS).select(0, 0);
    List<CurvePanel.Curve> curves = new ArrayList<>();
    List<String> names = List.of("Δ = 0.1", "Δ = 0.03", "Δ = 0.01");
    for (int channel = 0; channel < CHANNELS; channel++) {
      curves.add(Sample.curve(names.get(channel), taps.select(0, channel)));
    }
    return List.of(
        new CurvePanel("the kernels K of three channels, seeded", "lag", 0, 1, curves),
        impulses("the map of the channel with Δ = 0.1, by its recurrence", kernel.recurrence()));
  }

  /** What the recurrent form answers to an impulse at each step: {@code M[i, j] = K[i - j]}. */
  private static MapPanel impulses(String title, LinearRecurrence recurrence) {
    return tokens(title, EffectiveMap.ofImpulses(N, recurrent(recurrence, CHANNELS)));
  }

  private static MapPanel tokens(String title, Tensor map) {
    return MapPanel.of(
        title, MapKind.NOT_SOFTMAX, Sample.words("outputs"), Sample.words("inputs"), map);
  }

  /** The first channel of a bank, token by token: {@code [B, L]} to {@code [B, L]}. */
  private static UnaryOperator<Tensor> recurrent(LinearRecurrence recurrence, int channels) {
    return inputs -> {
      List<Tensor> outputs = new ArrayList<>();
      Tensor state = recurrence.start(inputs.size(0));
      for (int step = 0; step < inputs.size(1); step++) {
        Tensor u = inputs.narrow(1, step, 1).expand(-1, channels);
        LinearRecurrence.Step next = recurrence.step(state, u);
        outputs.add(next.output().select(1, 0).narrow(1, 0, 1));
        state = next.state();
      }
      return Tensor.cat(outputs, 1);
    };
  }

  /** One head of size N over one-hot tokens, whose values are one-hot: linear in them. */
  private static List<Panel> h3(Sample sample) {
    H3 layer = new H3(sample.weights("h3"), N, 16, N, H3.FeatureOrder.HEADS_FIRST);
    Sample.identity(layer, "v_proj", "output_linear");
    sample.words(layer, "q_proj", "k_proj");
    Sample.parameter(layer, "log_dt").fill(Math.log(0.1));
    return List.of(
        curve("the shift system's kernel, channel 0, seeded", layer.shiftKernel(LAGS)),
        curve("the diagonal system's kernel, seeded", layer.memoryKernel(LAGS)),
        tokens("the map of one head", layer.apply(Sample.oneHot(N)).select(0, 0)));
  }

  /** The first channel of {@code [1, channels, lags]}. */
  private static CurvePanel curve(String title, Tensor kernel) {
    return new CurvePanel(
        title, "lag", 0, 1, List.of(Sample.curve("kernel", kernel.select(0, 0).select(0, 0))));
  }

  private static List<Panel> mamba(Sample sample) {
    MambaBlock block = new MambaBlock(sample.weights("mamba"), MambaConfig.of(N));
    Sample.parameter(block, "dt_proj.bias").fill(-2);
    Sample.parameter(block, "D").fill(0);
    Tensor maps = block.hiddenAttention(sample.vectors(N)).select(0, 0);
    Shape mean = Shape.of(N, N);
    return List.of(
        tokens("hidden attention of channel 0, without the skip D", maps.select(0, 0)),
        tokens("hidden attention of channel 1, without the skip D", maps.select(0, 1)),
        tokens(
            "mean magnitude over all channels", maps.abs().mean(0, false).reshape(mean.toArray())));
  }

  /** Two heads, of which the second forgets five times as fast. */
  private static List<Panel> mamba2(Sample sample) {
    Mamba2Block block = new Mamba2Block(sample.weights("mamba2"), Mamba2Config.of(N, 2, N, 16));
    Sample.parameter(block, "dt_bias").fill(-2);
    Sample.parameter(block, "A_log").assign(Tensor.of(new double[] {0, Math.log(5)}));
    Tensor maps = block.effectiveMap(sample.vectors(N)).select(0, 0);
    return List.of(
        tokens("the map of head 0, A = −1", maps.select(0, 0)),
        tokens("the map of head 1, A = −5", maps.select(0, 1)));
  }
}
