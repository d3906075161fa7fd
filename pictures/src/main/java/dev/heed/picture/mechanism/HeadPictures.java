package dev.heed.picture.mechanism;

import dev.heed.attention.AttentionRequest;
import dev.heed.attention.DecodeState;
import dev.heed.attention.DifferentialAttention;
import dev.heed.attention.HeadProjections;
import dev.heed.attention.MultiHeadAttention;
import dev.heed.attention.ScaledDotProduct;
import dev.heed.attention.mask.AttentionMask;
import dev.heed.model.block.LayerBody;
import dev.heed.model.block.LayerCall;
import dev.heed.model.block.Residual;
import dev.heed.model.block.TransformerLayer;
import dev.heed.nn.Dropout;
import dev.heed.nn.Linear;
import dev.heed.nn.Norm;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What is built around attention: heads, a second sequence, layers, a cache. */
final class HeadPictures {
  private static final int N = Sample.LENGTH;
  private static final int HEADS = 4;
  private static final int TARGET = 9;

  /** Random projections are small at the start; a trained layer's heads differ more. */
  private static final double TRAINED = 3;

  private HeadPictures() {}

  static void addTo(Map<String, MechanismPictures.Recipe> recipes) {
    recipes.put("multi-head-attention", HeadPictures::multiHead);
    recipes.put("grouped-query-attention", HeadPictures::grouped);
    recipes.put("cross-attention", HeadPictures::cross);
    recipes.put("differential-attention", HeadPictures::differential);
    recipes.put("encoder-decoder-layers", HeadPictures::decoder);
    recipes.put("kv-cache", HeadPictures::cache);
  }

  /** Attention with seeded projections, scaled up. */
  static MultiHeadAttention attention(Weights weights, int heads, int keyHeads) {
    long keySize = (long) N / heads * keyHeads;
    MultiHeadAttention attention =
        new MultiHeadAttention(
            weights,
            new HeadProjections.Separate(
                Linear.of(weights.child("q_proj"), N, N, false),
                Linear.of(weights.child("k_proj"), N, keySize, false),
                Linear.of(weights.child("v_proj"), N, keySize, false),
                Linear.of(weights.child("out_proj"), N, N, false)),
            heads);
    Sample.parameter(attention, "q_proj.weight").mulInPlace(TRAINED);
    Sample.parameter(attention, "k_proj.weight").mulInPlace(TRAINED);
    return attention;
  }

  private static List<Panel> heads(Tensor weights) {
    List<Panel> panels = new ArrayList<>();
    for (int head = 0; head < weights.size(1); head++) {
      panels.add(MaskPictures.weights("head " + head, MapKind.SOFTMAX, weights.narrow(1, head, 1)));
    }
    return panels;
  }

  private static List<Panel> multiHead(Sample sample) {
    AttentionRequest request = AttentionRequest.plain().withWeights();
    MultiHeadAttention attention = attention(sample.weights("attention"), HEADS, HEADS);
    return heads(attention.apply(sample.vectors(N), request).requireWeights());
  }

  /** Values that are the number of their key head show which one a query head reads. */
  private static List<Panel> grouped(Sample sample) {
    int keyHeads = 2;
    MultiHeadAttention attention = attention(sample.weights("attention"), HEADS, keyHeads);
    List<Panel> panels =
        new ArrayList<>(
            heads(
                attention
                    .apply(sample.vectors(N), AttentionRequest.plain().withWeights())
                    .requireWeights()));
    Tensor q = sample.normal(1, HEADS, 1, 3);
    Tensor k = sample.normal(1, keyHeads, 1, 3);
    Tensor v = Tensor.eye(keyHeads, DType.F64).reshape(1, keyHeads, 1, keyHeads);
    Tensor read = new ScaledDotProduct().apply(q, k, v, AttentionRequest.plain()).output();
    panels.addFirst(
        MapPanel.classes(
            "which key head each query head reads",
            Axis.numbered("query heads", HEADS),
            Axis.numbered("key heads", keyHeads),
            List.of("reads"),
            read.reshape(HEADS, keyHeads)));
    return panels;
  }

