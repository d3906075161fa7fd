package dev.heed.model;

import dev.heed.audio.SoundBatch;
import dev.heed.audio.SoundProcessor;
import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * How a family calls the sounds that it is given.
 *
 * @param name {@code input_values} or {@code input_features}
 */
public record SoundInput(String name) {
  private static final double USUAL_WINDOW = 30;

  private static final Set<String> VALUES =
      Set.of(
          "audio-spectrogram-transformer",
          "hubert",
          "moonshine",
          "sew",
          "wav2vec2",
          "wav2vec2-conformer",
          "wavlm");

  private static final Set<String> FEATURES = Set.of("speech_to_text", "wav2vec2-bert", "whisper");

  /** Whether a family reads sounds, by its config's {@code model_type}. */
  public static boolean isOf(ModelFiles files) {
    String type = files.json().path("model_type").asString("");
    return VALUES.contains(type) || FEATURES.contains(type);
  }

  /** By a config's {@code model_type}. */
  public static SoundInput of(ModelFiles files) {
    String type = files.json().path("model_type").asString("");
    return new SoundInput(VALUES.contains(type) ? "input_values" : "input_features");
  }

  /** A model's input, with a mask where the front end asks for one. */
  public ModelInput of(SoundBatch batch, DType type) {
    ModelInput input = ModelInput.of(name, batch.features().to(type));
    return batch.masked() ? input.with("attention_mask", batch.mask()) : input;
  }

  /**
   * A checkpoint's front end.
   *
   * @throws CheckpointException without a {@code preprocessor_config.json}, and for one that Heed
   *     does not honour
   */
  public static SoundProcessor processor(ModelFiles files) {
    JsonNode front = files.json("preprocessor_config.json");
    if (front == null) {
      throw new CheckpointException(
          Kind.NOT_FOUND,
          files.describe(),
          "a preprocessor_config.json, which says how sounds are read",
          "none",
          "Copy it from where the checkpoint came from.");
    }
    return SoundProcessor.of(files.describe() + ", preprocessor_config.json", front);
  }

  /**
   * Seconds of a model that hears a window of its own, filled up or cut (Whisper); 0 for others.
   */
  public static double window(ModelFiles files) {
    if (!files.json().path("model_type").asString("").equals("whisper")) {
      return 0;
    }
    JsonNode front = files.json("preprocessor_config.json");
    return front == null ? USUAL_WINDOW : front.path("chunk_length").asDouble(USUAL_WINDOW);
  }

  /** The type that a model computes in: that of its parameters. */
  public static DType type(Model model) {
    return model.trainable().values().stream()
        .map(Tensor::dtype)
        .filter(DType::isFloating)
        .findFirst()
        .orElse(DType.F32);
  }
}
