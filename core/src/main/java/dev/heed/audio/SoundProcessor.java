package dev.heed.audio;

import dev.heed.checkpoint.ConfigFile;
import dev.heed.tensor.Tensor;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Makes a model's input of sounds, as a {@code preprocessor_config.json} says. Safe to share
 * between threads.
 */
public interface SoundProcessor {
  /** Returns the sampling rate that sounds are brought to. */
  int rate();

  /**
   * Processes a batch: channels mixed, rates changed where they are others, features computed and
   * padded.
   *
   * @param sounds at least one
   * @return tensors of the current scope
   * @throws IllegalArgumentException if there is no sound, or one that is too short for a frame
   */
  SoundBatch process(List<Sound> sounds);

  /**
   * The weights of its mel filters, {@code f64[bins, filters]}, owned by the current scope; null
   * for an extractor without any.
   */
  default @Nullable Tensor melFilters() {
    return null;
  }

  /**
   * Reads a config.
   *
   * @param file a {@code preprocessor_config.json}
   * @throws dev.heed.checkpoint.CheckpointException for a missing or invalid file, and {@code
   *     UNSUPPORTED} naming an extractor, a key or a value that Heed does not honour
   */
  static SoundProcessor read(Path file) {
    return of(file.toString(), ConfigFile.json(file));
  }

  /**
   * Takes a config that is read already.
   *
   * @param where a name for messages
   * @param config an object
   * @throws dev.heed.checkpoint.CheckpointException as {@link #read}
   */
  static SoundProcessor of(String where, JsonNode config) {
    SoundSettings settings = new SoundSettings(where, config);
    SoundProcessor processor =
        switch (settings.type()) {
          case "WhisperFeatureExtractor" -> WhisperProcessor.of(settings);
          case "Wav2Vec2FeatureExtractor" -> WaveformProcessor.of(settings);
          case "Speech2TextFeatureExtractor" -> FilterBankProcessor.speechToText(settings);
          case "SeamlessM4TFeatureExtractor" -> FilterBankProcessor.seamless(settings);
          case "ASTFeatureExtractor" -> SpectrogramProcessor.of(settings);
          default -> throw settings.unknownType();
        };
    settings.requireAllRead();
    return processor;
  }
}
