package dev.heed.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.fixture.TinyCheckpoint;
import dev.heed.model.ModelFiles;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What heads do on texts that were made to tell. */
@Tag("integration")
class HeadProbeTest {
  @Test
  void scores_are_mean_weights_of_every_head(@TempDir Path folder) throws Exception {
    ModelFiles files = TinyCheckpoint.write(folder, "gpt2", "gpt", Map.of());
    try (AttentionCapture capture = AttentionCapture.open(files)) {
      HeadProbe probe = HeadProbe.of(capture);
      AttentionMap map = capture.read("the");
      for (double[][] scores :
          new double[][][] {
            probe.induction(), probe.duplicate(), probe.antecedent(), probe.other()
          }) {
        assertThat(scores).hasDimensions(map.layers(), map.heads());
        assertThat(Arrays.stream(scores).flatMapToDouble(Arrays::stream))
            .allMatch(score -> score > 0 && score < 1);
      }
      // the same tokens are drawn each time
      assertThat(HeadProbe.of(capture).induction()).isDeepEqualTo(probe.induction());
    }
  }
}
