package dev.heed.bench.mechanisms;

import dev.heed.attention.AttentionRequest;
import dev.heed.attention.DecodeState;
import dev.heed.attention.Decoding;
import dev.heed.attention.GrowingKeys;
import dev.heed.attention.SequenceMixer;
import dev.heed.attention.StepwiseMixer;
import dev.heed.bench.attention.Timing;
import dev.heed.mixer.catalogue.MixerCatalogue;
import dev.heed.mixer.catalogue.MixerEntry;
import dev.heed.mixer.catalogue.MixerShape;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Gradients;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * Decodes token by token, all mechanisms in turn, and takes the times of the tokens before each
 * context is full. The recurrent forms really go through every token; the cache of softmax
 * attention, whose way there would take minutes, is filled at once up to the measured tokens.
 */
final class DecodeRun {
  private static final String SOFTMAX = "softmax, cached keys";

  private final MixerShape shape;
  private final int batch;
  private final int tokens;
  private final int warmUp;
  private final List<MixerEntry> entries;

  /**
   * A run.
   *
   * @param tokens measured before each context is full
   * @param warmUp tokens before all, after which the JVM has compiled what they need
   */
  DecodeRun(MixerShape shape, int batch, int tokens, int warmUp, List<MixerEntry> entries) {
    this.shape = shape;
    this.batch = batch;
    this.tokens = tokens;
    this.warmUp = warmUp;
    this.entries = entries;
  }

  /** One row a mechanism, the cached softmax last. */
  List<DecodeRow> at(List<Integer> contexts, IntConsumer progress) {
    return Gradients.disabled(() -> {
      try (TensorScope scope = TensorScope.open();
          Generator generator = new Generator(37)) {
        Weights weights = Weights.initialise(generator, DType.F32);
        Tensor x = Tensor.randn(generator, Shape.of(batch, shape.size()), DType.F32);
        try (Parameters all = new Parameters(weights)) {
          List<DecodeRow> rows = recurrent(contexts, progress, weights, x);
          rows.add(softmax(contexts, weights.child(SOFTMAX), generator, x));
          return rows;
        }
      }
    });
  }

  private List<DecodeRow> recurrent(
      List<Integer> contexts, IntConsumer progress, Weights weights, Tensor x) {
    List<Decoding<?>> sequences = new ArrayList<>();
    for (MixerEntry entry : entries) {
      SequenceMixer mixer = entry.build(weights.child(entry.name()), shape);
      StepwiseMixer stepwise = (StepwiseMixer) mixer;
      warmUp(stepwise, x);
      sequences.add(Decoding.of(stepwise, batch));
    }
    double[][][] times = new double[entries.size()][contexts.size()][tokens];
    for (int token = 0, window = 0; window < contexts.size(); token++) {
      int place = token - (contexts.get(window) - tokens);
      for (int i = 0; i < sequences.size(); i++) {
        double milliseconds = next(sequences.get(i), x);
        if (place >= 0) {
          times[i][window][place] = milliseconds;
        }
      }
      progress.accept(token);
      window += place == tokens - 1 ? 1 : 0;
    }
    sequences.forEach(Decoding::close);
    List<DecodeRow> rows = new ArrayList<>();
    for (int i = 0; i < entries.size(); i++) {
      rows.add(DecodeRow.of(entries.get(i).name(), timings(times[i])));
    }
    return rows;
  }

  private void warmUp(StepwiseMixer mixer, Tensor x) {
    try (TensorScope scope = TensorScope.open();
        Decoding<?> sequence = Decoding.of(mixer, batch)) {
      for (int token = 0; token < warmUp; token++) {
        sequence.next(x).close();
      }
    }
  }

  private static double next(Decoding<?> sequence, Tensor x) {
    long start = System.nanoTime();
    sequence.next(x).close();
    return (System.nanoTime() - start) / 1e6;
  }

  private DecodeRow softmax(
      List<Integer> contexts, Weights weights, Generator generator, Tensor x) {
    SequenceMixer mixer = MixerCatalogue.named("causal-attention").build(weights, shape);
    double[][] times = new double[contexts.size()][tokens];
    try (DecodeState state = new DecodeState()) {
      AttentionRequest request = AttentionRequest.plain().withState(state);
      Tensor one = x.unsqueeze(1); // [B, 1, size]
      for (int token = 0; token < warmUp; token++) {
        mixer.apply(one, request).output().close();
      }
      state.truncate(0);
      GrowingKeys layer = state.allKeys().firstEntry().getValue();
      for (int window = 0; window < contexts.size(); window++) {
        fill(layer, generator, contexts.get(window) - tokens - layer.length());
        for (int token = 0; token < tokens; token++) {
          long start = System.nanoTime();
          mixer.apply(one, request).output().close();
          times[window][token] = (System.nanoTime() - start) / 1e6;
        }
      }
    }
    return DecodeRow.of(SOFTMAX, timings(times));
  }

  /** Puts so many random keys and values into the cache. */
  private void fill(GrowingKeys layer, Generator generator, long count) {
    if (count > 0) {
      try (TensorScope scope = TensorScope.open()) {
        Shape keys = Shape.of(batch, shape.heads(), count, shape.headSize());
        layer.append(
            Tensor.randn(generator, keys, DType.F32), Tensor.randn(generator, keys, DType.F32));
      }
    }
  }

  private static List<Timing> timings(double[][] times) {
    List<Timing> timings = new ArrayList<>();
    for (double[] window : times) {
      timings.add(Timing.of(window));
    }
    return timings;
  }
}
