package dev.heed.model.conformer;

import dev.heed.attention.AttentionRequest;
import dev.heed.model.EncoderFrame;
import dev.heed.model.EncoderModel;
import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFamily;
import dev.heed.model.NameMap;
import dev.heed.model.Run;
import dev.heed.model.block.TransformerStack;
import dev.heed.model.head.Head;
import dev.heed.model.wav2vec2.FrameProjection;
import dev.heed.model.wav2vec2.SpeechAdapter;
import dev.heed.model.wav2vec2.SpeechArchitectures;
import dev.heed.model.wav2vec2.SpeechEncoder;
import dev.heed.model.wav2vec2.SpeechKeys;
import dev.heed.model.wav2vec2.Wav2Vec2Config;
import dev.heed.nn.Dropout;
import dev.heed.nn.LayerNorm;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** wav2vec 2.0 Conformer checkpoints. */
public final class ConformerFamily implements ModelFamily {
  @Override
  public Set<String> modelTypes() {
    return Set.of("wav2vec2-conformer");
  }

  @Override
  public SequencedMap<String, Builder> architectures() {
    return SpeechArchitectures.of(
        "Wav2Vec2Conformer", "wav2vec2_conformer", Map.of(), ConformerFamily::encoder);
  }

  @Override
  public NameMap names(String architecture) {
    return SpeechArchitectures.names("wav2vec2_conformer");
  }

  @Override
  public Set<String> ignoredKeys() {
    // Sinusoids and rotary positions go as far as they need to.
    return SpeechKeys.ignored("max_source_positions");
  }

  /** Projected frames, without positions; what the layers give may be shortened. */
  private record Frames(FrameProjection frames, Dropout dropout, @Nullable SpeechAdapter adapter)
      implements EncoderFrame {
    Tensor apply(Run run) {
      return dropout.apply(frames.apply(run), run.trace());
    }

    Tensor states(Tensor samples) {
      Tensor counts = frames.frames(samples);
      return adapter == null ? counts : adapter.states(counts);
    }

    @Override
    public IntFunction<AttentionRequest> requests(Run run, Tensor embedded) {
      return frames.requests(run, embedded);
    }

    @Override
    public Tensor own(Run run, Tensor states) {
      return adapter == null ? states : adapter.apply(states);
    }
  }

  private static SpeechEncoder encoder(Weights weights, ModelConfig keys) {
    ConformerConfig config = keys.read(ConformerConfig.class);
    if ("relative_key".equals(config.positionEmbeddingsType())) {
      throw keys.unsupported(
          "position_embeddings_type",
          "relative, rotary or null",
          keys.json().get("position_embeddings_type"));
    }
    SpeechAdapter.Config shortened = keys.read(SpeechAdapter.Config.class);
    Frames frames =
        new Frames(
            FrameProjection.of(weights, keys.read(Wav2Vec2Config.class)),
            new Dropout(config.hiddenDropout()),
            SpeechAdapter.of(weights, shortened));
    // Files have a convolution in place of positions, which the reference never reads.
    weights.ignoreBelow("encoder.pos_conv_embed");
    weights.ignore("encoder.embed_positions.inv_freq");
    TransformerStack stack =
        TransformerStack.of(
            new ConformerLayers(config, ConformerConvolution.Kind.CENTRED).layers(weights),
            new LayerNorm(
                weights.child("encoder.layer_norm"), config.hiddenSize(), config.layerNormEps()));
    return new SpeechEncoder(
        new EncoderModel.Parts(frames::apply, stack, null, Head.NONE, null).in(frames),
        "input_values",
        frames::states,
        shortened.size());
  }
}