  private static List<Panel> cross(Sample sample) {
    Tensor keys = sample.head(N);
    Tensor queries = keys.narrow(2, 4, TARGET);
    Tensor map = EffectiveMap.of(new ScaledDotProduct(), queries, keys, AttentionRequest.plain());
    return List.of(
        MapPanel.of(
            "one sequence looks at another",
            MapKind.SOFTMAX,
            Axis.of("target", Sample.words("").names().subList(4, 4 + TARGET)),
            Sample.words("source"),
            map.select(0, 0).select(0, 0)));
  }

  /** With seeded projections, scaled up, and the λ of a deep layer. */
  private static List<Panel> differential(Sample sample) {
    DifferentialAttention attention =
        new DifferentialAttention(
            sample.weights("differential"),
            new DifferentialAttention.Config(N, 1, N / 2, DifferentialAttention.lambdaInit(8)));
    Sample.parameter(attention, "q_proj.weight").mulInPlace(TRAINED);
    Sample.parameter(attention, "k_proj.weight").mulInPlace(TRAINED);
    DifferentialAttention.Maps maps = attention.maps(sample.vectors(N), AttentionRequest.plain());
    return List.of(
        MaskPictures.weights(
            "first − λ · second, λ₀ of layer 8", MapKind.NOT_SOFTMAX, maps.difference()),
        MaskPictures.weights("first", MapKind.SOFTMAX, maps.first()),
        MaskPictures.weights("second", MapKind.SOFTMAX, maps.second()));
  }

  private static List<Panel> decoder(Sample sample) {
    Weights weights = sample.weights("layer");
    Norm norm = x -> x.layerNorm(null, null, 1e-5);
    Dropout none = new Dropout(0);
    TransformerLayer layer =
        new TransformerLayer(
            weights,
            Residual.pre(norm, LayerBody.self(attention(weights.child("self"), 1, 1)), none),
            Residual.pre(norm, LayerBody.cross(attention(weights.child("cross"), 1, 1)), none),
            Residual.pre(norm, LayerBody.each((x, trace) -> x.relu()), none));
    Tensor source = sample.vectors(N);
    LayerCall call =
        new LayerCall(
            AttentionRequest.of(AttentionMask.causal()).withWeights(),
            source,
            AttentionRequest.plain().withWeights());
    layer.apply(source.narrow(1, 0, TARGET), call);
    Tensor self = java.util.Objects.requireNonNull(call.selfWeights());
    Tensor cross = java.util.Objects.requireNonNull(call.crossWeights());
    Axis target = Sample.words("target", TARGET);
    return List.of(
        MapPanel.of(
            "decoder: self-attention, causal",
            MapKind.SOFTMAX,
            target,
            Sample.words("target", TARGET),
            self.select(0, 0).select(0, 0)),
        MapPanel.of(
            "decoder: attention to the encoder's output",
            MapKind.SOFTMAX,
            target,
            Sample.words("source"),
            cross.select(0, 0).select(0, 0)));
  }

  private static List<Panel> cache(Sample sample) {
    MultiHeadAttention attention = attention(sample.weights("attention"), 1, 1);
    Tensor x = sample.vectors(N);
    List<Tensor> rows = new ArrayList<>();
    try (DecodeState state = new DecodeState()) {
      for (int step = 0; step < N; step++) {
        AttentionRequest request =
            AttentionRequest.of(AttentionMask.causal()).withState(state).withWeights();
        Tensor row = attention.apply(x.narrow(1, step, 1), request).requireWeights();
        rows.add(row.pad(0, 0, N - row.size(-1)));
      }
    }
    Tensor whole =
        attention
            .apply(x, AttentionRequest.of(AttentionMask.causal()).withWeights())
            .requireWeights();
    Tensor steps = Tensor.cat(rows, 2);
    Tensor difference = steps.sub(whole).abs().max();
    return List.of(
        MaskPictures.weights("token by token, from the cache", MapKind.SOFTMAX, steps),
        MaskPictures.weights(
            String.format(
                Locale.ROOT,
                "all at once (largest difference %.0e)",
                difference.reshape(Shape.of(1).toArray()).item()),
            MapKind.SOFTMAX,
            whole));
  }
}
