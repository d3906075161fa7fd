package dev.heed.bench.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.bench.BenchRun;
import dev.heed.cli.ExitStatus;
import dev.heed.tensor.Backend;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Tag("integration")
class TrainBenchTest {
  private static final EncoderShape SMALL = new EncoderShape(31, 24, 2, 3, 37, 6, 5);

  @Test
  void both_learn_the_same_number_of_parameters_to_the_same_end() {
    LibTorchContestant libTorch = new LibTorchContestant(SMALL);
    int before = Backend.threads();
    try (HeedContestant heed = new HeedContestant(SMALL, 2)) {
      // BERT has a vector for the kind of each token besides
      assertThat(heed.parameters()).isEqualTo(libTorch.parameters() + SMALL.size());
      for (int step = 0; step < 400; step++) {
        heed.run();
        libTorch.run();
      }
      assertThat(heed.loss()).isLessThan(0.2);
      assertThat(libTorch.loss()).isLessThan(0.2);
    }
    assertThat(Backend.threads()).isEqualTo(before);
  }

  @Test
  void times_and_memory_are_reported_side_by_side() {
    BenchRun run =
        BenchRun.of("train", "--seconds", "0.01", "--batch", "2x3", "--threads", "1", "--json");
    assertThat(run.exit()).as(run.err()).isEqualTo(ExitStatus.OK);
    JsonNode row = JsonMapper.shared().readTree(run.out()).get("rows").get(0);
    JsonNode turns = row.get("turns");
    assertThat(turns.get("ratio").get("runs").asInt()).isEqualTo(5);
    for (String time : new String[] {"heed", "libTorch"}) {
      assertThat(turns.get(time).get("median").asDouble()).isPositive();
    }
    assertThat(row.get("heedBytes").asDouble()).isNotNegative();
    assertThat(BenchRun.of("train", "--batch", "2").err())
        .contains("--batch: expected texts x tokens, such as 16x32, got 2");
  }
}
