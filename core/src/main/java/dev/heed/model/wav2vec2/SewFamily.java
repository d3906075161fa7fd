package dev.heed.model.wav2vec2;

import dev.heed.model.Default;
import dev.heed.model.EncoderModel;
import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFamily;
import dev.heed.model.NameMap;
import dev.heed.model.head.Head;
import dev.heed.nn.Weights;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;

/**
 * SEW checkpoints (Wu et al. 2021, "Performance-efficiency trade-offs in unsupervised pre-training
 * for speech recognition"): wav2vec 2.0 whose layers see a squeezed sequence.
 */
public final class SewFamily implements ModelFamily {
  /**
   * What SEW has besides.
   *
   * @param squeezeFactor frames for each token of the layers
   */
  private record Squeeze(@Default("2") int squeezeFactor) {
    Squeeze {
      if (squeezeFactor < 1) {
        throw new IllegalArgumentException(
            "squeeze_factor: expected 1 or more, got " + squeezeFactor);
      }
    }
  }

  private static final Map<String, String> DEFAULTS =
      Map.of(
          "ctc_loss_reduction",
          "\"mean\"",
          "conv_dim",
          "[64, 128, 128, 128, 128, 256, 256, 256, 256, 512, 512, 512, 512]",
          "conv_stride",
          "[5, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1]",
          "conv_kernel",
          "[10, 3, 1, 3, 1, 3, 1, 3, 1, 2, 1, 2, 1]");

  @Override
  public Set<String> modelTypes() {
    return Set.of("sew");
  }

  @Override
  public SequencedMap<String, Builder> architectures() {
    return SpeechArchitectures.of("SEW", "sew", DEFAULTS, SewFamily::encoder);
  }

  @Override
  public NameMap names(String architecture) {
    return SpeechArchitectures.names("sew");
  }

  @Override
  public Set<String> ignoredKeys() {
    return SpeechKeys.ignored();
  }

  private static SpeechEncoder encoder(Weights weights, ModelConfig keys) {
    Wav2Vec2Config config = keys.read(Wav2Vec2Config.class);
    SewFrames frames = new SewFrames(weights, config, keys.read(Squeeze.class).squeezeFactor());
    return new SpeechEncoder(
        new EncoderModel.Parts(
                frames::apply,
                new Wav2Vec2Layers(config, false).stack(weights),
                null,
                Head.NONE,
                null)
            .in(frames),
        "input_values",
        frames::states,
        config.hiddenSize());
  }
}
