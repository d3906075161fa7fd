package dev.heed.attention.sparse;

import dev.heed.attention.AttentionRequest;
import dev.heed.attention.ScaledDotProduct;
import dev.heed.attention.mask.AttentionMask;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Self-attention within a window, and with global tokens that see and are seen by all: {@code
 * softmax([q · k_globalᵀ | q · k_windowᵀ] / √d)}; the global tokens' own rows use projections of
 * their own over all keys (Beltagy et al. 2020, section 3.1). Costs O(n · (window + globals)).
 */
public final class LongformerAttention extends Module {
  /** Far below any score, and finite, so that a row without a key has no NaN. */
  private static final double HIDDEN = -1e30;

  private final int heads;
  private final IntFunction<LocalColumns> window;
  private final @Nullable AttentionMask near;
  private final LongformerProjections local;
  private final LongformerProjections global;

  /**
   * What it gives.
   *
   * @param output {@code [B, T, size]}, zeros at padding
   * @param local weights {@code [B, H, T, G + C]}: the global keys first, then the window's
   *     columns; a global key within the window counts once, among the first
   * @param global weights of the global tokens' rows, {@code [B, H, G, T]}; a slot that a shorter
   *     list leaves empty holds the uniform distribution and reaches no output; null without global
   *     tokens
   */
  public record Result(Tensor output, Tensor local, @Nullable Tensor global) {}

  /**
   * With parameters {@code query}, {@code key}, {@code value} and {@code query_global}, {@code
   * key_global}, {@code value_global}.
   *
   * @param window the columns for a length
   */
  public LongformerAttention(
      Weights weights, long size, int heads, IntFunction<LocalColumns> window) {
    this(weights, size, heads, window, null);
  }

  private LongformerAttention(
      Weights weights,
      long size,
      int heads,
      IntFunction<LocalColumns> window,
      @Nullable AttentionMask near) {
    super(weights);
    this.heads = heads;
    this.window = window;
    this.near = near;
    this.local = LongformerProjections.of(weights, size, "");
    this.global = LongformerProjections.of(weights, size, "_global");
  }

  /**
   * With a sliding window, which {@link #read} sees through the exact kernel.
   *
   * @param window keys seen on either side, from 1
   */
  public static LongformerAttention sliding(Weights weights, long size, int heads, int window) {
    return new LongformerAttention(
        weights,
        size,
        heads,
        length -> LocalColumns.sliding(length, window, 1),
        AttentionMask.window(window, window));
  }

  /**
   * Local attention within the window, and global attention from and to the global tokens.
   *
   * @param x {@code [B, T, size]}
   * @param attentionMask i64 {@code [B, T]}: 0 local, negative padding, positive global
   */
  public Result apply(Tensor x, Tensor attentionMask) {
    return apply(x, attentionMask, weights -> weights);
  }

  /**
   * The same with weights changed before values are read.
   *
   * @param change for example dropout
   */
  Result apply(Tensor x, Tensor attentionMask, UnaryOperator<Tensor> change) {
    return TensorScope.run(() -> {
      GlobalTokens tokens = GlobalTokens.of(attentionMask, x.dtype());
      Result result = attendLocally(x, attentionMask, tokens, change);
      return tokens.isEmpty() ? result : withGlobalRows(result, x, attentionMask, tokens, change);
    });
  }

  /**
   * The output alone, {@code [B, T, size]}, by the exact kernel under masks where the window allows
   * it: O(T) memory.
   *
   * @param attentionMask i64 {@code [B, T]}: 0 local, negative padding, positive global
   */
  public Tensor read(Tensor x, Tensor attentionMask) {
    if (near == null) {
      return apply(x, attentionMask).output();
    }
    return TensorScope.run(() -> {
      GlobalTokens tokens = GlobalTokens.of(attentionMask, x.dtype());
      Tensor there = attentionMask.ge(0);
      AttentionMask seen =
          near.or(AttentionMask.globalTokens(attentionMask.gt(0)))
              .and(AttentionMask.padding(there));
      Tensor read =
          new ScaledDotProduct()
              .apply(
                  heads(local.query().apply(x)),
                  heads(local.key().apply(x)),
                  heads(local.value().apply(x)),
                  AttentionRequest.of(seen))
              .output();
      Tensor real = there.unsqueeze(1).unsqueeze(-1); // [B, 1, T, 1]
      Result result = new Result(joined(read.maskedFill(real.not(), 0)), read, null);
      return tokens.isEmpty()
          ? result.output()
          : withGlobalRows(result, x, attentionMask, tokens, same -> same).output();
    });
  }

