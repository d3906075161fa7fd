package dev.heed.model.zamba;

import dev.heed.attention.HeadChange;
import dev.heed.attention.HeadProjections;
import dev.heed.attention.HeadSizes;
import dev.heed.attention.ScaledDotProduct;
import dev.heed.model.block.Block;
import dev.heed.model.block.Branch;
import dev.heed.model.block.DecoderLayers;
import dev.heed.model.block.LayerBody;
import dev.heed.nn.Dropout;
import dev.heed.nn.GatedFeedForward;
import dev.heed.nn.Linear;
import dev.heed.nn.LowRankTerm;
import dev.heed.nn.RmsNorm;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import java.util.List;

/**
 * One use of a shared Transformer block: {@code ff(norm(attention(norm([x; e]))))} of states x and
 * embeddings e, without a stream beside it (Glorioso et al. 2024, "The Zamba2 Suite", section 2).
 *
 * <p>All uses have the same maps; those of the feed-forward part, and if the config says so those
 * of queries, keys and values, have a term of low rank for each use.
 *
 * @param weights the block's path, traced as the layer that uses it
 * @param config sizes
 * @param use which use among all shared layers, from 0
 * @param changes of queries and keys
 */
record SharedBlock(Weights weights, Zamba2Config config, int use, List<HeadChange> changes) {
  /** The scores are divided by the root of half a head's size. */
  private static final double HALF = 2;

  /** From the states, and the embeddings that accompany them, to {@code [B, T, H]}. */
  Block[] parts() {
    return new Block[] {
      Branch.of(
          LayerBody.accompanied(
              (states, embeddings) -> Tensor.cat(List.of(states, embeddings), -1))),
      Branch.of(norm("input_layernorm", config.bothSizes()), attention()),
      Branch.of(norm("pre_ff_layernorm", config.hiddenSize()), network()),
    };
  }

  private RmsNorm norm(String name, long size) {
    return new RmsNorm(weights.child(name), size, config.rmsNormEps());
  }

  private LayerBody attention() {
    Weights path = weights.child("self_attn");
    HeadSizes sizes = config.heads();
    return DecoderLayers.attention(
        path,
        new HeadProjections.Separate(
            projection(path, "q", sizes.queries()),
            projection(path, "k", sizes.keys()),
            projection(path, "v", sizes.keys()),
            Linear.of(path.child("o_proj"), sizes.queries(), config.hiddenSize(), false)),
        sizes.heads(),
        changes,
        new ScaledDotProduct(
            Math.sqrt(HALF / sizes.headSize()), new Dropout(config.attentionDropout())),
        0);
  }

  private Linear projection(Weights path, String name, long out) {
    Linear map = Linear.of(path.child(name + "_proj"), config.bothSizes(), out, false);
    return config.useSharedAttentionAdapter()
        ? withTerm(map, path.child("linear_" + name + "_adapter_list", use))
        : map;
  }

  private Linear withTerm(Linear map, Weights path) {
    map.adapt(LowRankTerm.of(path, map.in(), config.adapterRank(), map.out()));
    return map;
  }

  private LayerBody network() {
    Weights path = weights.child("feed_forward");
    long size = config.hiddenSize();
    long inner = config.intermediateSize();
    boolean bias = config.addBiasLinear();
    Linear both = Linear.of(path.child("gate_up_proj"), size, 2 * inner, bias);
    return LayerBody.each(
        GatedFeedForward.fused(
                path,
                withTerm(both, path.child("gate_up_proj_adapter_list", use)),
                Linear.of(path.child("down_proj"), inner, size, bias),
                config.activation(),
                new Dropout(0))
            ::apply);
  }
}
