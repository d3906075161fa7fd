package dev.heed.bench.processes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.bench.BenchRun;
import dev.heed.cli.ExitStatus;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Tag("integration")
class ProcessesBenchTest {
  @Test
  void each_process_reports_its_time() {
    BenchRun run = BenchRun.of("processes", "--steps", "2", "--json", "--threads", "1");
    assertThat(run.exit()).as(run.err()).isEqualTo(ExitStatus.OK);
    JsonNode rows = new JsonMapper().readTree(run.out()).get("rows");
    for (String policy : new String[] {"SLEEP", "SPIN"}) {
      assertThat(rows.get(policy).get("alone").asDouble()).isPositive();
      assertThat(rows.get(policy).get("together").size()).isEqualTo(2);
      assertThat(rows.get(policy).get("together").get(1).asDouble()).isPositive();
    }
  }

  @Test
  void nothing_of_the_callers_environment_is_left() {
    Map<String, String> environment =
        new HashMap<>(Map.of("OMP_NUM_THREADS", "3", "OPENBLAS_NUM_THREADS", "5", "HOME", "/"));
    IdlePolicy.SLEEP.apply(environment);
    assertThat(environment).containsOnlyKeys("HOME");
    IdlePolicy.SPIN.apply(environment);
    assertThat(environment).containsOnlyKeys("HOME", "GOMP_SPINCOUNT", "OPENBLAS_THREAD_TIMEOUT");
  }

  @Test
  void counts_begin_at_one() {
    BenchRun run = BenchRun.of("processes", "--processes", "0");
    assertThat(run.exit()).isEqualTo(ExitStatus.USAGE);
    assertThat(run.err()).contains("--processes: expected 1 or more, got 0");
  }
}
