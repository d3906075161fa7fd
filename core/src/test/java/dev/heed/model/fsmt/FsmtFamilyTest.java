package dev.heed.model.fsmt;

import dev.heed.attention.DecodeState;
import dev.heed.fixture.TensorAssert;
import dev.heed.fixture.Tolerance;
import dev.heed.model.Model;
import dev.heed.model.ModelInput;
import dev.heed.model.ModelStart;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** FSMT decodes as it reads, whatever its reference does with a cache. */
@Tag("unit")
class FsmtFamilyTest {
  private static final String SMALL =
      """
      {"model_type": "fsmt", "src_vocab_size": 23, "tgt_vocab_size": 19, "d_model": 12,
       "max_position_embeddings": 17, "encoder_layers": 1, "encoder_ffn_dim": 13,
       "encoder_attention_heads": 3, "decoder_layers": 2, "decoder_ffn_dim": 11,
       "decoder_attention_heads": 2}
      """;

  @Test
  void token_by_token_gives_what_the_whole_gives() {
    Generator random = new Generator(41);
    try (TensorScope scope = TensorScope.open();
        Model model =
            ModelStart.fromNothing("test", JsonMapper.shared().readTree(SMALL), DType.F64, random)
                .model()) {
      ModelInput read =
          ModelInput.of("input_ids", Tensor.randint(random, 21, Shape.of(2, 7)).add(2));
      Tensor ids = Tensor.randint(random, 17, Shape.of(2, 5)).add(2);
      Tensor whole = model.apply(read.with("decoder_input_ids", ids)).logits();
      List<Tensor> steps = new ArrayList<>();
      try (DecodeState state = new DecodeState()) {
        for (int i = 0; i < 5; i++) {
          ModelInput step = i == 0 ? read : ModelInput.of(Map.of());
          step = step.with("decoder_input_ids", ids.narrow(1, i, 1)).with(state);
          steps.add(model.apply(step).logits());
        }
      }
      TensorAssert.assertClose(Tensor.cat(steps, 1), whole, Tolerance.of(DType.F64));
    }
  }
}
