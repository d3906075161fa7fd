package dev.heed.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heed.checkpoint.SafetensorsFile;
import dev.heed.fixture.TensorAssert;
import dev.heed.fixture.Tolerance;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** Kaldi's filter banks as Hugging Face's extractors compute them. */
@Tag("unit")
class FilterBankTest {
  private static final Path RECORDED = Path.of("src/test/resources/audio/filter-banks.safetensors");

  static SoundProcessor of(String config) {
    return SoundProcessor.of("p.json", JsonMapper.shared().readTree(config.replace('\'', '"')));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "s2t | {'feature_extractor_type':'Speech2TextFeatureExtractor'}",
        "s2t-plain | {'feature_extractor_type':'Speech2TextFeatureExtractor','feature_size':23,"
            + "'num_mel_bins':23,'do_ceptral_normalize':false}",
        "seamless | {'feature_extractor_type':'SeamlessM4TFeatureExtractor'}",
        "seamless3 | {'feature_extractor_type':'SeamlessM4TFeatureExtractor','stride':3,"
            + "'feature_size':20,'num_mel_bins':20}",
        "ast | {'feature_extractor_type':'ASTFeatureExtractor','max_length':13}"
      })
  void equals_its_recording(String name, String config) {
    try (TensorScope scope = TensorScope.open();
        SafetensorsFile file = SafetensorsFile.open(RECORDED)) {
      List<Sound> sounds =
          List.of(
              Sound.mono(16_000, file.read("input.audio.0").toFloatArray()),
              Sound.mono(16_000, file.read("input.audio.1").toFloatArray()));
      SoundBatch batch = of(config).process(sounds);
      String output = "output." + name + ".";
      TensorAssert.assertClose(
          name, batch.features(), file.read(output + "features"), new Tolerance(1e-5, 2e-5));
      if (file.names().contains(output + "mask")) {
        TensorAssert.assertEqual(batch.mask(), file.read(output + "mask"));
      } else {
        assertThat(batch.masked()).isFalse();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Speech2Text", "SeamlessM4T", "AST"})
  void filters_are_triangles_that_overlap(String type) {
    String config = "{'feature_extractor_type':'" + type + "FeatureExtractor','num_mel_bins':24%s}";
    String size = type.equals("AST") ? "" : ",'feature_size':24";
    try (TensorScope scope = TensorScope.open()) {
      Tensor filters = of(String.format(Locale.ROOT, config, size)).melFilters();
      assertThat(filters).isNotNull();
      assertThat(filters.shape()).isEqualTo(Shape.of(257, 24));
      // Two neighbours share each frequency between their tops.
      double[] sums = filters.sum(1, false).toDoubleArray();
      for (int bin = 4; bin < 220; bin++) {
        assertThat(sums[bin]).isCloseTo(1, Offset.offset(1e-12));
      }
      // 1127 ln(1 + f/700) of 20 Hz and 8 kHz are 31.75 and 2840.02: steps of 112.33 mel.
      long top = filters.select(1, 11).argmax(0, false).toLongArray()[0];
      assertThat(top).isEqualTo(Math.round(700 * Math.expm1((31.75 + 12 * 112.33) / 1127) / 31.25));
    }
  }

  @Test
  void a_sound_shorter_than_a_frame_is_refused() {
    SoundProcessor processor = of("{'feature_extractor_type':'ASTFeatureExtractor'}");
    assertThatThrownBy(() -> processor.process(List.of(Sound.mono(16_000, new float[399]))))
        .hasMessageContaining("expected at least 400 samples (25 ms), got 399");
  }

  @Test
  void silence_has_no_nan() {
    for (String type : new String[] {"Speech2Text", "SeamlessM4T", "AST", "Whisper", "Wav2Vec2"}) {
      SoundProcessor processor = of("{'feature_extractor_type':'" + type + "FeatureExtractor'}");
      try (TensorScope scope = TensorScope.open()) {
        SoundBatch batch = processor.process(List.of(Sound.mono(16_000, new float[900])));
        for (float value : batch.features().toFloatArray()) {
          assertThat(value).isFinite();
        }
      }
    }
  }
}
