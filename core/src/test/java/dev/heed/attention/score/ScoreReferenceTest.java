package dev.heed.attention.score;

import dev.heed.attention.AttentionMechanism;
import dev.heed.attention.AttentionOutput;
import dev.heed.attention.AttentionRequest;
import dev.heed.attention.HeadProjections;
import dev.heed.attention.MultiHeadAttention;
import dev.heed.attention.ScaledDotProduct;
import dev.heed.attention.mask.AttentionMask;
import dev.heed.golden.MechanismReference;
import dev.heed.golden.Recording;
import dev.heed.golden.ReferenceCase;
import dev.heed.golden.Results;
import dev.heed.nn.Initializer;
import dev.heed.nn.Linear;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.LongStream;

class ScoreReferenceTest extends MechanismReference {
  @Override
  protected List<ReferenceCase> cases() {
    return List.of(
        ReferenceCase.of("alibi_slopes", ScoreReferenceTest::slopes),
        ReferenceCase.of("alibi_attention", ScoreReferenceTest::alibi),
        ReferenceCase.of("t5_buckets", ScoreReferenceTest::buckets),
        ReferenceCase.of("t5_attention_bidirectional", ScoreReferenceTest::t5),
        ReferenceCase.of("t5_attention_unidirectional", ScoreReferenceTest::t5));
  }

  private static Results slopes(Recording ref) {
    Results results = new Results();
    for (int heads = 1; heads <= ref.integer("max_heads"); heads++) {
      results.output("slopes_" + heads, Tensor.of(Alibi.slopes(heads), heads).to(ref.dtype()));
    }
    return results;
  }

  private static Results alibi(Recording ref) {
    AttentionRequest request =
        AttentionRequest.of(AttentionMask.causal())
            .withModifier(Alibi.ofHeads(ref.integer("heads")));
    AttentionMechanism mechanism = new ScaledDotProduct();
    AttentionOutput fused =
        mechanism.apply(ref.input("q"), ref.input("k"), ref.input("v"), request);
    AttentionOutput written =
        mechanism.apply(ref.input("q"), ref.input("k"), ref.input("v"), request.withWeights());
    return new Results().output("y", fused.output()).weights("attn", written.requireWeights());
  }

  private static Results buckets(Recording ref) {
    return new Results()
        .output("bidirectional", buckets(ref, true))
        .output("unidirectional", buckets(ref, false));
  }

  private static Tensor buckets(Recording ref, boolean bidirectional) {
    IntUnaryOperator bucket =
        new RelativeBuckets(bidirectional, ref.integer("num_buckets"), ref.integer("max_distance"))
            ::bucket;
    Tensor distances = ref.input("relative_position");
    long[] found =
        LongStream.of(distances.toLongArray()).map(d -> bucket.applyAsInt((int) d)).toArray();
    return Tensor.of(found, distances.shape().toArray());
  }

  private static Results t5(Recording ref) {
    Weights weights = ref.weights();
    long size = ref.integer("dim");
    int heads = ref.integer("heads");
    long inner = (long) heads * ref.integer("d_kv");
    MultiHeadAttention attention =
        new MultiHeadAttention(
            weights,
            new HeadProjections.Separate(
                Linear.of(weights.child("q"), size, inner, false),
                Linear.of(weights.child("k"), size, inner, false),
                Linear.of(weights.child("v"), size, inner, false),
                Linear.of(weights.child("o"), inner, size, false)),
            heads,
            new ScaledDotProduct(1),
            null);
    boolean decoder = ref.flag("is_decoder");
    int count = ref.integer("num_buckets");
    RelativeBuckets buckets = new RelativeBuckets(!decoder, count, ref.integer("max_distance"));
    Tensor table =
        weights.parameter("relative_attention_bias.weight", Initializer.ZEROS, count, heads);
    BucketBias bias = new BucketBias(buckets, table);
    AttentionRequest request =
        AttentionRequest.of(decoder ? AttentionMask.causal() : null).withModifier(bias);
    Tensor x = ref.input("x");
    return new Results()
        .output("y", attention.apply(x, request).output())
        .weights("attn", attention.apply(x, request.withWeights()).requireWeights());
  }
}
