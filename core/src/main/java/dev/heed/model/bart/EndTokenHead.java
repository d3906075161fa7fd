package dev.heed.model.bart;

import dev.heed.model.Run;
import dev.heed.model.head.Head;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * A head that reads the decoder's state at the last end token of what the encoder read (Lewis et
 * al., BART, ACL 2020, section 3.1).
 *
 * @param head what reads it
 * @param end the token
 */
record EndTokenHead(Head head, long end) implements Head {
  /**
   * Gives the head the state of each text's last end token.
   *
   * @throws IllegalArgumentException for a text without an end token
   */
  @Override
  public void apply(Run run, Tensor hidden, @Nullable Tensor pooled) {
    Tensor ends = run.input().require("input_ids").eq(end).to(DType.I64);
    if (ends.sum(1, false).eq(0).sum().itemLong() > 0) {
      throw new IllegalArgumentException(
          "input_ids: expected the end token " + end + " in every text, got a text without it");
    }
    long texts = hidden.size(0);
    long time = hidden.size(1);
    Tensor places = Tensor.arange(time, DType.I64).mul(ends).amax(-1, false);
    Tensor rows = places.add(Tensor.arange(texts, DType.I64).mul(time));
    head.apply(run, hidden, hidden.flatten(0, 1).indexSelect(0, rows));
  }
}
