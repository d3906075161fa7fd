package dev.heed.picture.mechanism;

import dev.heed.attention.AttentionRequest;
import dev.heed.attention.HeadChange;
import dev.heed.attention.HeadProjections;
import dev.heed.attention.HeadSizes;
import dev.heed.attention.LatentAttention;
import dev.heed.attention.MultiHeadAttention;
import dev.heed.attention.ScaledDotProduct;
import dev.heed.attention.SharedKeys;
import dev.heed.attention.SinkAttention;
import dev.heed.attention.mask.AttentionMask;
import dev.heed.attention.position.PairLayout;
import dev.heed.attention.position.RotaryPositions;
import dev.heed.nn.Linear;
import dev.heed.nn.Weights;
import dev.heed.nn.moe.Router;
import dev.heed.nn.moe.TopKRouter;
import dev.heed.tensor.DType;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Mechanisms of present-day decoders. */
final class DecoderPictures {
  private static final int N = Sample.LENGTH;
  private static final AttentionRequest CAUSAL =
      AttentionRequest.of(AttentionMask.causal()).withWeights();

  private DecoderPictures() {}

  static void addTo(Map<String, MechanismPictures.Recipe> recipes) {
    recipes.put("latent-attention", DecoderPictures::latent);
    recipes.put("attention-sinks", DecoderPictures::sinks);
    recipes.put("gated-attention", DecoderPictures::gated);
    recipes.put("cross-layer-keys", DecoderPictures::shared);
    recipes.put("mixture-of-experts", DecoderPictures::experts);
  }

  private static List<Panel> latent(Sample sample) {
    LatentAttention attention =
        new LatentAttention(
            sample.weights("latent"),
            new LatentAttention.Sizes(N, 2, 8, 4, 8, 6, null),
            false,
            HeadChange.rotary(new RotaryPositions(PairLayout.HALF_SPLIT, 4, 10_000)),
            new ScaledDotProduct(1));
    Sample.parameter(attention, "q_proj.weight").mulInPlace(3);
    Tensor weights = attention.apply(sample.vectors(N), CAUSAL).requireWeights();
    return List.of(
        MaskPictures.weights(
            "head 0 of 2, keys made of 6 numbers a token",
            MapKind.SOFTMAX,
            weights.narrow(1, 0, 1)),
        MaskPictures.weights("head 1", MapKind.SOFTMAX, weights.narrow(1, 1, 1)));
  }

  private static List<Panel> sinks(Sample sample) {
    Tensor x = sample.head(N);
    List<Panel> panels = new ArrayList<>();
    for (double score : new double[] {0, 3}) {
      Tensor sink = Tensor.full(Shape.of(1), score, DType.F64);
      SinkAttention attention = new SinkAttention(new ScaledDotProduct(), sink);
      panels.add(
          MaskPictures.weights(
              "weights beside a sink of " + (int) score,
              MapKind.NOT_SOFTMAX,
              attention.apply(x, x, x, CAUSAL).requireWeights()));
    }
    panels.add(MaskPictures.exact(sample, "without a sink", CAUSAL));
    return panels;
  }

  /** One head on the words, whose gate a seeded map makes. */
  private static List<Panel> gated(Sample sample) {
    Weights weights = sample.weights("gated");
    MultiHeadAttention attention =
        new MultiHeadAttention(
            weights, HeadProjections.gated(weights, new HeadSizes(N, 1, 1, N), false), 1);
    Tensor both = Sample.parameter(attention, "q_proj.weight").mulInPlace(3);
    Sample.parameter(attention, "k_proj.weight").mulInPlace(3);
    Tensor x = sample.vectors(N);
    Tensor gate = x.matmul(both.narrow(0, N, N).transpose(0, 1)).sigmoid();
    return List.of(
        MaskPictures.weights(
            "weights, which the gate leaves as they are",
            MapKind.SOFTMAX,
            attention.apply(x, CAUSAL).requireWeights()),
        MapPanel.of(
            "the gate: the share of each element that passes",
            MapKind.NUMBERS,
            Sample.words("queries"),
            Axis.numbered("elements", N),
            gate.select(0, 0)));
  }

  /** Two layers of one head on the same states: the second has queries of its own only. */
  private static List<Panel> shared(Sample sample) {
    MultiHeadAttention lender = HeadPictures.attention(sample.weights("lender"), 1, 1).lending();
    Weights weights = sample.weights("borrower");
    MultiHeadAttention borrower =
        new MultiHeadAttention(
            weights,
            new HeadProjections.Borrowed(
                Linear.of(weights.child("q_proj"), N, N, false), 1, lender.path(), null),
            1);
    Sample.parameter(borrower, "q_proj.weight").mulInPlace(3);
    Tensor x = sample.vectors(N);
    try (SharedKeys keys = new SharedKeys()) {
      AttentionRequest request = CAUSAL.withShared(keys);
      return List.of(
          MaskPictures.weights(
              "the layer that lends its keys",
              MapKind.SOFTMAX,
              lender.apply(x, request).requireWeights()),
          MaskPictures.weights(
              "a later layer that borrows them",
              MapKind.SOFTMAX,
              borrower.apply(x, request).requireWeights()));
    }
  }

  private static List<Panel> experts(Sample sample) {
    int experts = 6;
    TopKRouter router = TopKRouter.softmax(sample.weights("router"), N, experts, 2, true);
    Sample.parameter(router, "weight").mulInPlace(3);
    Router.Routing routing = router.route(sample.vectors(N).squeeze(0));
    Tensor chosen =
        Tensor.zeros(Shape.of(N, experts), DType.F64)
            .scatter(-1, routing.experts(), routing.weights());
    return List.of(
        MapPanel.of(
            "two experts of six for each token, and their weights",
            MapKind.SOFTMAX,
            Sample.words("tokens"),
            Axis.numbered("experts", experts),
            chosen),
        MapPanel.of(
            "the router's logits",
            MapKind.SCORES,
            Sample.words("tokens"),
            Axis.numbered("experts", experts),
            routing.logits()));
  }
}
