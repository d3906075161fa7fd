package dev.heed.explain.sound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.heed.audio.Sound;
import dev.heed.checkpoint.CheckpointException;
import dev.heed.explain.AttentionMap;
import dev.heed.fixture.TinyCheckpoint;
import dev.heed.model.Model;
import dev.heed.model.ModelFiles;
import dev.heed.model.ModelInput;
import dev.heed.model.ModelOutput;
import dev.heed.model.Run.Wanted;
import dev.heed.model.SoundInput;
import dev.heed.nn.Trace;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("integration")
class SoundCaptureTest {
  @TempDir Path folder;

  private static Sound sound(int samples) {
    float[] wave = new float[samples];
    for (int i = 0; i < samples; i++) {
      wave[i] = (float) Math.sin(i * (0.02 + i * 2e-6));
    }
    return Sound.mono(16_000, wave);
  }

  @ParameterizedTest
  @CsvSource({"wavlm, letters", "whisper, whisper", "moonshine, moonshine"})
  void rows_of_moments_sum_to_one(String model, String ears) throws IOException {
    ModelFiles files = TinyCheckpoint.hearing(folder, model, ears, Map.of());
    try (SoundCapture capture = SoundCapture.open(files)) {
      AttentionMap map = capture.read(sound(9000), 7);
      assertThat(map.size()).isEqualTo(7);
      assertThat(map.texts().getFirst()).isEqualTo("0.00");
      for (int query = 0; query < 7; query++) {
        double sum = 0;
        for (float weight : map.row(map.layers() - 1, 1, query)) {
          sum += weight;
        }
        assertThat(sum).isCloseTo(1, within(1e-5));
      }
    }
  }

  @Test
  void a_moment_is_the_mean_of_its_rows_and_the_sum_of_its_columns() throws IOException {
    ModelFiles files = TinyCheckpoint.hearing(folder, "wav2vec2", "letters", Map.of());
    Sound sound = sound(700);
    try (Model model = Model.load(folder);
        TensorScope scope = TensorScope.inference();
        SoundCapture capture = SoundCapture.open(files)) {
      ModelInput input =
          new SoundInput("input_values")
              .of(SoundInput.processor(files).process(List.of(sound)), SoundInput.type(model));
      ModelOutput output = model.apply(input, Trace.NONE, new Wanted(false, true));
      Tensor first = output.series("attentions").getFirst().select(0, 0).select(0, 2);
      int states = (int) first.size(0);
      int half = (states + 1) / 2;
      double expected = first.narrow(0, 0, half).narrow(1, half, states - half).sum().item() / half;
      assertThat((double) capture.read(sound, 2).row(0, 2, 0)[1]).isCloseTo(expected, within(1e-6));
    }
  }

  @Test
  void what_is_written_attends_to_moments() throws IOException {
    ModelFiles files = TinyCheckpoint.hearing(folder, "whisper", "whisper", Map.of());
    try (SoundCapture capture = SoundCapture.open(files)) {
      AttentionMap map = capture.readAcross(sound(9000), "w7 w9 w5", 7);
      assertThat(map.isSelf()).isFalse();
      assertThat(map.keyLabels()).hasSize(7).startsWith("0.00");
      assertThat(map.queries())
          .extracting(AttentionMap.Unit::text)
          .containsExactly("w7", "w9", "w5");
      for (int query = 0; query < map.queries().size(); query++) {
        double sum = 0;
        for (float weight : map.row(1, 1, query)) {
          sum += weight;
        }
        assertThat(sum).isCloseTo(1, within(1e-5));
      }
    }
  }

  @Test
  void what_has_no_moments_is_refused() throws IOException {
    TinyCheckpoint.hearing(folder, "wav2vec2", "letters", Map.of());
    Files.writeString(
        folder.resolve("config.json"),
        "{\"model_type\": \"audio-spectrogram-transformer\", \"architectures\": [\"ASTModel\"]}");
    assertThatThrownBy(() -> SoundCapture.open(ModelFiles.folder(folder)))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("states are moments of a sound");
  }
}
