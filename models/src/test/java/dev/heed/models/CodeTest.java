package dev.heed.models;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.model.Model;
import dev.heed.model.ModelFiles;
import dev.heed.model.ModelInput;
import dev.heed.model.ModelLoader;
import dev.heed.task.Completer;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * On Python that was written for this test, partly of kinds in the primer, and on what beginners
 * ask.
 */
@Tag("integration")
class CodeTest {
  private static final ModelFiles FILES = ModelFiles.carried("code");
  private static final int CONTEXT = 256;

  @Test
  void its_score_holds() throws IOException {
    String text = new String(Samples.bytes("code-sample.py"), StandardCharsets.UTF_8);
    double sum = 0;
    int tokens = 0;
    try (TensorScope scope = TensorScope.inference();
        Model model = ModelLoader.of(FILES).as(DType.F32).load()) {
      for (String piece : text.split("\n\n\n")) {
        long[] ids = FILES.tokenizer().ids(piece, CONTEXT);
        Tensor read = Tensor.of(ids, 1, ids.length);
        ModelInput input = ModelInput.of("input_ids", read).with("labels", read);
        sum += model.apply(input).loss().item() * (ids.length - 1);
        tokens += ids.length - 1;
      }
    }
    assertThat(tokens).isGreaterThan(600);
    assertThat(sum / tokens).isBetween(1.1, 1.27);
  }

  @Test
  void everyday_functions_are_completed_as_the_card_says() {
    try (Completer completer = Completer.open(FILES, null)) {
      assertThat(completer.complete("def calculate_average(numbers):", null))
          .contains("\n    return sum(numbers) / len(numbers)\n")
          .doesNotContain("def ");
      assertThat(completer.complete("def is_prime(n):", null))
          .contains(
              """
                  if n < 2:
                      return False
                  for i in range(2, int(n ** 0.5) + 1):
                      if n % i == 0:
                          return False
                  return True
              """
                  .indent(0));
      assertThat(completer.complete("def is_even(number):", null))
          .contains("return number % 2 == 0");
    }
  }
}
