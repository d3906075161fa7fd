package dev.heed.generate;

import dev.heed.generate.search.Prompts;
import dev.heed.model.ModelInput;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/**
 * Prompts as a model reads them: {@code input_ids}, and {@code attention_mask} where some are
 * filled.
 */
final class PromptTensors {
  private PromptTensors() {}

  /** Filled at the left, as a decoder reads them. */
  static ModelInput left(List<int[]> prompts, int fill) {
    Prompts filled = Prompts.of(prompts, fill);
    return input(filled.tokens(), filled.padding(), true);
  }

  /** Filled at the right, as an encoder reads them. */
  static ModelInput right(List<int[]> prompts, int fill) {
    int length = prompts.stream().mapToInt(prompt -> prompt.length).max().orElse(0);
    int[][] rows = new int[prompts.size()][];
    int[] missing = new int[rows.length];
    for (int r = 0; r < rows.length; r++) {
      rows[r] = Arrays.copyOf(prompts.get(r), length);
      missing[r] = length - prompts.get(r).length;
      Arrays.fill(rows[r], length - missing[r], length, fill);
    }
    return input(rows, missing, false);
  }

  /** The same with {@code global_attention_mask}, one at the first token of each. */
  static ModelInput seeingAllFromFirst(ModelInput input) {
    Tensor ids = input.require("input_ids");
    Tensor first = Tensor.arange(ids.size(1), DType.I64).eq(0).to(DType.I64);
    return input.with("global_attention_mask", first.expand(ids.size(0), ids.size(1)));
  }

  private static ModelInput input(int[][] rows, int[] missing, boolean atLeft) {
    int length = rows[0].length;
    long[] ids = new long[rows.length * length];
    long[] mask = new long[ids.length];
    for (int r = 0; r < rows.length; r++) {
      for (int i = 0; i < length; i++) {
        boolean token = atLeft ? i >= missing[r] : i < length - missing[r];
        ids[r * length + i] = rows[r][i];
        mask[r * length + i] = token ? 1 : 0;
      }
    }
    ModelInput input = ModelInput.of("input_ids", Tensor.of(ids, rows.length, length));
    boolean padded = Arrays.stream(missing).anyMatch(count -> count > 0);
    return padded ? input.with("attention_mask", Tensor.of(mask, rows.length, length)) : input;
  }
}
