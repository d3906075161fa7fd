package dev.heed.bench.mechanisms;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.bench.BenchRun;
import dev.heed.bench.attention.Timing;
import dev.heed.cli.ExitStatus;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Tag("integration")
class DecodeBenchTest {
  private static final String[] SMALL = {
    "--contexts", "40,13", "--tokens", "7", "--size", "8", "--heads", "2", "--warm-up", "3"
  };

  private static BenchRun run(String... more) {
    String[] all = new String[1 + SMALL.length + more.length];
    all[0] = "decode";
    System.arraycopy(SMALL, 0, all, 1, SMALL.length);
    System.arraycopy(more, 0, all, 1 + SMALL.length, more.length);
    return BenchRun.of(all);
  }

  @Test
  void times_a_token_after_each_context() {
    BenchRun run = run("--json", "--mechanisms", "s4,mamba");
    assertThat(run.err()).isEmpty();
    assertThat(run.exit()).isEqualTo(ExitStatus.OK);
    JsonNode report = new JsonMapper().readTree(run.out());
    assertThat(report.get("contexts").get(0).asInt()).isEqualTo(13);
    assertThat(report.get("rows").size()).isEqualTo(3);
    for (JsonNode row : report.get("rows")) {
      assertThat(row.get("times").size()).isEqualTo(2);
      assertThat(row.get("times").get(1).get("runs").asInt()).isEqualTo(7);
      assertThat(row.get("times").get(1).get("median").asDouble()).isPositive();
    }
    assertThat(report.get("rows").get(2).get("mechanism").asString()).contains("cached keys");
  }

  @Test
  void prints_whether_the_time_is_flat() {
    assertThat(run("--mechanisms", "linear-transformer").out())
        .containsPattern("linear-transformer .* (flat|grows|falls)");
  }

  @Test
  void flat_is_within_the_tolerance() {
    Timing first = new Timing(10, 9, 11, 5);
    assertThat(DecodeRow.of("a", List.of(first, new Timing(11.4, 11, 12, 5))).flat()).isTrue();
    DecodeRow growing = DecodeRow.of("a", List.of(first, new Timing(12, 11, 13, 5)));
    assertThat(growing.flat()).isFalse();
    assertThat(growing.lastOverFirst()).isEqualTo(1.2);
  }

  @Test
  void a_mechanism_without_a_recurrent_form_is_named() {
    BenchRun run = run("--mechanisms", "linformer");
    assertThat(run.exit()).isEqualTo(ExitStatus.USAGE);
    assertThat(run.err()).contains("linformer has no recurrent form; expected some of");
  }

  @Test
  void a_context_holds_the_measured_tokens() {
    BenchRun run = BenchRun.of("decode", "--contexts", "13", "--tokens", "14");
    assertThat(run.exit()).isEqualTo(ExitStatus.USAGE);
    assertThat(run.err()).contains("--contexts: expected at least 14, got 13");
  }
}
