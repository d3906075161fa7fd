package dev.heed.model.clip;

import dev.heed.attention.AttentionRequest;
import dev.heed.attention.ScaledDotProduct;
import dev.heed.model.Run;
import dev.heed.model.block.LayerCall;
import dev.heed.model.block.TransformerStack;
import dev.heed.model.clip.PairModel.Reading;
import dev.heed.model.vit.ImageSize;
import dev.heed.model.vit.PatchPositions;
import dev.heed.model.vit.PatchProjection;
import dev.heed.nn.Embedding;
import dev.heed.nn.FeedForward;
import dev.heed.nn.Initializer;
import dev.heed.nn.LayerNorm;
import dev.heed.nn.Linear;
import dev.heed.nn.Module;
import dev.heed.nn.Norm;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An encoder of images. */
final class ImageTower extends Module {
  /**
   * In what CLIP's and SigLIP's differ.
   *
   * @param image pixels of an image
   * @param patch pixels of a patch
   * @param channels of an image
   * @param classToken whether a token without a patch stands in front and for the image
   * @param pools whether a learned query reads the patches instead
   */
  record Plan(ImageSize image, ImageSize patch, int channels, boolean classToken, boolean pools) {}

  private final PatchProjection patches;
  private final @Nullable Tensor first;
  private final Embedding positions;
  private final Norm before;
  private final TransformerStack stack;
  private final LayerNorm after;
  private final @Nullable AttentionPool pool;
  private final Plan plan;

  ImageTower(Weights weights, TowerConfig config, Plan plan, String names) {
    super(weights);
    Weights embeddings = weights.child("embeddings");
    long size = config.hiddenSize();
    this.plan = plan;
    boolean token = plan.classToken();
    first = token ? embeddings.parameter("class_embedding", Initializer.normal(0.02), size) : null;
    patches =
        new PatchProjection(
            embeddings.child("patch_embedding"), plan.channels(), size, plan.patch(), !token);
    long count = grid().count() + (token ? 1L : 0);
    positions = new Embedding(embeddings.child("position_embedding"), count, size, -1);
    embeddings.ignore("position_ids");
    before = token ? Tower.norm(weights, "pre_layrnorm", config) : Norm.NONE;
    after = Tower.norm(weights, "post_layernorm", config);
    // CLIP normalises the class token's state alone.
    stack = Tower.stack(weights, config, token ? Norm.NONE : after, names);
    pool = plan.pools() ? new AttentionPool(weights.child("head"), config) : null;
  }

  private ImageSize grid() {
    return plan.image().over(plan.patch());
  }

  Reading apply(Run run) {
    Tensor images = run.input().require("pixel_values");
    PatchPositions.requireSize(run, plan.image());
    Tensor tokens = patches.apply(images);
    int special = 0;
    if (first != null) {
      special = 1;
      tokens = Tensor.cat(List.of(first.expand(tokens.size(0), 1, first.size(0)), tokens), 1);
    }
    Tensor places =
        PatchPositions.resized(
            positions.weight().unsqueeze(0),
            special,
            grid(),
            patches.grid(images),
            PatchPositions.BY_SIZE);
    AttentionRequest request = run.request(null).withGrid(patches.grid(images).asGrid());
    Tensor states =
        stack.apply(before.apply(tokens.add(places)), run, layer -> new LayerCall(request));
    if (first != null) {
      return new Reading(states, after.apply(states.select(1, 0)));
    }
    return new Reading(states, pool == null ? null : pool.apply(states));
  }

  TransformerStack stack() {
    return stack;
  }

  /** A learned query that reads all patches, then a feed-forward network (SigLIP). */
  private static final class AttentionPool extends Module {
    private final Tensor probe;
    private final Tensor weight;
    private final Tensor bias;
    private final Linear out;
    private final LayerNorm norm;
    private final FeedForward mlp;
    private final int heads;

    AttentionPool(Weights weights, TowerConfig config) {
      super(weights);
      long size = config.hiddenSize();
      Initializer start = Initializer.xavier(size, size);
      Weights attention = weights.child("attention");
      probe = weights.parameter("probe", start, 1, 1, size);
      weight = attention.parameter("in_proj_weight", start, 3 * size, size);
      bias = attention.parameter("in_proj_bias", Initializer.ZEROS, 3 * size);
      out = Linear.of(attention.child("out_proj"), size, size);
      norm = Tower.norm(weights, "layernorm", config);
      mlp = Tower.feedForward(weights.child("mlp"), config);
      heads = config.numAttentionHeads();
    }

    Tensor apply(Tensor states) {
      Tensor query = probe.expand(states.size(0), 1, states.size(2));
      Tensor read =
          new ScaledDotProduct()
              .apply(part(query, 0), part(states, 1), part(states, 2), AttentionRequest.plain())
              .output();
      Tensor seen = out.apply(read.transpose(1, 2).flatten(2, 3));
      return seen.add(mlp.apply(norm.apply(seen), dev.heed.nn.Trace.NONE)).select(1, 0);
    }

    /** Queries, keys or values {@code [B, heads, T, D]}. */
    private Tensor part(Tensor x, int which) {
      long size = x.size(2);
      return x.linear(weight.narrow(0, which * size, size), bias.narrow(0, which * size, size))
          .unflatten(2, heads, size / heads)
          .transpose(1, 2);
    }
  }
}
