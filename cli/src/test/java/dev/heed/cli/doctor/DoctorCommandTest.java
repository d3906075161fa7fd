package dev.heed.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.cli.CommandRun;
import dev.heed.cli.ExitStatus;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Tag("integration")
class DoctorCommandTest {

  @Test
  void reports_every_finding_as_json() {
    CommandRun run = CommandRun.heed("doctor", "--json");
    assertThat(run.exit()).isEqualTo(ExitStatus.OK);
    JsonNode report = new JsonMapper().readTree(run.out());
    assertThat(report.get("healthy").asBoolean()).isTrue();
    List<String> names = new ArrayList<>();
    for (JsonNode finding : report.get("findings")) {
      names.add(finding.get("name").asString());
      assertThat(finding.get("value").asString()).isNotBlank();
      assertThat(finding.has("remedy")).isEqualTo(!finding.get("state").asString().equals("OK"));
    }
    assertThat(names)
        .containsExactly(
            "JDK",
            "engine",
            "native access",
            "LibTorch",
            "processor",
            "f32 products",
            "convolutions",
            "threads",
            "accounting",
            "native cache",
            "vector path",
            "memory",
            "encoder");
  }

  @Test
  void says_what_convolves() {
    assertThat(Examination.convolutions(true).state()).isEqualTo(Finding.State.OK);
    Finding without = Examination.convolutions(false);
    assertThat(without.state()).isEqualTo(Finding.State.WEAK);
    assertThat(without.remedy()).contains("caches");
  }

  @Test
  void sees_kernels_chosen_for_an_older_processor() {
    Finding narrow = Examination.matrixKernels("Haswell", "AVX512");
    assertThat(narrow.state()).isEqualTo(Finding.State.WEAK);
    assertThat(narrow.value()).startsWith("OPENBLAS_CORETYPE=Haswell");
    assertThat(narrow.remedy()).startsWith("unset OPENBLAS_CORETYPE");
    for (Finding fine :
        List.of(
            Examination.matrixKernels(null, "AVX512"),
            Examination.matrixKernels("", "AVX512"),
            Examination.matrixKernels("SkylakeX", "AVX512"),
            Examination.matrixKernels("Haswell", "AVX2"))) {
      assertThat(fine.state()).isEqualTo(Finding.State.OK);
    }
  }

  @Test
  void sees_more_threads_than_processors_and_says_what_to_do() {
    int available = Runtime.getRuntime().availableProcessors();
    try {
      CommandRun run = CommandRun.heed("doctor", "--threads", String.valueOf(available + 5));
      assertThat(run.exit()).isEqualTo(ExitStatus.OK);
      assertThat(run.out()).contains("weak").contains("do: use --threads " + available);
    } finally {
      dev.heed.tensor.Backend.threads(available);
    }
  }
}
