package dev.heed.picture.mechanism;

import dev.heed.attention.AttentionRequest;
import dev.heed.attention.ScaledDotProduct;
import dev.heed.attention.mask.AttentionMask;
import dev.heed.attention.mask.BlockKind;
import dev.heed.attention.sparse.BigBirdMask;
import dev.heed.attention.sparse.FixedMask;
import dev.heed.attention.sparse.StridedMask;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/** Mechanisms that are a mask: the predicate itself, and the exact kernel's weights under it. */
final class MaskPictures {
  private static final int N = Sample.LENGTH;
  private static final int TILE = 4;

  private MaskPictures() {}

  static void addTo(Map<String, MechanismPictures.Recipe> recipes) {
    recipes.put("full-attention", MaskPictures::full);
    recipes.put("causal-attention", sample -> both(sample, "causal", AttentionMask.causal()));
    recipes.put("sliding-window", MaskPictures::window);
    recipes.put("dilated-window", MaskPictures::dilated);
    recipes.put(
        "chunked-attention",
        sample ->
            both(
                sample,
                "causal, chunks of 7",
                AttentionMask.causal().and(AttentionMask.chunks(7, List.of(0)))));
    recipes.put("global-tokens", MaskPictures::global);
    recipes.put("prefix-mask", MaskPictures::prefix);
    recipes.put("document-mask", MaskPictures::documents);
    recipes.put("padding-mask", sample -> both(sample, "17 tokens", AttentionMask.lengths(17)));
    recipes.put("bigbird", MaskPictures::bigBird);
    recipes.put("sparse-transformer", MaskPictures::sparse);
    recipes.put("blockwise-attention", MaskPictures::blocks);
  }

  /** Exact attention's weights, read off the kernel by one-hot values. */
  static MapPanel exact(Sample sample, String title, AttentionRequest request) {
    Tensor x = sample.head(N);
    Tensor map = EffectiveMap.of(new ScaledDotProduct(), x, x, request);
    return weights(title, MapKind.SOFTMAX, map);
  }

  /** Exact attention over all keys. */
  static MapPanel exact(Sample sample) {
    return exact(sample, "exact attention on the same input", AttentionRequest.plain());
  }

  /** The first head of {@code [B, H, N, N]}. */
  static MapPanel weights(String title, MapKind kind, Tensor map) {
    return MapPanel.of(
        title, kind, Sample.words("queries"), Sample.words("keys"), map.select(0, 0).select(0, 0));
  }

  static MapPanel mask(String title, AttentionMask mask) {
    Tensor allowed = mask.toTensor(1, 1, N, N).select(0, 0).select(0, 0).to(DType.F64);
    return MapPanel.of(title, MapKind.MASK, Sample.words("queries"), Sample.words("keys"), allowed);
  }

  /** The pairs that the first mask allows, by the first of the named parts that allows them. */
  static MapPanel classes(
      String title, AttentionMask whole, SequencedMap<String, AttentionMask> parts) {
    double[] kinds = new double[N * N];
    for (int query = 0; query < N; query++) {
      for (int key = 0; key < N; key++) {
        kinds[query * N + key] = whole.allows(0, 0, query, key) ? kind(parts, query, key) : 0;
      }
    }
    return MapPanel.classes(
        title,
        Sample.words("queries"),
        Sample.words("keys"),
        List.copyOf(parts.keySet()),
        Tensor.of(kinds, N, N));
  }

  private static int kind(SequencedMap<String, AttentionMask> parts, int query, int key) {
    int kind = 1;
    for (AttentionMask part : parts.values()) {
      if (part.allows(0, 0, query, key)) {
        return kind;
      }
      kind++;
    }
    throw new IllegalStateException("no part allows the pair " + query + ", " + key);
  }

  private static SequencedMap<String, AttentionMask> parts(Object... namesAndMasks) {
    SequencedMap<String, AttentionMask> parts = new LinkedHashMap<>();
    for (int i = 0; i < namesAndMasks.length; i += 2) {
      parts.put((String) namesAndMasks[i], (AttentionMask) namesAndMasks[i + 1]);
    }
    return parts;
  }

  private static List<Panel> both(Sample sample, String name, AttentionMask mask) {
    return List.of(
        mask("mask: " + name, mask), exact(sample, "weights", AttentionRequest.of(mask)));
  }

  private static List<Panel> full(Sample sample) {
    Tensor x = sample.head(N);
    Tensor unscaled = EffectiveMap.of(new ScaledDotProduct(1), x, x, AttentionRequest.plain());
    return List.of(
        exact(sample, "weights", AttentionRequest.plain()),
        weights("without the division by √d", MapKind.SOFTMAX, unscaled));
  }

