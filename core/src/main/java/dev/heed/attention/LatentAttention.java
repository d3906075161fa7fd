package dev.heed.attention;

import dev.heed.attention.DecodeState.Entry;
import dev.heed.attention.HeadChange.Places;
import dev.heed.nn.Linear;
import dev.heed.nn.Module;
import dev.heed.nn.RmsNorm;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Multi-head latent attention: keys and values of all heads are made of one small latent vector a
 * token, {@code c = rms(x · W_a)}, {@code [k, v]ₕ = c · W_bₕ}, and of one rotary key that all heads
 * share. Only latents and rotary keys are remembered while decoding.
 *
 * <p>A single new token is compared with the latents themselves: {@code (q·W_kᵀ)·c} equals {@code
 * q·(c·W_k)}, and the values' map is applied to the mixed latent.
 *
 * <p>Source: DeepSeek-AI, "DeepSeek-V2", 2024, section 2.1 (arXiv 2405.04434). Parameters are named
 * as in its checkpoints: {@code q_proj}, or {@code q_a_proj}, {@code q_a_layernorm}, {@code
 * q_b_proj}; {@code kv_a_proj_with_mqa}, {@code kv_a_layernorm}, {@code kv_b_proj}, {@code o_proj}.
 */
public final class LatentAttention extends Module implements SequenceMixer {
  private static final double NORM_EPSILON = 1e-6;

  private final Sizes sizes;
  private final Linear query;
  private final @Nullable RmsNorm queryNorm;
  private final @Nullable Linear queryUp;
  private final Linear down;
  private final RmsNorm norm;
  private final Linear up;
  private final Linear output;
  private final HeadChange turning;
  private final @Nullable LengthwiseKeys lengthwise;
  private final AttentionMechanism mechanism;

  /**
   * The sizes.
   *
   * @param size of a token's vector
   * @param heads H
   * @param plain elements of a head's queries and keys that know no positions
   * @param turned elements that rotary positions turn, even
   * @param values of a head
   * @param latent what keys and values of all heads are made of
   * @param queryLatent what queries are made of, or null for the token's vector itself
   */
  public record Sizes(
      long size,
      int heads,
      long plain,
      long turned,
      long values,
      long latent,
      @Nullable Integer queryLatent) {
    /** Checks the sizes. */
    public Sizes {
      boolean positive = size > 0 && heads > 0 && plain > 0 && values > 0 && latent > 0;
      if (!positive || turned < 2 || turned % 2 != 0 || (queryLatent != null && queryLatent < 1)) {
        throw new IllegalArgumentException(
            "latent attention: expected sizes from 1 and an even number of turned elements, got "
                + List.of(size, heads, plain, turned, values, latent, String.valueOf(queryLatent)));
      }
    }

    long head() {
      return plain + turned;
    }
  }

  /**
   * Builds the maps.
   *
   * @param bias whether the maps that read a token's vector, and the output map, have biases; a map
   *     from a token's vector to all queries has none
   * @param turning of the rotary elements
   * @param mechanism with a scale of its own, since heads are compared in two sizes
   */
  public LatentAttention(
      Weights weights,
      Sizes sizes,
      boolean bias,
      HeadChange turning,
      AttentionMechanism mechanism) {
    super(weights);
    this.sizes = sizes;
    long queries = sizes.heads() * sizes.head();
    Integer queryLatent = sizes.queryLatent();
    if (queryLatent == null) {
      this.query = Linear.of(weights.child("q_proj"), sizes.size(), queries, false);
      this.queryNorm = null;
      this.queryUp = null;
    } else {
      this.query = Linear.of(weights.child("q_a_proj"), sizes.size(), queryLatent, bias);
      this.queryNorm = new RmsNorm(weights.child("q_a_layernorm"), queryLatent, NORM_EPSILON);
      this.queryUp = Linear.of(weights.child("q_b_proj"), queryLatent, queries, false);
    }
    this.down =
        Linear.of(
            weights.child("kv_a_proj_with_mqa"),
            sizes.size(),
            sizes.latent() + sizes.turned(),
            bias);
    this.norm = new RmsNorm(weights.child("kv_a_layernorm"), sizes.latent(), NORM_EPSILON);
    this.up =
        Linear.of(
            weights.child("kv_b_proj"),
            sizes.latent(),
            sizes.heads() * (sizes.plain() + sizes.values()),
            false);
    this.output =
        Linear.of(weights.child("o_proj"), sizes.heads() * sizes.values(), sizes.size(), bias);
    this.turning = turning;
    this.lengthwise = LengthwiseKeys.of(List.of(turning));
    this.mechanism = mechanism;
  }

