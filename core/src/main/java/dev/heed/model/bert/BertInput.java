package dev.heed.model.bert;

import dev.heed.attention.mask.AttentionMask;
import dev.heed.tensor.DType;
import dev.heed.tensor.Shape;
import dev.heed.tensor.ShapeException;
import dev.heed.tensor.Tensor;
import dev.heed.text.Encoding;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * A batch of tokenised texts.
 *
 * @param ids token numbers, i64 {@code [B, T]}
 * @param mask which tokens may be attended to, bool {@code [B, T]}; null for all
 * @param types segments, i64 {@code [B, T]}; null for the first everywhere
 * @param lengths of texts that stand end to end in the one row there is; null for a text a row
 */
public record BertInput(
    Tensor ids, @Nullable Tensor mask, @Nullable Tensor types, @Nullable List<Integer> lengths) {
  /** Checks that the shapes agree. */
  public BertInput {
    if (ids.rank() != 2) {
      throw new ShapeException("ids: expected [batch, time], got " + ids.describe());
    }
    sameShape("mask", ids, mask);
    sameShape("types", ids, types);
    if (lengths != null) {
      int tokens = lengths.stream().mapToInt(Integer::intValue).sum();
      if (mask != null || ids.size(0) != 1 || ids.size(1) != tokens) {
        throw new ShapeException(
            "texts end to end: expected ids [1, "
                + tokens
                + "] and no mask, got "
                + ids.describe());
      }
    }
  }

  /** A text a row. */
  public BertInput(Tensor ids, @Nullable Tensor mask, @Nullable Tensor types) {
    this(ids, mask, types, null);
  }

  /**
   * Texts end to end in one row, which needs no padding; each counts its positions from 0 and sees
   * only itself.
   *
   * @param texts token numbers; those of equal length are best put side by side
   */
  public static BertInput endToEnd(List<long[]> texts) {
    long[] ids = texts.stream().flatMapToLong(Arrays::stream).toArray();
    return new BertInput(
        Tensor.of(ids, 1, ids.length),
        null,
        null,
        texts.stream().map(text -> text.length).toList());
  }

  /** Which tokens see each other, or null for all. */
  @Nullable AttentionMask seen() {
    if (lengths != null) {
      return AttentionMask.documents(lengths.stream().mapToInt(Integer::intValue).toArray());
    }
    return mask == null ? null : AttentionMask.padding(mask);
  }

  /** The longest text, in tokens. */
  int longest() {
    return lengths == null
        ? Math.toIntExact(ids.size(1))
        : lengths.stream().mapToInt(Integer::intValue).max().orElse(0);
  }

  /** Where each token stands in its text: i64 {@code [T]}. */
  Tensor positions() {
    return lengths == null
        ? Tensor.arange(ids.size(1), DType.I64)
        : Tensor.of(lengths.stream().flatMapToLong(n -> LongStream.range(0, n)).toArray());
  }

  /** One text, complete. */
  public static BertInput of(Encoding text) {
    return of(List.of(text), 0);
  }

  /**
   * Texts padded at the end to the longest of them.
   *
   * @param pad the token to fill with; its value never matters
   */
  public static BertInput of(List<Encoding> texts, long pad) {
    int rows = texts.size();
    int length = texts.stream().mapToInt(Encoding::size).max().orElse(0);
    long[] ids = new long[rows * length];
    long[] types = new long[rows * length];
    boolean[] mask = new boolean[rows * length];
    boolean masked = false;
    for (int row = 0; row < rows; row++) {
      Encoding text = texts.get(row);
      Arrays.fill(ids, row * length, (row + 1) * length, pad);
      System.arraycopy(text.ids(), 0, ids, row * length, text.size());
      System.arraycopy(text.typeIds(), 0, types, row * length, text.size());
      System.arraycopy(text.mask(), 0, mask, row * length, text.size());
    }
    for (boolean seen : mask) {
      masked |= !seen;
    }
    return new BertInput(
        Tensor.of(ids, rows, length),
        masked ? Tensor.of(mask, rows, length) : null,
        Tensor.of(types, rows, length));
  }

  /** A recorded mask, where 1 may be attended to, as truth values. */
  static Tensor truth(Tensor mask) {
    return mask.dtype() == DType.BOOL ? mask : mask.ne(0);
  }

  private static void sameShape(String name, Tensor ids, @Nullable Tensor other) {
    Shape expected = ids.shape();
    if (other != null && !other.shape().equals(expected)) {
      throw new ShapeException(name + ": expected " + expected + ", got " + other.describe());
    }
  }
}
