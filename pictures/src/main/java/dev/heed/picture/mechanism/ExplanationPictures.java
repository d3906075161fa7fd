package dev.heed.picture.mechanism;

import dev.heed.attention.AttentionRequest;
import dev.heed.attention.MultiHeadAttention;
import dev.heed.explain.AttentionFlow;
import dev.heed.explain.AttentionGradients;
import dev.heed.explain.AttentionRollout;
import dev.heed.explain.GradientRelevance;
import dev.heed.nn.Trace;
import dev.heed.tensor.Gradients;
import dev.heed.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** What layers of attention amount to together, on three seeded layers of two heads. */
final class ExplanationPictures {
  private static final int N = Sample.LENGTH;
  private static final int WORDS = 12;
  private static final int LAYERS = 3;

  private ExplanationPictures() {}

  static void addTo(Map<String, MechanismPictures.Recipe> recipes) {
    recipes.put("attention-rollout", ExplanationPictures::rollout);
    recipes.put("attention-flow", ExplanationPictures::flow);
    recipes.put("gradient-relevance", ExplanationPictures::relevance);
  }

  /** Residual layers of attention. */
  private record Stack(List<MultiHeadAttention> layers) {
    static Stack of(Sample sample) {
      return new Stack(
          IntStream.range(0, LAYERS)
              .mapToObj(i -> HeadPictures.attention(sample.weights("layers").child("" + i), 2, 2))
              .toList());
    }

    Tensor run(Tensor input, Trace trace) {
      Tensor x = input;
      for (MultiHeadAttention layer : layers) {
        x = x.add(layer.apply(x, AttentionRequest.of(null, trace)).output());
      }
      return x;
    }

    List<String> points() {
      return layers.stream().map(layer -> layer.path() + ".pattern").toList();
    }

    /** {@code [layers, heads, words, words]}. */
    Tensor weights(Tensor input) {
      List<Tensor> maps = new ArrayList<>();
      try (Trace trace = Trace.record(points()::contains)) {
        run(input, trace);
        points().forEach(point -> maps.add(trace.value(point).copy()));
      }
      return Tensor.cat(maps, 0);
    }
  }

  private static MapPanel panel(String title, MapKind kind, Tensor map) {
    return MapPanel.of(
        title,
        kind,
        Sample.words("token after the layers", WORDS),
        Sample.words("input", WORDS),
        map);
  }

  private static MapPanel lastLayer(Tensor weights) {
    return panel(
        "weights of the last layer, mean of its heads",
        MapKind.SOFTMAX,
        weights.select(0, LAYERS - 1).mean(0, false));
  }

  private static List<Panel> rollout(Sample sample) {
    Tensor weights = Stack.of(sample).weights(sample.vectors(WORDS, N));
    return List.of(
        panel(
            "rollout through three layers",
            MapKind.NOT_SOFTMAX,
            AttentionRollout.of(weights).select(0, LAYERS - 1)),
        panel(
            "without residual connections",
            MapKind.NOT_SOFTMAX,
            AttentionRollout.withoutResidual(weights).select(0, LAYERS - 1)),
        lastLayer(weights));
  }

  private static List<Panel> flow(Sample sample) {
    Tensor weights = Stack.of(sample).weights(sample.vectors(WORDS, N));
    AttentionFlow flow = AttentionFlow.of(weights);
    return List.of(
        panel("shares of the flow", MapKind.NOT_SOFTMAX, flow.shares().select(0, LAYERS - 1)),
        panel("maximum flow", MapKind.NUMBERS, flow.flow().select(0, LAYERS - 1)),
        lastLayer(weights));
  }

  private static List<Panel> relevance(Sample sample) {
    Stack stack = Stack.of(sample);
    Tensor input = sample.vectors(WORDS, N);
    Tensor direction = sample.normal(N);
    AttentionGradients gradients =
        Gradients.enabled(() ->
            AttentionGradients.of(
                stack.points(),
                trace -> stack.run(input, trace).select(1, WORDS - 1).mul(direction).sum()));
    Tensor relevance = GradientRelevance.of(gradients);
    Tensor last = relevance.select(0, LAYERS - 1);
    Tensor learned = last.rank() == 3 ? last.select(0, 0) : last;
    return List.of(
        panel("relevance for a score of the last token", MapKind.NOT_SOFTMAX, learned),
        lastLayer(stack.weights(input)));
  }
}