  private static List<Panel> window(Sample sample) {
    AttentionMask causal = AttentionMask.slidingWindow(5).and(AttentionMask.causal());
    return List.of(
        mask("window of 5, causal", causal),
        mask("window of 2 before and 2 after", AttentionMask.window(2, 2)),
        exact(sample, "weights, causal", AttentionRequest.of(causal)));
  }

  private static List<Panel> dilated(Sample sample) {
    AttentionMask causal = AttentionMask.dilatedWindow(4, 0, 2);
    return List.of(
        mask("3 before and 3 after, 2 apart", AttentionMask.dilatedWindow(3, 3, 2)),
        mask("4 before, 2 apart", causal),
        exact(sample, "weights, 4 before", AttentionRequest.of(causal)));
  }

  private static List<Panel> global(Sample sample) {
    AttentionMask global = AttentionMask.globalTokens(marked(0, 12));
    AttentionMask window = AttentionMask.window(1, 1);
    AttentionMask both = global.or(window);
    return List.of(
        classes(
            "two global tokens, a window around all",
            both,
            parts("global", global, "window", window)),
        exact(sample, "weights", AttentionRequest.of(both)));
  }

  private static Tensor marked(int... tokens) {
    long[] marks = new long[N];
    for (int token : tokens) {
      marks[token] = 1;
    }
    return Tensor.of(marks, 1, N);
  }

  private static List<Panel> prefix(Sample sample) {
    AttentionMask prefix = AttentionMask.prefix(6);
    AttentionMask causal = AttentionMask.causal();
    return List.of(
        classes(
            "prefix of 6", prefix, parts("up to the query", causal, "later, but prefix", prefix)),
        exact(sample, "weights", AttentionRequest.of(prefix)));
  }

  private static List<Panel> documents(Sample sample) {
    long[] ids = new long[N];
    for (int i = 0; i < N; i++) {
      ids[i] = i < 5 ? 0 : i < 13 ? 1 : 2;
    }
    AttentionMask documents = AttentionMask.documents(Tensor.of(ids, 1, N));
    AttentionMask causal = documents.and(AttentionMask.causal());
    return List.of(
        mask("three documents in one row", documents),
        mask("the same, causal", causal),
        exact(sample, "weights, causal", AttentionRequest.of(causal)));
  }

  private static List<Panel> bigBird(Sample sample) {
    BigBirdMask whole = new BigBirdMask(new BigBirdMask.Pattern(2, N / 2, 1, 1, 1, 2, 1));
    SequencedMap<String, AttentionMask> parts =
        parts(
            "global",
            AttentionMask.globalTokens(marked(0, 1, N - 2, N - 1)),
            "window",
            new BigBirdMask(new BigBirdMask.Pattern(2, N / 2, 1, 1, 0, 0, 1)),
            "random",
            whole);
    return List.of(
        classes("blocks of 2 tokens", whole, parts),
        exact(sample, "weights", AttentionRequest.of(whole)));
  }

  private static List<Panel> sparse(Sample sample) {
    AttentionMask fixed = new FixedMask(1, 5, 1, 1);
    AttentionMask causal = AttentionMask.causal();
    AttentionMask recent = AttentionMask.slidingWindow(5).and(causal);
    AttentionMask strided = recent.or(new StridedMask(5));
    AttentionMask summary = (batch, head, query, key) -> key % 5 == 4;
    return List.of(
        classes(
            "strided, l = 5", strided, parts("last l", recent, "every l-th", new StridedMask(5))),
        classes("fixed, l = 5, c = 1", fixed, parts("summary", summary, "own stretch", fixed)),
        exact(sample, "weights, strided", AttentionRequest.of(strided)));
  }

  /** What the mask says of each tile, by which the kernel skips, tests or takes it whole. */
  private static List<Panel> blocks(Sample sample) {
    AttentionMask mask = AttentionMask.slidingWindow(10).and(AttentionMask.causal());
    int tiles = N / TILE;
    double[] kinds = new double[tiles * tiles];
    for (int at = 0; at < kinds.length; at++) {
      int query = at / tiles * TILE;
      int key = at % tiles * TILE;
      BlockKind kind = mask.classify(0, 0, query, query + TILE, key, key + TILE);
      kinds[at] =
          switch (kind) {
            case EMPTY -> 0;
            case PARTIAL -> 1;
            case FULL -> 2;
          };
    }
    return List.of(
        mask("the mask: causal window of 10", mask),
        MapPanel.classes(
            "its tiles of 4 × 4: empty ones are skipped",
            Axis.numbered("tiles of queries", tiles),
            Axis.numbered("tiles of keys", tiles),
            List.of("partial: test each pair", "full: no test"),
            Tensor.of(kinds, tiles, tiles)),
        exact(sample, "weights that the kernel never writes down", AttentionRequest.of(mask)));
  }
}
