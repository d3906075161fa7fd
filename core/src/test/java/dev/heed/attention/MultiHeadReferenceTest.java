package dev.heed.attention;

import dev.heed.attention.mask.AttentionMask;
import dev.heed.attention.position.PairLayout;
import dev.heed.attention.position.RotaryPositions;
import dev.heed.attention.score.ScoreBias;
import dev.heed.golden.MechanismReference;
import dev.heed.golden.Recording;
import dev.heed.golden.ReferenceCase;
import dev.heed.golden.Results;
import dev.heed.nn.Linear;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import java.util.List;
import java.util.Map;

class MultiHeadReferenceTest extends MechanismReference {
  @Override
  protected List<ReferenceCase> cases() {
    return List.of(
        ReferenceCase.of("scaled_dot_product", MultiHeadReferenceTest::scaledDotProduct),
        ReferenceCase.of("scaled_dot_product_causal", MultiHeadReferenceTest::scaledDotProduct),
        ReferenceCase.of("mha_self_padding", MultiHeadReferenceTest::torch),
        ReferenceCase.of("mha_self_causal", MultiHeadReferenceTest::torch),
        ReferenceCase.of("mha_self_causal_padding", MultiHeadReferenceTest::torch),
        ReferenceCase.of("mha_self_float_mask", MultiHeadReferenceTest::torch),
        ReferenceCase.of("mha_cross", MultiHeadReferenceTest::torch),
        ReferenceCase.of("mha_bias_kv_zero_attn", MultiHeadReferenceTest::torch),
        ReferenceCase.of("mha_annotated", MultiHeadReferenceTest::annotated),
        ReferenceCase.of("llama_attention_gqa", MultiHeadReferenceTest::llama));
  }

  private static Results scaledDotProduct(Recording ref) {
    AttentionMask mask =
        ref.hasInput("mask") ? AttentionMask.dense(ref.input("mask")) : AttentionMask.causal();
    AttentionRequest request = AttentionRequest.of(mask);
    AttentionMechanism mechanism = new ScaledDotProduct();
    return results(
        mechanism.apply(ref.input("q"), ref.input("k"), ref.input("v"), request),
        mechanism.apply(ref.input("q"), ref.input("k"), ref.input("v"), request.withWeights()));
  }

  /** The output as nobody looks, the weights as somebody does: two paths that must agree. */
  static Results results(AttentionOutput fused, AttentionOutput written) {
    return new Results().output("y", fused.output()).weights("attn", written.requireWeights());
  }

  private static Results torch(Recording ref) {
    Tensor query = ref.input("query");
    Tensor key = ref.hasInput("key") ? ref.input("key") : query;
    Tensor value = ref.hasInput("value") ? ref.input("value") : key;
    int heads = ref.integer("heads");
    MultiHeadAttention attention = torchAttention(ref, heads);
    AttentionRequest request = AttentionRequest.of(masks(ref));
    if (ref.hasInput("attn_mask") && ref.input("attn_mask").dtype().isFloating()) {
      Tensor bias = ref.input("attn_mask").unflatten(0, query.size(0), heads);
      request = request.withModifier(new ScoreBias(bias));
    }
    return results(
        attention.apply(query, key, value, request),
        attention.apply(query, key, value, request.withWeights()));
  }

  /** PyTorch's masks say what may not be attended to. */
  private static AttentionMask masks(Recording ref) {
    AttentionMask mask = AttentionMask.full();
    if (ref.hasInput("key_padding_mask")) {
      mask = mask.and(AttentionMask.padding(ref.input("key_padding_mask").not()));
    }
    if (ref.hasInput("attn_mask") && !ref.input("attn_mask").dtype().isFloating()) {
      mask = mask.and(AttentionMask.dense(ref.input("attn_mask").not()));
    }
    return mask;
  }

  private static MultiHeadAttention torchAttention(Recording ref, int heads) {
    Map<String, Tensor> parts = TorchProjections.split(ref.params());
    AttentionMechanism mechanism = new ScaledDotProduct();
    if (ref.hasParam("bias_k")) {
      mechanism =
          new AppendedKeys(
              mechanism, perHead(ref, "bias_k", heads), perHead(ref, "bias_v", heads), true);
    }
    Weights weights = ref.weights(parts);
    weights.ignore("bias_k", "bias_v");
    return new MultiHeadAttention(
        weights, TorchProjections.of(weights, parts, ""), heads, mechanism, null);
  }

  /** {@code [1, 1, H·D]} to {@code [H, 1, D]}. */
  private static Tensor perHead(Recording ref, String name, int heads) {
    return ref.param(name).view(heads, 1, -1);
  }

  private static Results annotated(Recording ref) {
    Weights weights = ref.weights();
    long size = ref.integer("dim");
    MultiHeadAttention attention =
        new MultiHeadAttention(
            weights,
            new HeadProjections.Separate(
                Linear.of(weights.child("linears.0"), size, size),
                Linear.of(weights.child("linears.1"), size, size),
                Linear.of(weights.child("linears.2"), size, size),
                Linear.of(weights.child("linears.3"), size, size)),
            ref.integer("heads"));
    AttentionRequest request =
        AttentionRequest.of(
            AttentionMask.dense(
                ref.input("mask").unsqueeze(1).expand(-1, -1, ref.input("query").size(1), -1)));
    return results(
        attention.apply(ref.input("query"), ref.input("key"), ref.input("value"), request),
        attention.apply(
            ref.input("query"), ref.input("key"), ref.input("value"), request.withWeights()));
  }

  private static Results llama(Recording ref) {
    Weights weights = ref.weights();
    long size = ref.integer("dim");
    int heads = ref.integer("heads");
    long keySize = size / heads * ref.integer("kv_heads");
    HeadProjections projections =
        new HeadProjections.Separate(
            Linear.of(weights.child("q_proj"), size, size, false),
            Linear.of(weights.child("k_proj"), size, keySize, false),
            Linear.of(weights.child("v_proj"), size, keySize, false),
            Linear.of(weights.child("o_proj"), size, size, false));
    RotaryPositions rotary =
        new RotaryPositions(PairLayout.HALF_SPLIT, size / heads, ref.number("theta"));
    MultiHeadAttention attention =
        new MultiHeadAttention(weights, projections, heads, new ScaledDotProduct(), rotary);
    AttentionRequest request = AttentionRequest.of(AttentionMask.causal());
    return results(
        attention.apply(ref.input("x"), request),
        attention.apply(ref.input("x"), request.withWeights()));
  }
}
