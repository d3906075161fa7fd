package dev.heed.attention;

import dev.heed.attention.mask.AttentionMask;
import dev.heed.attention.position.RelativeKeyPositions;
import dev.heed.attention.position.ShawRelativePositions;
import dev.heed.attention.score.ScoreBias;
import dev.heed.golden.MechanismReference;
import dev.heed.golden.Recording;
import dev.heed.golden.ReferenceCase;
import dev.heed.golden.Results;
import dev.heed.nn.Dropout;
import dev.heed.nn.Initializer;
import dev.heed.nn.Linear;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import java.util.List;

class RelativeReferenceTest extends MechanismReference {
  @Override
  protected List<ReferenceCase> cases() {
    return List.of(
        ReferenceCase.of("shaw_tensor2tensor", RelativeReferenceTest::tensor2tensor),
        ReferenceCase.of("shaw_opennmt", RelativeReferenceTest::openNmt),
        ReferenceCase.of("relative_key_bert", ref -> bert(ref, false)),
        ReferenceCase.of("relative_key_query_bert", ref -> bert(ref, true)));
  }

  private static final Dropout NO_DROPOUT = new Dropout(0);

  private static Results tensor2tensor(Recording ref) {
    Weights weights = ref.weights(name -> name.replace('/', '.'));
    long rows = 2L * ref.integer("max_relative_position") + 1;
    long width = ref.integer("depth");
    Tensor keys =
        weights.parameter("relative_positions_keys.embeddings", Initializer.ZEROS, rows, width);
    Tensor values =
        weights.parameter("relative_positions_values.embeddings", Initializer.ZEROS, rows, width);
    RelativeAttention mechanism =
        RelativeAttention.of(new ShawRelativePositions(keys, values), 1, NO_DROPOUT);
    AttentionRequest request =
        AttentionRequest.plain().withModifier(new ScoreBias(ref.input("bias"))).withWeights();
    AttentionOutput seen = mechanism.apply(ref.input("q"), ref.input("k"), ref.input("v"), request);
    return new Results().output("y", seen.output()).weights("attn", seen.requireWeights());
  }

  private static Results openNmt(Recording ref) {
    Weights weights = ref.weights();
    long size = ref.integer("dim");
    int heads = ref.integer("heads");
    long rows = 2L * ref.integer("max_relative_positions") + 1;
    Tensor table =
        weights.parameter(
            "relative_positions_embeddings.weight", Initializer.ZEROS, rows, size / heads);
    MultiHeadAttention attention =
        new MultiHeadAttention(
            weights,
            new HeadProjections.Separate(
                Linear.of(weights.child("linear_query"), size, size),
                Linear.of(weights.child("linear_keys"), size, size),
                Linear.of(weights.child("linear_values"), size, size),
                Linear.of(weights.child("final_linear"), size, size)),
            heads,
            RelativeAttention.of(new ShawRelativePositions(table, table), Double.NaN, NO_DROPOUT),
            null);
    AttentionMask mask = AttentionMask.dense(ref.input("mask").not());
    AttentionOutput seen = attention.apply(ref.input("x"), AttentionRequest.of(mask).withWeights());
    return new Results().output("y", seen.output()).weights("attn", seen.requireWeights());
  }

  private static Results bert(Recording ref, boolean withKeys) {
    Weights weights = ref.weights();
    long size = ref.integer("dim");
    int heads = ref.integer("heads");
    long rows = 2L * ref.integer("max_position") - 1;
    Tensor table =
        weights.parameter("distance_embedding.weight", Initializer.ZEROS, rows, size / heads);
    MultiHeadAttention attention =
        new MultiHeadAttention(
            weights,
            new HeadProjections.Separate(
                Linear.of(weights.child("query"), size, size),
                Linear.of(weights.child("key"), size, size),
                Linear.of(weights.child("value"), size, size),
                null),
            heads,
            RelativeAttention.of(new RelativeKeyPositions(table, withKeys), Double.NaN, NO_DROPOUT),
            null);
    AttentionRequest request = AttentionRequest.plain();
    return MultiHeadReferenceTest.results(
        attention.apply(ref.input("x"), request),
        attention.apply(ref.input("x"), request.withWeights()));
  }
}
