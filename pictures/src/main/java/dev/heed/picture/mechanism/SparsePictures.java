package dev.heed.picture.mechanism;

import dev.heed.attention.AttentionOutput;
import dev.heed.attention.AttentionRequest;
import dev.heed.attention.mask.AttentionMask;
import dev.heed.attention.score.RelativeBuckets;
import dev.heed.attention.sparse.AutoCorrelation;
import dev.heed.attention.sparse.LocalColumns;
import dev.heed.attention.sparse.LongformerAttention;
import dev.heed.attention.sparse.LshAttention;
import dev.heed.attention.sparse.ProbSparseAttention;
import dev.heed.attention.sparse.SharedQkAttention;
import dev.heed.attention.sparse.TransientGlobalAttention;
import dev.heed.attention.sparse.TransientGlobalAttention.Sums;
import dev.heed.nn.RmsNorm;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Sparse mechanisms that are more than a mask: Longformer's, LongT5's, the Reformer's, and those of
 * forecasters.
 */
final class SparsePictures {
  private static final int N = Sample.LENGTH;
  private static final int BLOCK = 4;
  private static final int BUCKET = 3;
  private static final int ROUNDS = 2;

  private SparsePictures() {}

  static void addTo(Map<String, MechanismPictures.Recipe> recipes) {
    recipes.put("longformer", SparsePictures::longformer);
    recipes.put("transient-global", SparsePictures::transientGlobal);
    recipes.put("reformer", SparsePictures::reformer);
    recipes.put("probsparse", SparsePictures::probSparse);
    recipes.put("auto-correlation", SparsePictures::autoCorrelation);
  }

  private static MapPanel words(String title, MapKind kind, Tensor map) {
    return MapPanel.of(title, kind, Sample.words("queries"), Sample.words("keys"), map);
  }

  private static List<Panel> longformer(Sample sample) {
    return List.of(
        longformer(sample, "window of 2 on either side, dilation 1", 1),
        longformer(sample, "the same, dilation 2", 2),
        MaskPictures.exact(sample));
  }

  private static MapPanel longformer(Sample sample, String title, int dilation) {
    LongformerAttention attention =
        new LongformerAttention(
            sample.weights("longformer"),
            N,
            1,
            length -> LocalColumns.sliding(length, 2, dilation));
    Sample.identity(attention, "value", "value_global");
    sample.words(attention, "query", "key", "query_global", "key_global");
    long[] kinds = new long[N];
    kinds[0] = 1;
    Tensor map = attention.apply(Sample.oneHot(N), Tensor.of(kinds, 1, N)).output();
    return words(title + ", first token global", MapKind.SOFTMAX, map.select(0, 0));
  }

  private static List<Panel> transientGlobal(Sample sample) {
    Weights weights = sample.weights("transient");
    Sums sums =
        new Sums(
            2, BLOCK, new RelativeBuckets(true, 8, N), Tensor.zeros(Shape.of(8, 1), DType.F64));
    TransientGlobalAttention attention =
        new TransientGlobalAttention(
            weights.child("sums"),
            HeadPictures.attention(weights, 1, 1),
            new RmsNorm(weights.child("norm"), N, 1e-6),
            sums);
    AttentionOutput read =
        attention.apply(sample.vectors(N), AttentionRequest.plain().withWeights());
    Tensor outline = Objects.requireNonNull(read.global()).select(0, 0).select(0, 0);
    Tensor near = read.requireWeights().select(0, 0).select(0, 0);
    List<String> names =
        Stream.concat(
                IntStream.range(0, N / BLOCK).mapToObj(i -> "sum " + i),
                Sample.words("").names().stream())
            .toList();
    return List.of(
        MapPanel.of(
            "sums of blocks of " + BLOCK + " words, then a window of 2 on either side",
            MapKind.SOFTMAX,
            Sample.words("queries"),
            Axis.of("keys", names),
            Tensor.cat(List.of(outline, near), -1)),
        MaskPictures.exact(sample));
  }

