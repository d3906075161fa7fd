package dev.heed.picture.mechanism;

import dev.heed.attention.AttentionRequest;
import dev.heed.attention.ScaledDotProduct;
import dev.heed.attention.mask.AttentionMask;
import dev.heed.mixer.linear.GatedDeltaRule;
import dev.heed.mixer.linear.LightningAttention;
import dev.heed.mixer.linear.LinearAttention;
import dev.heed.mixer.linear.Linformer;
import dev.heed.mixer.linear.MemoryCompressedAttention;
import dev.heed.mixer.linear.NystromAttention;
import dev.heed.mixer.linear.OrthogonalProjection;
import dev.heed.mixer.linear.OrthogonalProjection.Length;
import dev.heed.mixer.linear.Performer;
import dev.heed.nn.Activation;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import java.util.List;
import java.util.Map;

/** Mechanisms of linear cost: the map they amount to, beside exact attention. */
final class LinearPictures {
  private static final int N = Sample.LENGTH;

  /** The estimate's variance grows with the exponential of the lengths: shorter vectors. */
  private static final double SHORTER = 0.6;

  /** Features that grow slowly tell vectors apart only if they are long. */
  private static final double LONGER = 5;

  private LinearPictures() {}

  static void addTo(Map<String, MechanismPictures.Recipe> recipes) {
    recipes.put("linear-transformer", LinearPictures::linearTransformer);
    recipes.put("performer", LinearPictures::performer);
    recipes.put("linformer", LinearPictures::linformer);
    recipes.put("nystromformer", LinearPictures::nystrom);
    recipes.put("memory-compressed", LinearPictures::memoryCompressed);
    recipes.put("gated-delta-net", LinearPictures::gatedDelta);
    recipes.put("lightning-attention", LinearPictures::lightning);
  }

  private static MapPanel features(
      Sample sample,
      String title,
      MapKind kind,
      LinearAttention attention,
      AttentionRequest request) {
    Tensor x = sample.head(N).mul(LONGER);
    return MaskPictures.weights(title, kind, EffectiveMap.of(attention.mechanism(), x, x, request));
  }

  private static List<Panel> linearTransformer(Sample sample) {
    return List.of(
        features(
            sample,
            "φ = elu + 1, of the words times 5",
            MapKind.NOT_SOFTMAX,
            LinearAttention.transformer(false),
            AttentionRequest.plain()),
        features(
            sample,
            "the same, causal",
            MapKind.NOT_SOFTMAX,
            LinearAttention.transformer(true),
            AttentionRequest.of(AttentionMask.causal())),
        MaskPictures.exact(sample, "exact attention of the words", AttentionRequest.plain()));
  }

  private static List<Panel> performer(Sample sample) {
    Tensor x = sample.head(N).mul(SHORTER);
    Tensor exact = EffectiveMap.of(new ScaledDotProduct(), x, x, AttentionRequest.plain());
    Tensor relu =
        EffectiveMap.of(
            Performer.relu(projection(sample, 64), false).mechanism(),
            x,
            x,
            AttentionRequest.plain());
    return List.of(
        estimate(sample, x, 24),
        estimate(sample, x, 1024),
        MaskPictures.weights("ReLU kernel, 64 features", MapKind.NOT_SOFTMAX, relu),
        MaskPictures.weights("exact attention on the same input", MapKind.SOFTMAX, exact));
  }

  private static MapPanel estimate(Sample sample, Tensor x, int features) {
    LinearAttention attention = Performer.softmax(projection(sample, features), false);
    return MaskPictures.weights(
        "softmax kernel, " + features + " random features",
        MapKind.ESTIMATE,
        EffectiveMap.of(attention.mechanism(), x, x, AttentionRequest.plain()));
  }

  private static Tensor projection(Sample sample, int features) {
    return OrthogonalProjection.draw(sample.generator(), features, N, Length.GAUSSIAN, DType.F64);
  }

  private static List<Panel> linformer(Sample sample) {
    int rows = 6;
    Linformer layer =
        new Linformer(
            sample.weights("linformer"), new Linformer.Config(N, N, rows, 1, false, false));
    Sample.identity(layer, "to_v", "to_out");
    sample.words(layer, "to_q", "to_k");
    Linformer.Mixed mixed = layer.apply(Sample.oneHot(N));
    return List.of(
        MapPanel.of(
            "weights of the 6 projected keys",
            MapKind.SOFTMAX,
            Sample.words("queries"),
            Axis.numbered("projected keys", rows),
            mixed.weights().select(0, 0).select(0, 0)),
        MapPanel.of(
            "the map over tokens: those weights times Fᵀ, seeded",
            MapKind.NOT_SOFTMAX,
            Sample.words("queries"),
            Sample.words("keys"),
            mixed.output().select(0, 0)),
        MaskPictures.exact(sample));
  }

