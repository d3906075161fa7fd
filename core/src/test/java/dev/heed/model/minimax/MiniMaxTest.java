package dev.heed.model.minimax;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.attention.DecodeState;
import dev.heed.fixture.RecordedModels;
import dev.heed.fixture.TensorAssert;
import dev.heed.fixture.Tolerance;
import dev.heed.model.Model;
import dev.heed.model.ModelInput;
import dev.heed.model.ModelLoader;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("integration")
class MiniMaxTest {
  private static final int PROMPT = 4;

  /** The reference forgets the padding once it has a cache; that is only for comparing. */
  @Test
  void padding_stays_hidden_while_decoding() {
    try (TensorScope scope = TensorScope.open();
        Model model = ModelLoader.of(RecordedModels.named("minimax")).as(DType.F64).load()) {
      Tensor ids = Tensor.of(new long[] {0, 0, 7, 11, 13, 17, 3, 5, 2, 19, 23, 29}, 2, 6);
      Tensor mask = Tensor.of(new long[] {0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1}, 2, 6);
      Tensor places = Tensor.of(new long[] {0, 0, 0, 1, 2, 3, 0, 1, 2, 3, 4, 5}, 2, 6);
      ModelInput all =
          ModelInput.of("input_ids", ids).with("attention_mask", mask).with("position_ids", places);
      Tensor whole = after(model.apply(all).logits());
      Tolerance close = new Tolerance(1e-9, 1e-9);
      TensorAssert.assertClose(stepwise(model, ids, mask, places), whole, close);
      Tensor recorded = stepwise(model.asRecorded(), ids, mask, places);
      assertThat(recorded.sub(whole).abs().max().item()).isGreaterThan(1e-2);
    }
  }

  /** The scores after the prompt's last token and each one after it. */
  private static Tensor after(Tensor logits) {
    return logits.narrow(1, PROMPT - 1, logits.size(1) - PROMPT + 1);
  }

  private static Tensor stepwise(Model model, Tensor ids, Tensor mask, Tensor places) {
    List<Tensor> scores = new ArrayList<>();
    try (DecodeState state = new DecodeState()) {
      long from = 0;
      for (long to = PROMPT; to <= ids.size(1); to++) {
        Tensor logits =
            model
                .apply(
                    ModelInput.of("input_ids", ids.narrow(1, from, to - from))
                        .with("attention_mask", mask.narrow(1, 0, to))
                        .with("position_ids", places.narrow(1, from, to - from))
                        .with(state))
                .logits();
        scores.add(logits.narrow(1, logits.size(1) - 1, 1));
        from = to;
      }
    }
    return Tensor.cat(scores, 1);
  }
}