  private static List<Panel> reformer(Sample sample) {
    LshAttention attention = new LshAttention(BUCKET, false, false, true);
    Tensor qk = sample.vectors(N);
    Tensor rotations = attention.rotations(sample.generator(), N, N, ROUNDS, DType.F64);
    LshAttention.Result all = attention.attend(qk, Sample.oneHot(N), rotations, null, false);
    LshAttention.Result first =
        attention.attend(qk, Sample.oneHot(N), rotations.narrow(1, 0, 1), null, false);
    Tensor perRound = Tensor.arange(ROUNDS, DType.I64).mul(N / BUCKET).unsqueeze(1);
    Tensor buckets = all.buckets().reshape(ROUNDS, N).sub(perRound);
    return List.of(
        MapPanel.classes(
            "the bucket of each word",
            Axis.numbered("round", ROUNDS),
            Sample.words("words"),
            IntStream.range(0, N / BUCKET).mapToObj(i -> "bucket " + i).toList(),
            buckets.add(1)),
        sorted(buckets.select(0, 0), first.output().select(0, 0)),
        words("weights of both rounds together", MapKind.SOFTMAX, all.output().select(0, 0)),
        words(
            "full attention with shared queries and keys",
            MapKind.SOFTMAX,
            SharedQkAttention.apply(qk, Sample.oneHot(N), false).output().select(0, 0)));
  }

  private static List<Panel> probSparse(Sample sample) {
    Tensor x = sample.head(N);
    AttentionRequest causal = AttentionRequest.of(AttentionMask.causal());
    return List.of(
        words(
            "four queries read, the others take all alike",
            MapKind.ESTIMATE,
            EffectiveMap.of(new ProbSparseAttention(1, false), x, x, AttentionRequest.plain())
                .select(0, 0)
                .select(0, 0)),
        words(
            "causal: the others take the sum of what came before",
            MapKind.NOT_SOFTMAX,
            EffectiveMap.of(new ProbSparseAttention(1, true), x, x, causal)
                .select(0, 0)
                .select(0, 0)),
        MaskPictures.exact(sample));
  }

  private static List<Panel> autoCorrelation(Sample sample) {
    Tensor x = sample.head(N);
    Tensor later = x.roll(2, 2);
    return List.of(
        delays("the keys come again two steps later as queries: read two on", later, x),
        delays("queries are the keys: they agree most where they stand", x, x),
        MaskPictures.exact(sample));
  }

  private static MapPanel delays(String title, Tensor q, Tensor k) {
    AutoCorrelation mechanism = new AutoCorrelation(1, AutoCorrelation.Variant.AUTHORS);
    Tensor map = EffectiveMap.of(mechanism, q, k, AttentionRequest.plain());
    return words(title, MapKind.NOT_SOFTMAX, map.select(0, 0).select(0, 0));
  }

  /** Who attends to whom when the words stand sorted by bucket: chunks and the ones before. */
  private static MapPanel sorted(Tensor buckets, Tensor weights) {
    long[] bucket = buckets.toLongArray();
    int[] order =
        IntStream.range(0, N)
            .boxed()
            .sorted(Comparator.comparingLong((Integer i) -> bucket[i]).thenComparing(i -> i))
            .mapToInt(i -> i)
            .toArray();
    Tensor places = Tensor.of(IntStream.of(order).asLongStream().toArray(), N);
    Tensor attended = weights.gt(0).to(DType.F64).indexSelect(0, places).indexSelect(1, places);
    List<String> names = Sample.words("").names();
    List<String> sorted = IntStream.of(order).mapToObj(names::get).toList();
    return MapPanel.of(
        "round 0, words sorted by bucket: chunks of 3 and the chunk before",
        MapKind.MASK,
        Axis.of("queries, sorted", sorted),
        Axis.of("keys, sorted", sorted),
        attended);
  }
}