  private Result attendLocally(
      Tensor x, Tensor attentionMask, GlobalTokens tokens, UnaryOperator<Tensor> change) {
    LocalColumns columns = window.apply(Math.toIntExact(x.size(1)));
    Tensor q = heads(local.query().apply(x).widened()).div(Math.sqrt(x.size(-1) / (double) heads));
    Tensor k = known(local.key().apply(x), attentionMask).widened();
    Tensor v = known(local.value().apply(x), attentionMask).widened();
    Tensor scores = localScores(q, heads(k), columns, attentionMask);
    if (!tokens.isEmpty()) {
      Tensor unfilled = tokens.filled().not().unsqueeze(1).unsqueeze(1); // [B, 1, 1, G]
      Tensor toGlobal = q.matmul(heads(tokens.select(k)).transpose(-2, -1));
      scores = Tensor.cat(List.of(toGlobal.maskedFill(unfilled, HIDDEN), scores), -1);
    }
    Tensor padding = attentionMask.lt(0).unsqueeze(1).unsqueeze(-1); // [B, 1, T, 1]
    Tensor weights = scores.softmax(-1).maskedFill(padding, 0);
    long globals = tokens.positions().size(1);
    Tensor changed = change.apply(weights);
    Tensor near = changed.narrow(3, globals, columns.columns()).unsqueeze(3);
    Tensor read = near.matmul(gather(heads(v), columns)).squeeze(3); // [B, H, T, D]
    if (!tokens.isEmpty()) {
      read = read.add(changed.narrow(3, 0, globals).matmul(heads(tokens.select(v))));
    }
    return new Result(joined(read).to(x.dtype()), weights, null);
  }

  private Tensor localScores(Tensor q, Tensor k, LocalColumns columns, Tensor attentionMask) {
    Tensor scores = gather(k, columns).matmul(q.unsqueeze(-1)).squeeze(-1); // [B, H, T, C]
    Tensor notLocal =
        attentionMask
            .ne(0)
            .indexSelect(1, columns.keys())
            .unflatten(1, columns.present().shape().toArray()) // [B, T, C]
            .and(columns.present());
    return scores.maskedFill(notLocal.or(columns.seen().not()).unsqueeze(1), HIDDEN);
  }

  /** {@code [B, H, T, D]} to {@code [B, H, T, C, D]}, zeros where a column has no key. */
  private static Tensor gather(Tensor x, LocalColumns columns) {
    return x.indexSelect(2, columns.keys())
        .unflatten(2, columns.present().shape().toArray())
        .mul(columns.present().to(x.dtype()).unsqueeze(-1));
  }

  private Result withGlobalRows(
      Result result,
      Tensor x,
      Tensor attentionMask,
      GlobalTokens tokens,
      UnaryOperator<Tensor> change) {
    Tensor q = heads(global.query().apply(tokens.select(x)).widened());
    Tensor k = heads(global.key().apply(x).widened());
    Tensor v = heads(known(global.value().apply(x), attentionMask).widened());
    Tensor padding = attentionMask.lt(0).unsqueeze(1); // [B, 1, T]
    Tensor hidden = tokens.filled().not().unsqueeze(-1).or(padding); // [B, G, T]
    Tensor weights =
        q.matmul(k.transpose(-2, -1))
            .div(Math.sqrt(x.size(-1) / (double) heads))
            .maskedFill(hidden.unsqueeze(1), HIDDEN)
            .softmax(-1);
    Tensor read = joined(change.apply(weights).matmul(v)).to(x.dtype()); // [B, G, size]
    Tensor kept = tokens.rows().sum(-1, true).neg().add(1);
    Tensor output = result.output().mul(kept).add(tokens.rows().matmul(read));
    return new Result(output, result.local(), weights);
  }

  /** Zeros at padding, whatever stands there. */
  private static Tensor known(Tensor x, Tensor attentionMask) {
    return x.maskedFill(attentionMask.lt(0).unsqueeze(-1), 0);
  }

  /** {@code [B, T, H·D]} to {@code [B, H, T, D]}. */
  private Tensor heads(Tensor x) {
    return x.unflatten(-1, heads, x.size(-1) / heads).transpose(1, 2);
  }

  private static Tensor joined(Tensor x) {
    return x.transpose(1, 2).flatten(2, 3);
  }
}
