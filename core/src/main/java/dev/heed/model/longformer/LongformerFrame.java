package dev.heed.model.longformer;

import dev.heed.attention.AttentionRequest;
import dev.heed.attention.sparse.TokenRoles;
import dev.heed.model.EncoderFrame;
import dev.heed.model.Run;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import java.util.function.IntFunction;

/**
 * Says which tokens are padding and which are global.
 *
 * @param globals which are where the call does not say
 * @param separator ends the question
 */
public record LongformerFrame(Globals globals, long separator) implements EncoderFrame {
  /** Which tokens see all and are seen by all where the call does not say. */
  public enum Globals {
    /** None. */
    NONE,
    /** The first. */
    FIRST,
    /** Those before the first separator. */
    QUESTION
  }

  @Override
  public IntFunction<AttentionRequest> requests(Run run, Tensor embedded) {
    Tensor ids = run.input().require("input_ids");
    Tensor there = run.input().truth("attention_mask");
    Tensor given = run.input().get("global_attention_mask");
    Tensor roles = given == null ? usual(ids) : given.ne(0).to(DType.I64);
    AttentionRequest request =
        run.request(new TokenRoles(there == null ? roles : roles.maskedFill(there.not(), -1)));
    return layer -> request;
  }

  private Tensor usual(Tensor ids) {
    Tensor none = Tensor.zeros(ids.shape(), DType.I64);
    Tensor places = Tensor.arange(ids.size(1), DType.I64);
    return switch (globals) {
      case NONE -> none;
      case FIRST -> none.add(places.eq(0).to(DType.I64));
      case QUESTION -> {
        Tensor separators = ids.eq(separator).to(DType.I64);
        if (separators.sum(1, false).min().itemLong() < 1) {
          throw new IllegalArgumentException(
              "input_ids: expected in each text a separator, "
                  + separator
                  + ", after the question, or a global_attention_mask, got none");
        }
        // Before the first separator none has been counted.
        yield separators.cumsum(1).eq(0).to(DType.I64);
      }
    };
  }
}
