package dev.heed.bench.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.bench.BenchRun;
import dev.heed.bench.train.EncoderShape.Task;
import dev.heed.cli.ExitStatus;
import dev.heed.tensor.Backend;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Tag("integration")
class TrainBenchTest {
  @ParameterizedTest
  @EnumSource
  void both_learn_the_same_number_of_parameters_to_the_same_end(Task task) {
    EncoderShape small = new EncoderShape(31, 24, 2, 3, 37, 6, 5, task);
    LibTorchContestant libTorch = new LibTorchContestant(small);
    int before = Backend.threads();
    try (HeedContestant heed = new HeedContestant(small, 2)) {
      // BERT has a vector for the kind of each token besides
      assertThat(heed.parameters()).isEqualTo(libTorch.parameters() + small.size());
      for (int step = 0; step < 400; step++) {
        heed.run();
        libTorch.run();
      }
      double well = task == Task.CLASSES ? 0.2 : 2.2; // of ln 31, 3.4, at a rate for classes
      assertThat(heed.loss()).isLessThan(well);
      assertThat(libTorch.loss()).isLessThan(well);
    }
    assertThat(Backend.threads()).isEqualTo(before);
  }

  @Test
  void times_and_memory_are_reported_side_by_side() {
    BenchRun run =
        BenchRun.of(
            "train",
            "--seconds",
            "0.01",
            "--batch",
            "2x3",
            "--threads",
            "1",
            "--json",
            "--task",
            "words");
    assertThat(run.exit()).as(run.err()).isEqualTo(ExitStatus.OK);
    JsonNode row = JsonMapper.shared().readTree(run.out()).get("rows").get(0);
    assertThat(row.get("task").asString()).isEqualTo("words");
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
