package dev.heed.golden;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.nn.Gru;
import dev.heed.tensor.DType;
import dev.heed.tensor.Recurrent.Layout;
import dev.heed.tensor.Recurrent.States;
import dev.heed.tensor.Tensor;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The harness must notice what is wrong: each case here is wrong in one way. */
@Tag("unit")
class RecordingComparisonTest {

  private static States run(Recording ref) {
    Layout layout = new Layout(ref.integer("layers"), ref.flag("bidirectional"));
    return new Gru(ref.weights(), ref.integer("input_size"), ref.integer("hidden"), layout)
        .apply(ref.input("x"), ref.input("h0"));
  }

  private static List<String> differences(Function<Recording, Results> body, DType dtype) {
    try (RecordedTensors file = RecordedTensors.open(GoldenFolder.file("gru"))) {
      return RecordingComparison.differences(ReferenceCase.of("gru", body), file, dtype, 1e-9);
    }
  }

  @Test
  void the_right_case_has_no_difference() {
    assertThat(
            differences(
                ref ->
                    new Results().output("y", run(ref).outputs()).output("h_n", run(ref).hidden()),
                DType.F64))
        .isEmpty();
  }

  @Test
  void a_small_error_is_found_in_output_and_gradients() {
    Function<Recording, Results> body =
        ref -> {
          States states = run(ref);
          Tensor wrong = states.outputs().mul(1 + 1e-7);
          return new Results().output("y", wrong).output("h_n", states.hidden());
        };
    assertThat(differences(body, DType.F64))
        .anyMatch(text -> text.startsWith("f64 output.y: "))
        .anyMatch(text -> text.startsWith("f64 grad.param.weight_hh_l0: "))
        .noneMatch(text -> text.startsWith("f64 output.h_n"));
  }

  @Test
  void a_missing_and_an_invented_result_are_found() {
    Function<Recording, Results> body =
        ref -> new Results().output("y", run(ref).outputs()).output("hidden", run(ref).hidden());
    assertThat(differences(body, DType.F64))
        .contains(
            "f64 output.hidden: nothing is recorded under this name",
            "f64 output.h_n: not computed");
  }

  @Test
  void results_without_a_graph_are_found() {
    Function<Recording, Results> body =
        ref ->
            new Results()
                .output("y", run(ref).outputs().detach())
                .output("h_n", run(ref).hidden().detach());
    assertThat(differences(body, DType.F64))
        .contains("the loss does not depend on any input or parameter");
  }
}
