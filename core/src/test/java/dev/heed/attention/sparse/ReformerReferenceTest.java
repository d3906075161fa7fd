package dev.heed.attention.sparse;

import dev.heed.attention.AttentionOutput;
import dev.heed.golden.MechanismReference;
import dev.heed.golden.Recording;
import dev.heed.golden.ReferenceCase;
import dev.heed.golden.Results;
import dev.heed.nn.Activation;
import dev.heed.nn.Dropout;
import dev.heed.nn.FeedForward;
import dev.heed.nn.LayerNorm;
import dev.heed.nn.Linear;
import dev.heed.nn.Module;
import dev.heed.nn.ReversibleSequence;
import dev.heed.nn.ReversibleSequence.Block;
import dev.heed.nn.ReversibleSequence.Part;
import dev.heed.nn.Trace;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

class ReformerReferenceTest extends MechanismReference {
  @Override
  protected List<ReferenceCase> cases() {
    return List.of(
        ReferenceCase.of("reformer_full_qk", ReformerReferenceTest::full),
        ReferenceCase.of("reformer_full_qk_causal", ReformerReferenceTest::full),
        ReferenceCase.of("reformer_lsh", ReformerReferenceTest::hashed),
        ReferenceCase.of("reformer_lsh_causal", ReformerReferenceTest::hashed),
        ReferenceCase.of("reformer_lsh_nodup", ReformerReferenceTest::hashed),
        ReferenceCase.of("reformer_lsh_padding", ReformerReferenceTest::hashed),
        ReferenceCase.of("reformer_lsh_within_buckets", ReformerReferenceTest::hashed),
        ReferenceCase.of("reformer_lsh_self_attention", ReformerReferenceTest::selfAttention),
        ReferenceCase.of("reversible_block", ReformerReferenceTest::reversible));
  }

  private static Results full(Recording ref) {
    AttentionOutput read =
        SharedQkAttention.apply(ref.input("qk"), ref.input("v"), ref.flag("causal"));
    return new Results().output("y", read.output()).weights("attn", read.requireWeights());
  }

  private static LshAttention attention(Recording ref) {
    return new LshAttention(
        ref.integer("bucket_size"),
        ref.flag("causal"),
        !ref.hasSetting("allow_duplicate_attention") || ref.flag("allow_duplicate_attention"),
        !ref.hasSetting("attend_across_buckets") || ref.flag("attend_across_buckets"));
  }

  private static Results hashed(Recording ref) {
    LshAttention.Result result =
        attention(ref)
            .attend(
                ref.input("qk"),
                ref.input("v"),
                ref.input("rotations").squeeze(0),
                ref.hasInput("input_mask") ? ref.input("input_mask") : null,
                true);
    return new Results()
        .output("y", result.output())
        .weights("attn", Objects.requireNonNull(result.weights()))
        .extra("buckets", result.buckets());
  }

  private static Results selfAttention(Recording ref) {
    int heads = ref.integer("heads");
    LshSelfAttention layer = new LshSelfAttention(ref.weights(), ref.integer("dim"), heads);
    Tensor rotations = ref.input("rotations").squeeze(0);
    LshAttention.Result result =
        layer.hashed(attention(ref), ref.input("x"), rotations, null, true);
    return new Results()
        .output("y", result.output())
        .weights("attn", Objects.requireNonNull(result.weights()).unflatten(0, -1, heads))
        .extra("buckets", result.buckets().unflatten(0, -1, heads));
  }

  private static Results reversible(Recording ref) {
    int size = ref.integer("dim");
    boolean causal = ref.flag("causal");
    Weights weights = ref.weights();
    List<Block> blocks = new ArrayList<>();
    for (int i = 0; i < ref.integer("depth"); i++) {
      Weights f = weights.child("blocks", i).child("f.net");
      Weights g = weights.child("blocks", i).child("g.net");
      LayerNorm fNorm = new LayerNorm(f.child("norm"), size, 1e-5);
      LayerNorm gNorm = new LayerNorm(g.child("norm"), size, 1e-5);
      LshSelfAttention attention = new LshSelfAttention(f.child("fn"), size, ref.integer("heads"));
      FeedForward feedForward =
          new FeedForward(
              g.child("fn"),
              Linear.of(g.child("fn.w1"), size, 4L * size),
              Linear.of(g.child("fn.w2"), 4L * size, size),
              Activation.GELU,
              new Dropout(0));
      blocks.add(
          new Block(
              new Part(x -> attention.full(fNorm.apply(x), causal), learned(fNorm, attention)),
              new Part(
                  x -> feedForward.apply(gNorm.apply(x), Trace.NONE),
                  learned(gNorm, feedForward))));
    }
    return new Results().output("y", new ReversibleSequence(blocks).apply(ref.input("x")));
  }

  private static List<Tensor> learned(Module norm, Module inner) {
    List<Tensor> all = new ArrayList<>(norm.trainable().values());
    all.addAll(inner.trainable().values());
    return all;
  }
}
