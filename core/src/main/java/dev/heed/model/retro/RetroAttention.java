package dev.heed.model.retro;

import dev.heed.attention.AttentionOutput;
import dev.heed.nn.Initializer;
import dev.heed.nn.Linear;
import dev.heed.nn.Module;
import dev.heed.nn.Trace;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Multi-head attention with rotary positions, to itself or to a context, and with a learned key and
 * value in front that no mask hides, if asked for (Borgeaud et al. 2021, section 2.4).
 */
public final class RetroAttention extends Module {
  private static final double HIDDEN = -1e30;

  /**
   * The sizes.
   *
   * @param model of the queries' vectors and of the output
   * @param context of the keys' vectors
   * @param heads how many
   * @param head of each head
   * @param causal whether a query sees only keys up to its own place
   * @param nullKey whether there is a learned key and value in front
   */
  public record Size(
      int model, int context, int heads, int head, boolean causal, boolean nullKey) {}

  private final Size size;
  private final Linear query;
  private final Linear key;
  private final Linear value;
  private final Linear out;
  private final @Nullable Tensor nullKey;
  private final @Nullable Tensor nullValue;

  /**
   * With parameters {@code to_q.weight}, {@code to_k.weight}, {@code to_v.weight}, {@code to_out}
   * and {@code null_k}, {@code null_v}.
   */
  public RetroAttention(Weights weights, Size size) {
    super(weights);
    this.size = size;
    long inner = (long) size.heads() * size.head();
    this.query = Linear.of(weights.child("to_q"), size.model(), inner, false);
    this.key = Linear.of(weights.child("to_k"), size.context(), inner, false);
    this.value = Linear.of(weights.child("to_v"), size.context(), inner, false);
    this.out = Linear.of(weights.child("to_out"), inner, size.model());
    Initializer normal = Initializer.normal(1);
    this.nullKey = size.nullKey() ? weights.parameter("null_k", normal, inner) : null;
    this.nullValue = size.nullKey() ? weights.parameter("null_v", normal, inner) : null;
  }

  /**
   * Reads a context: {@code softmax(q·kᵀ / √d)·v} with rotated queries and keys. Trace points are
   * {@code q}, {@code k}, {@code v}, {@code scores} (before the mask), {@code pattern} and {@code
   * z}.
   *
   * @param x {@code [B, Tq, model]}
   * @param context {@code [B, Tk, context]}
   * @param mask bool {@code [B, Tk]}, or null for all
   * @param queries positions of the queries
   * @param keys positions of the keys
   * @param trace of the run
   * @return output {@code [B, Tq, model]}, weights {@code [B, H, Tq, Tk]}, the null key first
   */
  AttentionOutput apply(
      Tensor x,
      Tensor context,
      @Nullable Tensor mask,
      @Nullable RotaryAngles queries,
      @Nullable RotaryAngles keys,
      Trace trace) {
    return TensorScope.run(() -> {
      Tensor scaled = rotate(heads(query.apply(x)), queries).div(Math.sqrt(size.head()));
      Tensor q = trace.visit(point("q"), scaled);
      Tensor rotated = rotate(heads(key.apply(context)), keys);
      Tensor k = trace.visit(point("k"), withNull(nullKey, rotated));
      Tensor v = trace.visit(point("v"), withNull(nullValue, heads(value.apply(context))));
      Tensor scores = trace.visit(point("scores"), q.matmul(k.transpose(-2, -1)).widened());
      Tensor weights = trace.visit(point("pattern"), hide(scores, mask).softmax(-1));
      Tensor z = trace.visit(point("z"), weights.to(v.dtype()).matmul(v));
      Tensor read = z.transpose(1, 2).flatten(2, 3);
      return new AttentionOutput(out.apply(read), weights);
    });
  }

  private static Tensor rotate(Tensor x, @Nullable RotaryAngles angles) {
    return angles == null ? x : angles.apply(x);
  }

  private Tensor withNull(@Nullable Tensor first, Tensor rest) {
    return first == null
        ? rest
        : Tensor.cat(
            List.of(
                first.reshape(1, size.heads(), 1, size.head()).expand(rest.size(0), -1, -1, -1),
                rest),
            2);
  }

  private Tensor hide(Tensor scores, @Nullable Tensor mask) {
    Tensor hidden = scores;
    if (mask != null) {
      Tensor seen = mask.not().unsqueeze(1).unsqueeze(1);
      hidden = hidden.maskedFill(size.nullKey() ? seen.pad(0, 1, 0) : seen, HIDDEN);
    }
    if (size.causal()) {
      Shape table = Shape.of(scores.size(2), scores.size(3));
      int diagonal = Math.toIntExact(scores.size(3) - scores.size(2) + 1);
      hidden =
          hidden.maskedFill(Tensor.ones(table, DType.F32).triu(diagonal).to(DType.BOOL), HIDDEN);
    }
    return hidden;
  }

  /** {@code [B, T, H·D]} to {@code [B, H, T, D]}. */
  private Tensor heads(Tensor x) {
    return x.unflatten(-1, size.heads(), size.head()).transpose(1, 2);
  }
}
