package dev.heed.model.bert;

import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import org.jspecify.annotations.Nullable;

/** From where an encoder counts the positions of its tokens. */
public enum Places {
  /** From 0, whatever the tokens are. */
  FROM_ZERO {
    @Override
    public Tensor count(Tensor ids, @Nullable Tensor documents, int padding) {
      return documents == null
          ? Tensor.arange(ids.size(1), DType.I64)
          : byDocument(ids, documents, -1, 0);
    }
  },
  /**
   * From the padding token's number + 1, padding left out, which stands at the padding token's
   * number itself (fairseq, and so RoBERTa).
   */
  AFTER_PADDING {
    @Override
    public Tensor count(Tensor ids, @Nullable Tensor documents, int padding) {
      if (documents != null) {
        return byDocument(ids, documents, padding, padding + 1L);
      }
      return TensorScope.run(() -> {
        Tensor real = ids.ne(padding).to(DType.I64);
        return real.cumsum(1).mul(real).add(padding);
      });
    }
  };

  /**
   * Positions of tokens.
   *
   * @param ids i64 {@code [B, T]}
   * @param documents i64 {@code [B, T]} of texts end to end, each counted by itself; null for one
   *     text a row
   * @param padding the padding token
   * @return i64 {@code [T]} or {@code [B, T]}
   */
  public abstract Tensor count(Tensor ids, @Nullable Tensor documents, int padding);

  private static Tensor byDocument(Tensor ids, Tensor documents, int padding, long first) {
    int rows = Math.toIntExact(ids.size(0));
    int time = Math.toIntExact(ids.size(1));
    long[] tokens = ids.toLongArray();
    long[] texts = documents.toLongArray();
    long[] places = new long[tokens.length];
    long next = first;
    for (int i = 0; i < tokens.length; i++) {
      if (i % time == 0 || texts[i] != texts[i - 1]) {
        next = first;
      }
      places[i] = padding >= 0 && tokens[i] == padding ? padding : next++;
    }
    return Tensor.of(places, rows, time);
  }
}
