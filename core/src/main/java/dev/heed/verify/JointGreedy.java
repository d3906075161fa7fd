package dev.heed.verify;

import dev.heed.attention.DecodeState;
import dev.heed.generate.config.GenerationConfig;
import dev.heed.model.Model;
import dev.heed.model.ModelInput;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * The likeliest token after each sequence, all sequences going on together until the last has
 * ended: for references in which a sequence depends on the others (see {@link Model#asRecorded}).
 */
final class JointGreedy {
  private JointGreedy() {}

  /**
   * Decodes.
   *
   * @param ids i64 {@code [B, T]}
   * @param most how many new tokens
   * @return i64 {@code [B, T + new]}, filled with the padding token after an end
   */
  static Tensor decode(Model model, Tensor ids, int most, GenerationConfig config) {
    List<Tensor> tokens = new ArrayList<>(List.of(ids));
    Tensor ended = ids.select(1, 0).ne(ids.select(1, 0));
    try (DecodeState state = new DecodeState()) {
      Tensor fresh = ids;
      for (int i = 0; i < most && ended.not().any().item() != 0; i++) {
        Tensor logits = model.apply(ModelInput.of("input_ids", fresh).with(state)).logits();
        Tensor next =
            logits
                .select(1, -1)
                .argmax(-1, false)
                .to(DType.I64)
                .maskedFill(ended, config.tokens().padding());
        for (int end : config.tokens().eosTokenId()) {
          ended = ended.or(next.eq(end));
        }
        fresh = next.unsqueeze(1);
        tokens.add(fresh);
      }
    }
    return Tensor.cat(tokens, 1);
  }
}