  /**
   * Mixes a sequence.
   *
   * <p>Trace points: {@code q} {@code [B, H, T, plain + turned]}, {@code keys} and {@code values}
   * {@code [B, H, Tk, D]} of all heads, those of the mechanism, {@code z} {@code [B, H, T,
   * values]}.
   */
  @Override
  public AttentionOutput apply(Tensor x, AttentionRequest request) {
    return TensorScope.run(() -> {
      AttentionRequest named = request.at(tracePath());
      Places places = new Places(request.positions(), named.past(), request.grid());
      List<Tensor> q = heads(queries(x), sizes.heads()).split(-1, sizes.plain(), sizes.turned());
      Tensor turned = turning.queries(q.get(1), places);
      Entry kept = remembered(made(x, places), places, request.state());
      boolean looked = named.wants("q") || named.wants("keys") || named.wants("values");
      AttentionOutput heard =
          request.state() != null && x.size(1) == 1 && !looked
              ? amongLatents(q.getFirst(), turned, kept, named)
              : amongHeads(Tensor.cat(List.of(q.getFirst(), turned), -1), kept, named);
      Tensor z = named.visit("z", heard.output());
      return new AttentionOutput(output.apply(z.transpose(1, 2).flatten(2, 3)), heard.weights());
    });
  }

  private Tensor queries(Tensor x) {
    Tensor first = query.apply(x);
    return queryNorm == null || queryUp == null ? first : queryUp.apply(queryNorm.apply(first));
  }

  /** The tokens' rotary keys {@code [B, 1, T, turned]} and latents {@code [B, 1, T, latent]}. */
  private Entry made(Tensor x, Places places) {
    List<Tensor> parts = down.apply(x).unsqueeze(1).split(-1, sizes.latent(), sizes.turned());
    return new Entry(turning.keys(parts.get(1), places), norm.apply(parts.get(0)));
  }

  private Entry remembered(Entry more, Places places, @Nullable DecodeState state) {
    if (state == null) {
      return more;
    }
    GrowingKeys kept = state.keys(tracePath()).exact("latents that heads share");
    kept.readBy(this::expanded);
    return lengthwise == null
        ? kept.append(more.keys(), more.values())
        : lengthwise.append(kept, more, places.of(more.keys()));
  }

  /** All heads' keys {@code [B, H, T, plain + turned]} and values {@code [B, H, T, values]}. */
  private Entry expanded(Entry kept) {
    List<Tensor> parts =
        heads(up.apply(kept.values().squeeze(1)), sizes.heads())
            .split(-1, sizes.plain(), sizes.values());
    Tensor rotary = kept.keys().expand(-1, sizes.heads(), -1, -1);
    return new Entry(Tensor.cat(List.of(parts.get(0), rotary), -1), parts.get(1));
  }

  private AttentionOutput amongHeads(Tensor q, Entry kept, AttentionRequest request) {
    Entry heads = expanded(kept);
    return mechanism.apply(
        request.visit("q", q),
        request.visit("keys", heads.keys()),
        request.visit("values", heads.values()),
        request);
  }

  private AttentionOutput amongLatents(
      Tensor plain, Tensor turned, Entry kept, AttentionRequest request) {
    // [H, plain + values, latent]
    List<Tensor> maps =
        up.effectiveWeight()
            .unflatten(0, sizes.heads(), sizes.plain() + sizes.values())
            .split(1, sizes.plain(), sizes.values());
    Tensor q = Tensor.cat(List.of(plain.matmul(maps.get(0)), turned), -1);
    Tensor keys = Tensor.cat(List.of(kept.values(), kept.keys()), -1);
    AttentionOutput heard = mechanism.apply(q, keys, kept.values(), request);
    return new AttentionOutput(heard.output().matmul(maps.get(1).transpose(1, 2)), heard.weights());
  }

  private static Tensor heads(Tensor x, int heads) {
    return HeadProjections.Layout.split(x, heads);
  }
}