  /**
   * The convolution is the mean of its tokens, so that the map over tokens is one number a pair.
   */
  private static List<Panel> memoryCompressed(Sample sample) {
    return List.of(
        compressed(sample, "factor 3, causal", true),
        compressed(sample, "factor 3, both directions", false),
        MaskPictures.exact(sample));
  }

  private static List<Panel> nystrom(Sample sample) {
    return List.of(landmarks(sample, 6), landmarks(sample, 12), MaskPictures.exact(sample));
  }

  /** The first layer of four: its two heads forget at different rates. */
  private static List<Panel> lightning(Sample sample) {
    LightningAttention layer =
        new LightningAttention(
            sample.weights("lightning"),
            N,
            2,
            N,
            Activation.SILU,
            new LightningAttention.Depth(0, 4));
    Sample.parameter(layer, "qkv_proj.weight").mulInPlace(3);
    Tensor maps = layer.effectiveMap(sample.vectors(N));
    return List.of(
        MaskPictures.weights(
            "head 0: a sixteenth a step", MapKind.NOT_SOFTMAX, maps.narrow(1, 0, 1)),
        MaskPictures.weights("head 1: a 256th a step", MapKind.NOT_SOFTMAX, maps.narrow(1, 1, 1)));
  }

  /** The rule alone, on the words as queries and keys of length one. */
  private static List<Panel> gatedDelta(Sample sample) {
    Tensor words = sample.head(N);
    Tensor x = words.div(words.norm(-1, true));
    Tensor sums = x.matmul(x.transpose(-2, -1)).tril(0);
    return List.of(
        delta("β = 1: a key that comes again takes the place of its last value", x, 1, 1),
        delta("β = 0.5: it takes half of it", x, 1, 0.5),
        delta("β = 1, and α = 0.8: each step forgets a fifth", x, 0.8, 1),
        MaskPictures.weights(
            "linear attention: nothing is taken away, sums of q·k", MapKind.NOT_SOFTMAX, sums));
  }

  private static MapPanel delta(String title, Tensor x, double decay, double rate) {
    Tensor each = x.select(-1, 0).mul(0);
    Tensor oneHot = Tensor.eye(N, x.dtype()).unsqueeze(0).unsqueeze(0);
    Tensor map =
        GatedDeltaRule.apply(x, x, oneHot, each.add(Math.log(decay)), each.add(rate), null)
            .output();
    return MaskPictures.weights(title, MapKind.NOT_SOFTMAX, map);
  }

  private static MapPanel landmarks(Sample sample, int landmarks) {
    Tensor x = sample.head(N);
    return MaskPictures.weights(
        landmarks + " landmarks, each the mean of " + N / landmarks + " tokens",
        MapKind.ESTIMATE,
        EffectiveMap.of(new NystromAttention(landmarks), x, x, AttentionRequest.plain()));
  }

  private static MapPanel compressed(Sample sample, String title, boolean causal) {
    int factor = 3;
    MemoryCompressedAttention layer =
        new MemoryCompressedAttention(
            sample.weights("compressed"),
            new MemoryCompressedAttention.Config(N, 1, factor, causal));
    Tensor words = sample.vectors(N).squeeze(0).transpose(0, 1);
    Tensor eye = Tensor.eye(N, DType.F64);
    Sample.parameter(layer, "to_qkv.weight").assign(Tensor.cat(List.of(words, words, eye), 0));
    Sample.parameter(layer, "compress_fn.conv.weight")
        .assign(eye.unsqueeze(2).expand(-1, -1, factor).div(factor));
    Sample.parameter(layer, "compress_fn.conv.bias").fill(0);
    Sample.identity(layer, "to_out");
    Tensor map = layer.apply(Sample.oneHot(N)).output().select(0, 0);
    return MapPanel.of(
        title + "; the learned row takes what is left to 1",
        MapKind.NOT_SOFTMAX,
        Sample.words("queries"),
        Sample.words("keys"),
        map);
  }
}
