package dev.heed.attention;

import dev.heed.nn.Linear;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The maps that make queries, keys and values of tokens, in the layout in which a checkpoint stores
 * them, and the one that joins the heads again.
 */
public sealed interface HeadProjections {
  /** {@code [out, H·Dv]}, or null to hand on the heads side by side. */
  @Nullable Linear output();

  /**
   * One map each.
   *
   * @param query {@code [H·D, in]}
   * @param key {@code [Hkv·D, in]}
   * @param value {@code [Hkv·Dv, in]}
   * @param output {@code [out, H·Dv]}, or null to hand on the heads side by side
   */
  record Separate(Linear query, Linear key, Linear value, @Nullable Linear output)
      implements HeadProjections {}

  /**
   * One map each, where that of queries also makes a gate for what each head gives, {@code z ⊙
   * σ(g)} (Qiu et al. 2025, "Gated Attention for Large Language Models", section 2.2, behind the
   * attention; Qwen3-Next).
   *
   * @param query {@code [H·2D, in]}: for each head its query, then its gate
   * @param key {@code [Hkv·D, in]}
   * @param value {@code [Hkv·D, in]}
   * @param output {@code [out, H·D]}, or null to hand on the heads side by side
   */
  record Gated(Linear query, Linear key, Linear value, @Nullable Linear output)
      implements HeadProjections {}

  /**
   * One map for all three.
   *
   * @param joint {@code [(H + 2·Hkv)·D, in]}
   * @param layout how its rows are laid out
   * @param keyHeads Hkv, a divisor of the query heads
   * @param output {@code [out, H·D]}, or null to hand on the heads side by side
   */
  record Fused(Linear joint, Layout layout, int keyHeads, @Nullable Linear output)
      implements HeadProjections {}

  /**
   * Queries alone: keys and values are those that an earlier attention of the same call lent.
   *
   * @param query {@code [H·D, in]}
   * @param keyHeads Hkv of the lender
   * @param lender the path of the attention that {@linkplain MultiHeadAttention#lending lends}
   * @param output {@code [out, H·Dv]}, or null to hand on the heads side by side
   */
  record Borrowed(Linear query, int keyHeads, String lender, @Nullable Linear output)
      implements HeadProjections {}

  /** How the rows of a fused map are laid out. */
  enum Layout {
    /** All queries, then all keys, then all values: GPT-2, Phi-3, ModernBERT. */
    BLOCKS {
      @Override
      List<Tensor> split(Tensor x, int heads, int keyHeads, long size) {
        List<Tensor> parts = x.split(-1, heads * size, keyHeads * size, keyHeads * size);
        return List.of(
            split(parts.get(0), heads),
            split(parts.get(1), keyHeads),
            split(parts.get(2), keyHeads));
      }
    },
    /**
     * For each key head the queries that read it, then the key, then the value: Falcon; with as
     * many key heads as query heads, query, key and value of each head: GPT-NeoX, BLOOM.
     */
    GROUPS {
      @Override
      List<Tensor> split(Tensor x, int heads, int keyHeads, long size) {
        long group = heads / keyHeads;
        // [B, T, Hkv, group + 2, D]
        Tensor grouped = x.unflatten(-1, keyHeads, group + 2, size);
        return List.of(
            grouped.narrow(3, 0, group).flatten(2, 3).transpose(1, 2),
            grouped.select(3, group).transpose(1, 2),
            grouped.select(3, group + 1).transpose(1, 2));
      }
    };

    /** Cuts {@code [B, T, (H + 2·Hkv)·D]} into queries, keys and values {@code [B, H, T, D]}. */
    abstract List<Tensor> split(Tensor x, int heads, int keyHeads, long size);

    /** {@code [B, T, H·D]} to {@code [B, H, T, D]}. */
    static Tensor split(Tensor x, int heads) {
      return x.unflatten(-1, heads, x.size(-1) / heads).transpose(1, 2);
    }
  }

  /**
   * Four square projections named {@code q_proj}, {@code k_proj}, {@code v_proj}, {@code out_proj}.
   */
  static Separate of(Weights weights, long size) {
    return new Separate(
        Linear.of(weights.child("q_proj"), size, size),
        Linear.of(weights.child("k_proj"), size, size),
        Linear.of(weights.child("v_proj"), size, size),
        Linear.of(weights.child("out_proj"), size, size));
  }

  /**
   * Square projections named {@code query}, {@code key}, {@code value} (ViT).
   *
   * @param weights above the first three
   * @param output of the last, which has a bias always
   * @param bias whether queries and values have biases
   * @param keyBias whether keys have one
   */
  static Separate queryKeyValue(
      Weights weights, Weights output, long size, boolean bias, boolean keyBias) {
    return new Separate(
        Linear.of(weights.child("query"), size, size, bias),
        Linear.of(weights.child("key"), size, size, keyBias),
        Linear.of(weights.child("value"), size, size, bias),
        Linear.of(output, size, size));
  }

  /**
   * Grouped projections named {@code q_proj}, {@code k_proj}, {@code v_proj}, {@code o_proj}, the
   * first with a gate of each head.
   *
   * @param bias whether all four have biases
   */
  static Gated gated(Weights weights, HeadSizes sizes, boolean bias) {
    return new Gated(
        Linear.of(weights.child("q_proj"), sizes.size(), 2 * sizes.queries(), bias),
        Linear.of(weights.child("k_proj"), sizes.size(), sizes.keys(), bias),
        Linear.of(weights.child("v_proj"), sizes.size(), sizes.keys(), bias),
        Linear.of(weights.child("o_proj"), sizes.queries(), sizes.size(), bias));
  }

  /**
   * Grouped projections named {@code q_proj}, {@code k_proj}, {@code v_proj}, {@code o_proj}
   * (Llama).
   *
   * @param bias whether the first three have biases
   * @param outputBias whether the last has one
   */
  static Separate grouped(Weights weights, HeadSizes sizes, boolean bias, boolean outputBias) {
    return new Separate(
        Linear.of(weights.child("q_proj"), sizes.size(), sizes.queries(), bias),
        Linear.of(weights.child("k_proj"), sizes.size(), sizes.keys(), bias),
        Linear.of(weights.child("v_proj"), sizes.size(), sizes.keys(), bias),
        Linear.of(weights.child("o_proj"), sizes.queries(), sizes.size(), outputBias));
  }
}
