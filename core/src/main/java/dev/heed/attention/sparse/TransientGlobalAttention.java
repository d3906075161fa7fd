package dev.heed.attention.sparse;

import dev.heed.attention.AttentionOutput;
import dev.heed.attention.AttentionRequest;
import dev.heed.attention.MultiHeadAttention;
import dev.heed.attention.SequenceMixer;
import dev.heed.attention.mask.AttentionMask;
import dev.heed.attention.mask.KeyMask;
import dev.heed.attention.score.RelativeBuckets;
import dev.heed.attention.score.ScoreModifier;
import dev.heed.nn.Module;
import dev.heed.nn.Norm;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Each token sees its neighbours, and sums of blocks of tokens wherever these stand (Guo et al.
 * 2022, "LongT5", section 3.2): {@code softmax([q·norm(s)ᵀ + b(block), q·kᵀ]) · [norm(s), v]}.
 *
 * <p>The sums {@code s} are made anew in every layer, of its own inputs, and go through the same
 * maps of keys and values. Its weights are {@code [B, H, T, T]} of tokens and, as global ones,
 * {@code [B, H, T, G]} of sums; a row of both together adds up to one.
 */
public final class TransientGlobalAttention extends Module implements SequenceMixer {
  private final MultiHeadAttention attention;
  private final Norm norm;
  private final Sums sums;

  /**
   * What is seen.
   *
   * @param radius tokens seen before and after each, from 1
   * @param block tokens summed up in one, from 1; what is left over at the end joins the last
   * @param buckets of the distances between a token's block and others
   * @param table what a bucket adds to the score of a sum, {@code [buckets, H]}
   */
  public record Sums(int radius, int block, RelativeBuckets buckets, Tensor table) {}

  /**
   * Over a layer's maps.
   *
   * @param attention whose keys and values tokens and sums share
   * @param norm of the sums
   */
  public TransientGlobalAttention(
      Weights weights, MultiHeadAttention attention, Norm norm, Sums sums) {
    super(weights);
    this.attention = attention;
    this.norm = norm;
    this.sums = sums;
  }

  /**
   * Local attention, and attention to the sum of each block (Guo et al. 2022, section 3.1.2).
   *
   * @param x {@code [B, T, size]}
   * @param request whose mask says no more than which tokens are padding
   */
  @Override
  public AttentionOutput apply(Tensor x, AttentionRequest request) {
    int batch = (int) x.size(0);
    int time = (int) x.size(1);
    int count = time / sums.block();
    return TensorScope.run(() -> {
      Tensor present = present(request.mask(), batch, time);
      AttentionRequest near =
          request.narrowedTo(AttentionMask.window(sums.radius(), sums.radius()));
      if (count == 0) {
        return attention.apply(x, near);
      }
      Tensor blocks = blocks(present, batch, time, sums.block());
      Tensor all = Tensor.cat(List.of(norm.apply(sums(x, blocks, count)), x), 1);
      AttentionOutput read = attention.apply(x, all, all, behind(near, blocks, count));
      Tensor weights = read.weights();
      return weights == null
          ? read
          : new AttentionOutput(
              read.output(), weights.narrow(-1, count, time), weights.narrow(-1, 0, count));
    });
  }

  /** The request for keys that have the sums in front. */
  private AttentionRequest behind(AttentionRequest near, Tensor blocks, int count) {
    AttentionRequest behind = near.behindPrefix(count);
    // Sums of no tokens, in texts that are shorter than others, are not there.
    Tensor full = Tensor.arange(count, DType.I64).unsqueeze(0).le(blocks.amax(1, true));
    Tensor tokens = Tensor.ones(blocks.shape(), DType.I64).ne(0);
    ScoreModifier bias = new BlockBias(sums.buckets(), sums.table(), blocks, count);
    ScoreModifier given = behind.modifier();
    return behind
        .narrowedTo(AttentionMask.padding(Tensor.cat(List.of(full, tokens), 1)))
        .withModifier(given == null ? bias : bias.then(given));
  }

  private static @Nullable Tensor present(@Nullable AttentionMask mask, int batch, int time) {
    KeyMask read =
        KeyMask.of(mask, batch, time)
            .filter(keys -> !keys.causal())
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "transient global attention: expected no mask but padding, got "
                        + mask
                        + ", which sums of tokens would not keep to"));
    return read.present();
  }

  /**
   * The block of each token, i64 {@code [B, T]}: -1 for padding, and where there is no whole block.
   *
   * @param present truth values {@code [B, T]}, or null for all
   */
  static Tensor blocks(@Nullable Tensor present, int batch, int time, int size) {
    return TensorScope.run(() -> {
      // The reference counts in float, and a block's edge may hang on the last bit.
      Tensor share = Tensor.full(Shape.of(batch, time), 1.0 / size, DType.F32);
      Tensor counted = share.cumsum(1).sub(share).add(1).sub(1).floor().to(DType.I64);
      Tensor own = present == null ? counted : counted.maskedFill(present.not(), -1);
      Tensor end = Tensor.arange(time, DType.I64).remainder(size).eq(size - 1).unsqueeze(0);
      Tensor whole = end.and(own.ge(0)).to(DType.I64).sum(1, true).sub(1);
      return own.minimum(whole);
    });
  }

  /** {@code [B, G, size]}. */
  private static Tensor sums(Tensor x, Tensor blocks, int count) {
    Tensor member = blocks.unsqueeze(1).eq(Tensor.arange(count, DType.I64).view(1, count, 1));
    return member.to(x.dtype()).matmul(x);
  }
}
