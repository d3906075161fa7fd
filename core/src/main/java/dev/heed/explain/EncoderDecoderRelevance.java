package dev.heed.explain;

import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;

/**
 * Relevance of source and target tokens of an encoder-decoder for one score.
 *
 * <p>Each encoder layer adds {@code R_ss += E·R_ss}. Each decoder layer adds by its self-attention
 * {@code R_ts += E·R_ts} and {@code R_tt += E·R_tt}, then by its cross-attention {@code R_ts +=
 * N(R_tt)ᵀ · E · N(R_ss)}, where {@code N(R) = (R - I) / rows' sums + I} and {@code E} is {@link
 * AttentionGradients#relevance} (Chefer, Gur and Wolf, Generic Attention-model Explainability, ICCV
 * 2021, equations 6 to 10).
 *
 * @param source {@code R_ss [source, source]}
 * @param target {@code R_tt [target, target]}
 * @param targetBySource {@code R_ts [target, source]}: which source tokens speak for the score
 */
public record EncoderDecoderRelevance(Tensor source, Tensor target, Tensor targetBySource) {
  /** What {@code N} does with a token that has taken nothing from others, a row 0/0. */
  public enum Untouched {
    /** The row is that of {@code I}: the token stands for itself. */
    STANDS_FOR_ITSELF,
    /** The whole update of that layer is dropped, as the authors' implementation does. */
    DROPS_UPDATE
  }

  /** As {@link #of(AttentionGradients, AttentionGradients, AttentionGradients, Untouched)}. */
  public static EncoderDecoderRelevance of(
      AttentionGradients encoder, AttentionGradients decoder, AttentionGradients cross) {
    return of(encoder, decoder, cross, Untouched.STANDS_FOR_ITSELF);
  }

  /**
   * The relevance after the last layer.
   *
   * @param encoder self-attention of the encoder, {@code [layers, …, heads, source, source]}
   * @param decoder self-attention of the decoder, {@code [layers, …, heads, target, target]}
   * @param cross cross-attention of the decoder, {@code [layers, …, heads, target, source]}
   * @throws dev.heed.tensor.ShapeException if self-attention is not square
   */
  public static EncoderDecoderRelevance of(
      AttentionGradients encoder,
      AttentionGradients decoder,
      AttentionGradients cross,
      Untouched untouched) {
    AttentionRollout.requireSquare(decoder.weights(), 4);
    return TensorScope.run(() -> {
      Tensor source = GradientRelevance.of(encoder).select(0, -1);
      Tensor own = decoder.relevance();
      Tensor other = cross.relevance();
      Tensor target = Tensor.eye(own.size(-1), own.dtype());
      Tensor both = Tensor.zeros(other.select(0, 0).shape(), other.dtype());
      for (int layer = 0; layer < own.size(0); layer++) {
        Tensor mixing = own.select(0, layer);
        both = both.add(mixing.matmul(both));
        target = target.add(mixing.matmul(target));
        Tensor read = other.select(0, layer).matmul(normalised(source, untouched));
        Tensor update = normalised(target, untouched).transpose(-1, -2).matmul(read);
        both = both.add(update.maskedFill(update.isNan(), 0));
      }
      return new EncoderDecoderRelevance(source, target, both);
    });
  }

  private static Tensor normalised(Tensor relevance, Untouched untouched) {
    Tensor identity = Tensor.eye(relevance.size(-1), relevance.dtype());
    Tensor taken = relevance.sub(identity);
    Tensor sums = taken.sum(-1, true);
    if (untouched == Untouched.STANDS_FOR_ITSELF) {
      sums = sums.maskedFill(sums.eq(0), 1);
    }
    return taken.div(sums).add(identity);
  }
}
