package dev.heed.models;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.model.Model;
import dev.heed.model.ModelFiles;
import dev.heed.model.ModelInput;
import dev.heed.model.ModelLoader;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** On the first 6,400 characters of the validation split. */
@Tag("integration")
class ShakespeareTest {
  private static final int CONTEXT = 64;

  @Test
  void its_score_holds() throws IOException {
    String text = new String(Samples.bytes("shakespeare-sample.txt"), StandardCharsets.UTF_8);
    ModelFiles files = ModelFiles.carried("shakespeare");
    long[] ids = files.tokenizer().ids(text, text.length());
    assertThat(ids).hasSize(6400);
    try (TensorScope scope = TensorScope.inference();
        Model model = ModelLoader.of(files).as(DType.F32).load()) {
      Tensor blocks = Tensor.of(Arrays.copyOf(ids, ids.length), ids.length / CONTEXT, CONTEXT);
      ModelInput input = ModelInput.of("input_ids", blocks).with("labels", blocks);
      assertThat(model.apply(input).loss().item()).isBetween(1.42, 1.58);
    }
  }
}
