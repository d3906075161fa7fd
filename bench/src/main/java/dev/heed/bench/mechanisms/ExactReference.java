package dev.heed.bench.mechanisms;

import dev.heed.attention.sparse.LshSelfAttention;
import dev.heed.bench.mechanisms.MechanismRow.Deviation;
import dev.heed.mixer.catalogue.Exactness;
import dev.heed.mixer.catalogue.MixerCatalogue;
import dev.heed.mixer.catalogue.MixerShape;
import dev.heed.nn.WeightSource;
import dev.heed.nn.Weights;
import dev.heed.tensor.Gradients;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.HashMap;
import java.util.Map;

/**
 * Exact softmax attention over all keys that a mechanism may see, with which approximations are
 * compared under the same projections.
 */
final class ExactReference implements AutoCloseable {
  /** Shared queries and keys are compared with their own full form, which takes n² memory. */
  private static final int LONGEST_SHARED = 4096;

  private final MixerShape shape;
  private final Inputs inputs;
  private final Map<Boolean, Outputs> exact = new HashMap<>();

  private record Outputs(Subject subject, Tensor random, Tensor recurring) {}

  /** Belongs to the current scope. */
  ExactReference(MixerShape shape, Inputs inputs) {
    this.shape = shape;
    this.inputs = inputs;
  }

  /** The error of a mechanism, to which this gives its own projections. */
  Deviation deviation(Subject subject) {
    Exactness exactness = subject.entry().exactness();
    if (exactness == Exactness.NO_SOFTMAX || exactness == Exactness.OTHER_SCORES) {
      return Deviation.none("not an approximation of softmax attention");
    }
    if (subject.parameters().containsKey("toqk.weight")) {
      return sharedQueriesAndKeys(subject);
    }
    Outputs expected = exact.computeIfAbsent(subject.causal(), this::compute);
    if (!SharedProjections.copy(expected.subject().parameters(), subject.parameters())) {
      return Deviation.none("its projections are not those of softmax attention");
    }
    return new Deviation(
        relative(subject.output(inputs.random()), expected.random()),
        relative(subject.output(inputs.recurring()), expected.recurring()),
        null);
  }

  private Outputs compute(boolean causal) {
    String name = causal ? "causal-attention" : "full-attention";
    Subject subject = Subject.of(MixerCatalogue.named(name), shape.withCausal(causal));
    return new Outputs(
        subject, subject.output(inputs.random()), subject.output(inputs.recurring()));
  }

  @Override
  public void close() {
    exact.values().forEach(outputs -> outputs.subject().close());
  }

  private Deviation sharedQueriesAndKeys(Subject subject) {
    if (shape.maxLength() > LONGEST_SHARED) {
      return Deviation.none(
          "its full form, with queries as keys, takes n² memory; known up to " + LONGEST_SHARED);
    }
    Weights weights = Weights.from(WeightSource.of(subject.parameters()));
    try (LshSelfAttention full = new LshSelfAttention(weights, shape.size(), shape.heads())) {
      return new Deviation(
          relative(subject.output(inputs.random()), full(full, subject, inputs.random())),
          relative(subject.output(inputs.recurring()), full(full, subject, inputs.recurring())),
          null);
    }
  }

  private static Tensor full(LshSelfAttention full, Subject subject, Tensor x) {
    return Gradients.disabled(() -> full.full(x, subject.causal()));
  }

  /** {@code ‖y − y*‖ / ‖y*‖}. */
  static double relative(Tensor output, Tensor expected) {
    try (TensorScope scope = TensorScope.open()) {
      double off = output.detach().sub(expected).square().sum().sqrt().item();
      return off / expected.square().sum().sqrt().item();
    }
  }
}
