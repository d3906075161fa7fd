package dev.heed.model.head;

import dev.heed.model.Run;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * A head that reads one state a text: that of its last token that is no padding, which in a decoder
 * alone has seen the whole text.
 *
 * @param head what reads it
 * @param padding the token that stands for none, or -1 where the model has no such token
 */
public record LastToken(Head head, long padding) implements Head {
  /**
   * Gives the head the state of each text's last token that is no padding.
   *
   * @throws IllegalArgumentException for several texts where no token stands for padding
   */
  @Override
  public void apply(Run run, Tensor hidden, @Nullable Tensor pooled) {
    Tensor ids = run.input().require("input_ids");
    long texts = ids.size(0);
    if (padding < 0) {
      if (texts > 1) {
        throw new IllegalArgumentException(
            "texts: expected one, or a pad_token_id in config.json that tells where each ends, got "
                + texts);
      }
      head.apply(run, hidden, hidden.select(1, -1));
      return;
    }
    long time = ids.size(1);
    Tensor places =
        Tensor.arange(time, DType.I64).mul(ids.ne(padding).to(DType.I64)).amax(-1, false);
    Tensor rows = places.add(Tensor.arange(texts, DType.I64).mul(time));
    head.apply(run, hidden, hidden.flatten(0, 1).indexSelect(0, rows));
  }
}
