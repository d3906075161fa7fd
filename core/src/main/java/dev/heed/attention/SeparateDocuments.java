package dev.heed.attention;

import dev.heed.attention.kernel.AttentionSpec;
import dev.heed.attention.kernel.ExactAttention;
import dev.heed.attention.mask.AttentionSizes;
import dev.heed.attention.mask.DocumentMask;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Self-attention of documents that stand end to end in one row, without a mask: those of one length
 * that adjoin are a batch of their own.
 *
 * <p>Short texts packed this way cost no padding in the layers around attention, and none in it.
 */
final class SeparateDocuments {
  private SeparateDocuments() {}

  /** The documents' lengths where this applies: one row, self-attention, scores not changed. */
  static int @Nullable [] lengths(Tensor q, Tensor k, AttentionSpec spec) {
    boolean apart =
        spec.mask() instanceof DocumentMask
            && spec.modifier() == null
            && spec.dropout() == 0
            && q.size(0) == 1
            && q.size(2) == k.size(2);
    if (!apart || !(spec.mask() instanceof DocumentMask documents)) {
      return null;
    }
    documents.requireFit(AttentionSizes.of(Shape.of(1, q.size(1), q.size(2), k.size(2))));
    return documents.lengths();
  }

  /**
   * Attends within each document.
   *
   * @param q {@code [1, H, T, D]}
   * @param k {@code [1, Hkv, T, D]}
   * @param v {@code [1, Hkv, T, Dv]}
   * @param lengths their sum is T
   * @param spec its mask does not matter
   * @return {@code [1, H, T, Dv]}
   */
  static Tensor apply(Tensor q, Tensor k, Tensor v, int[] lengths, AttentionSpec spec) {
    return TensorScope.run(() -> {
      List<Run> runs = runs(lengths);
      List<Tensor> queries = cut(q, runs);
      List<Tensor> keys = cut(k, runs);
      List<Tensor> values = cut(v, runs);
      AttentionSpec unmasked = spec.withMask(null);
      List<Tensor> outputs = new ArrayList<>();
      for (int i = 0; i < runs.size(); i++) {
        Run run = runs.get(i);
        Tensor output =
            ExactAttention.apply(
                run.batch(queries.get(i)),
                run.batch(keys.get(i)),
                run.batch(values.get(i)),
                unmasked);
        outputs.add(output.transpose(1, 2).flatten(0, 1)); // [count · length, H, Dv]
      }
      return Tensor.cat(outputs, 0).unsqueeze(0).transpose(1, 2);
    });
  }

  /** Adjoining documents of one length. */
  private record Run(int count, int length) {
    /** {@code [count · length, H, D]} to {@code [count, H, length, D]}, without a copy. */
    Tensor batch(Tensor rows) {
      return rows.unflatten(0, count, length).transpose(1, 2);
    }
  }

  private static List<Run> runs(int[] lengths) {
    List<Run> runs = new ArrayList<>();
    for (int i = 0, next = 0; i < lengths.length; i = next) {
      while (next < lengths.length && lengths[next] == lengths[i]) {
        next++;
      }
      runs.add(new Run(next - i, lengths[i]));
    }
    return runs;
  }

  /** {@code [1, H, T, D]} to {@code [count · length, H, D]} for each run, without a copy. */
  private static List<Tensor> cut(Tensor x, List<Run> runs) {
    long[] rows = runs.stream().mapToLong(run -> (long) run.count() * run.length()).toArray();
    return x.squeeze(0).transpose(0, 1).split(0, rows);
  }
}
