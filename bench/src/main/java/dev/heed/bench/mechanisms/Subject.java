package dev.heed.bench.mechanisms;

import dev.heed.attention.AttentionRequest;
import dev.heed.attention.SequenceMixer;
import dev.heed.mixer.catalogue.MixerEntry;
import dev.heed.mixer.catalogue.MixerShape;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Gradients;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One mixer of the catalogue with its parameters, ready to run. */
final class Subject implements AutoCloseable {
  private static final long SEED = 11;

  private final MixerEntry entry;
  private final boolean causal;
  private final Parameters root;
  private final SequenceMixer mixer;

  private Subject(MixerEntry entry, boolean causal, Parameters root, SequenceMixer mixer) {
    this.entry = entry;
    this.causal = causal;
    this.root = root;
    this.mixer = mixer;
  }

  /** Builds it, looking back only if it can and shall, or cannot do otherwise. */
  static Subject of(MixerEntry entry, MixerShape shape) {
    boolean causal = isCausal(entry, shape.causal());
    try (Generator generator = new Generator(SEED)) {
      Weights weights = Weights.initialise(generator, DType.F32);
      Parameters root = new Parameters(weights);
      return new Subject(entry, causal, root, entry.build(weights, shape.withCausal(causal)));
    }
  }

  private static boolean isCausal(MixerEntry entry, boolean wanted) {
    return entry.direction().allows(wanted) ? wanted : !wanted;
  }

  MixerEntry entry() {
    return entry;
  }

  boolean causal() {
    return causal;
  }

  /** Its parameters by name. */
  Map<String, Tensor> parameters() {
    return root.parameters();
  }

  /** The output {@code [B, T, size]}, without a graph of gradients. */
  Tensor output(Tensor x) {
    return Gradients.disabled(() -> mixer.apply(x, AttentionRequest.plain()).output());
  }

  /** One run to be timed. */
  Runnable run(Pass pass, Tensor x, Tensor outputGradient) {
    return switch (pass) {
      case FORWARD -> () -> output(x).close();
      case TRAINING -> () -> train(x, outputGradient);
    };
  }

  private void train(Tensor x, Tensor outputGradient) {
    try (TensorScope scope = TensorScope.open()) {
      Tensor input = x.detach().requiresGrad(true);
      List<Tensor> learning = new ArrayList<>(root.trainable().values());
      learning.add(input);
      Tensor output = mixer.apply(input, AttentionRequest.plain()).output();
      Gradients.of(output, outputGradient, learning);
    }
  }

  @Override
  public void close() {
    root.close();
  }
}
