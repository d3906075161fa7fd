package dev.heed.audio;

import static dev.heed.audio.FilterBankTest.of;
import static dev.heed.fixture.TensorAssert.assertValues;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.tensor.Shape;
import dev.heed.tensor.TensorScope;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class SoundProcessorTest {
  private static final String WAVEFORM = "{'feature_extractor_type':'Wav2Vec2FeatureExtractor',";

  @Test
  void samples_are_padded_and_masked() {
    SoundProcessor processor =
        of(WAVEFORM + "'do_normalize':false,'padding_value':-1,'sampling_rate':8000}");
    assertThat(processor.rate()).isEqualTo(8000);
    try (TensorScope scope = TensorScope.open()) {
      Sound stereo = new Sound(8000, new float[][] {{1, 0, 0.5f}, {0, 0, 0.5f}});
      SoundBatch batch = processor.process(List.of(stereo, Sound.mono(8000, 0.25f)));
      assertThat(batch.features().shape()).isEqualTo(Shape.of(2, 3));
      assertValues(batch.features(), 0.5, 0, 0.5, 0.25, -1, -1);
      assertValues(batch.mask(), 1, 1, 1, 1, 0, 0);
      assertThat(batch.masked()).isFalse();
    }
  }

  @Test
  void normalised_samples_have_no_mean_and_unit_variance() {
    try (TensorScope scope = TensorScope.open()) {
      SoundProcessor processor = of(WAVEFORM + "'return_attention_mask':true}");
      SoundBatch batch =
          processor.process(List.of(Sound.mono(16_000, 3, 1, 3, 1), Sound.mono(16_000, 5, 7)));
      assertValues(batch.features(), 1, -1, 1, -1, -1, 1, 0, 0);
    }
  }

  @Test
  void other_rates_are_changed() {
    try (TensorScope scope = TensorScope.open()) {
      SoundProcessor processor = of(WAVEFORM + "'do_normalize':false}");
      SoundBatch batch = processor.process(List.of(Sound.mono(8000, new float[50])));
      assertThat(batch.features().shape()).isEqualTo(Shape.of(1, 100));
    }
  }

  @Test
  void whisper_cuts_and_pads_to_one_length() {
    SoundProcessor processor =
        of(
            "{'feature_extractor_type':'WhisperFeatureExtractor','chunk_length':2,'feature_size':5}");
    try (TensorScope scope = TensorScope.open()) {
      SoundBatch batch =
          processor.process(
              List.of(Sound.mono(16_000, new float[50_000]), Sound.mono(16_000, new float[161])));
      assertThat(batch.features().shape()).isEqualTo(Shape.of(2, 5, 200));
      assertThat(batch.mask().sum().item()).isEqualTo(202);
    }
  }

  @Test
  void what_is_not_honoured_is_refused_by_name() {
    refused("{'sampling_rate':8000}", "feature_extractor_type to be one of Whisper", "got \"\"");
    refused("{'feature_extractor_type':'EncodecFeatureExtractor'}", "\"EncodecFeatureExtractor\"");
    refused(WAVEFORM + "'feature_size':2}", "feature_size 1, got \"2\"");
    refused(WAVEFORM + "'padding_side':'left'}", "padding_side right");
    refused(WAVEFORM + "'hop_length':3,'zeta':1}", "got \"hop_length\", \"zeta\"");
    refused(WAVEFORM + "'do_normalize':1}", "do_normalize true or false");
    refused(WAVEFORM + "'sampling_rate':10}", "sampling_rate of at least 1000");
    refused(
        "{'feature_extractor_type':'WhisperFeatureExtractor','n_samples':7}", "n_samples 480000");
    refused("{'feature_extractor_type':'WhisperFeatureExtractor','dither':0.1}", "dither 0");
    refused(
        "{'feature_extractor_type':'WhisperFeatureExtractor','chunk_length':3600,"
            + "'sampling_rate':192000}",
        "chunk_length × sampling_rate of at most 67108864, got 691200000");
    assertThatThrownBy(() -> of(WAVEFORM + "'dither':0}").process(List.of()))
        .hasMessageContaining("expected at least one");
  }

  private static void refused(String config, String... parts) {
    assertThatThrownBy(() -> of(config))
        .isInstanceOf(CheckpointException.class)
        .hasMessageStartingWith("p.json: expected")
        .hasMessageContainingAll(parts);
  }
}
