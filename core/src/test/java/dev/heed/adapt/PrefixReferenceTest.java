package dev.heed.adapt;

import dev.heed.attention.AttentionOutput;
import dev.heed.golden.MechanismReference;
import dev.heed.golden.Recording;
import dev.heed.golden.ReferenceCase;
import dev.heed.golden.Results;
import dev.heed.nn.Embedding;
import dev.heed.nn.LayerNorm;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import java.util.List;

/** Prefixes alone, and before a small GPT-2 that is written out here. */
class PrefixReferenceTest extends MechanismReference {
  @Override
  protected List<ReferenceCase> cases() {
    return List.of(
        ReferenceCase.of("prefix_attention", PrefixReferenceTest::attention),
        ReferenceCase.of("prefix_tuning_gpt2", PrefixReferenceTest::gpt2));
  }

  private static Results attention(Recording ref) {
    PrefixAttention prefix = new PrefixAttention(ref.input("prefix_k"), ref.input("prefix_v"));
    AttentionOutput read =
        attend(prefix, ref.weights(), ref.input("x"), ref.integer("heads"), ref.flag("causal"));
    return new Results().output("y", read.output()).weights("attn", read.requireWeights());
  }

  private static AttentionOutput attend(
      PrefixAttention prefix, Weights weights, Tensor x, int heads, boolean causal) {
    long size = x.size(-1);
    List<Tensor> qkv =
        map(weights.child("c_attn"), x, 3 * size).chunk(3, -1).stream()
            .map(part -> part.unflatten(-1, heads, size / heads).transpose(1, 2))
            .toList();
    AttentionOutput read = prefix.attend(qkv.get(0), qkv.get(1), qkv.get(2), causal);
    Tensor joined = read.output().transpose(1, 2).flatten(2, 3);
    return new AttentionOutput(map(weights.child("c_proj"), joined, size), read.weights());
  }

  /** GPT-2 stores {@code [in, out]}. */
  private static Tensor map(Weights weights, Tensor x, long out) {
    Tensor weight = weights.parameter("weight", dev.heed.nn.Initializer.ZEROS, x.size(-1), out);
    return x.matmul(weight).add(weights.parameter("bias", dev.heed.nn.Initializer.ZEROS, out));
  }

  private static Results gpt2(Recording ref) {
    int heads = ref.integer("heads");
    int size = ref.integer("dim");
    int length = ref.integer("prefix_len");
    Tensor ids = ref.input("ids");
    Weights root = ref.weights();
    PrefixTuning tuning =
        new PrefixTuning(
            root.child("prefix"),
            new PrefixTuning.Layout(
                length, ref.integer("layers"), heads, size / heads, ref.integer("mid_dim")));
    Weights gpt = root.child("gpt2.transformer");
    Embedding tokens = new Embedding(gpt.child("wte"), ref.integer("vocab"), size, -1);
    Embedding places = new Embedding(gpt.child("wpe"), ref.integer("n_positions"), size, -1);
    Tensor x =
        tokens.apply(ids).add(places.apply(Tensor.arange(ids.size(1), DType.I64).add(length)));
    Results results = new Results();
    List<PrefixAttention> prefixes = tuning.prefixes(ids.size(0));
    for (int i = 0; i < prefixes.size(); i++) {
      Weights layer = gpt.child("h", i);
      PrefixAttention prefix = prefixes.get(i);
      AttentionOutput read =
          attend(prefix, layer.child("attn"), norm(layer.child("ln_1"), x), heads, true);
      x = x.add(read.output());
      Tensor inner =
          map(layer.child("mlp.c_fc"), norm(layer.child("ln_2"), x), 4L * size).gelu(true);
      x = x.add(map(layer.child("mlp.c_proj"), inner, size));
      results
          .weights("attn." + i, read.requireWeights())
          .extra("past." + i, Tensor.stack(List.of(prefix.keys(), prefix.values()), 0));
    }
    return results.output("logits", norm(gpt.child("ln_f"), x).linear(tokens.weight(), null));
  }

  private static Tensor norm(Weights weights, Tensor x) {
    return new LayerNorm(weights, x.size(-1), 1e-5).apply(x);
  }
}
