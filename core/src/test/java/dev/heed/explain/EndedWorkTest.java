package dev.heed.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.model.ModelFiles;
import dev.heed.nn.RunWatch;
import dev.heed.nn.Trace;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Work that is ended at any point it passes leaves no tensor open, as its readers leave. */
@Tag("integration")
class EndedWorkTest {
  private static final String TEXT = "The cat sat.";

  /** Ends the work at its first point, at its second and so on, until it comes to its end. */
  private static void endEverywhere(Runnable work) {
    long open = TensorScope.liveHandles();
    int points = 0;
    for (boolean ended = true; ended; points++) {
      int last = points;
      int[] passed = {0};
      try {
        RunWatch.during(
            () -> {
              if (passed[0]++ == last) {
                throw new CancellationException("nobody waits");
              }
            },
            () -> {
              work.run();
              return null;
            });
        ended = false;
      } catch (CancellationException e) {
        assertThat(TensorScope.liveHandles()).as("ended at point %d", last).isEqualTo(open);
      }
    }
    assertThat(points).isGreaterThan(3);
  }

  @Test
  void readings_of_a_text_leave_nothing() {
    try (AttentionCapture capture = AttentionCapture.open(ModelFiles.embedded())) {
      int layer = capture.layers().attending().getFirst();
      endEverywhere(() -> capture.read(TEXT));
      endEverywhere(() -> capture.steps(TEXT, layer, 0, 0));
      endEverywhere(() -> {
        try (TensorScope scope = TensorScope.inference()) {
          capture.entering(TEXT, layer);
        }
      });
    }
  }

  @Test
  void explanations_leave_nothing() {
    try (TensorScope scope = TensorScope.open();
        ExplainedBert model = new ExplainedBert("bert-classify", DType.F32)) {
      Function<Trace, Tensor> score =
          trace ->
              model
                  .logits(Tensor.of(new long[] {2, 11, 7, 3}, 1, 4), null, null, trace)
                  .select(0, 0)
                  .select(0, 1);
      endEverywhere(() -> {
        try (TensorScope inner = TensorScope.inference();
            ActivationPatching patching =
                ActivationPatching.of(Set.of("bert.embeddings.hidden"), score, score)) {
          patching.positions(List.of("bert.embeddings.hidden"));
        }
      });
      List<String> points =
          List.of(
              "bert.encoder.layer.0.attention.self.pattern",
              "bert.encoder.layer.1.attention.self.pattern");
      endEverywhere(() -> TensorScope.run(() -> AttentionGradients.of(points, score).weights()));
    }
  }
}
