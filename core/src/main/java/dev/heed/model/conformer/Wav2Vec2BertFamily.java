package dev.heed.model.conformer;

import dev.heed.model.Default;
import dev.heed.model.EncoderModel;
import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFamily;
import dev.heed.model.NameMap;
import dev.heed.model.block.TransformerStack;
import dev.heed.model.head.Head;
import dev.heed.model.wav2vec2.SpeechAdapter;
import dev.heed.model.wav2vec2.SpeechArchitectures;
import dev.heed.model.wav2vec2.SpeechEncoder;
import dev.heed.model.wav2vec2.SpeechKeys;
import dev.heed.nn.Weights;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;

/** wav2vec-BERT 2.0 checkpoints, whose Conformers read filter banks. */
public final class Wav2Vec2BertFamily implements ModelFamily {
  private static final Map<String, String> DEFAULTS =
      Map.of(
          "hidden_size", "1024",
          "num_hidden_layers", "24",
          "num_attention_heads", "16",
          "intermediate_size", "4096",
          "hidden_act", "\"swish\"",
          "hidden_dropout", "0.0",
          "activation_dropout", "0.0",
          "attention_dropout", "0.0",
          "position_embeddings_type", "\"relative_key\"",
          "num_adapter_layers", "1");

  /**
   * What stands between the layers and the adapter.
   *
   * @param useIntermediateFfnBeforeAdapter whether a network does
   */
  private record Between(@Default("false") boolean useIntermediateFfnBeforeAdapter) {}

  @Override
  public Set<String> modelTypes() {
    return Set.of("wav2vec2-bert");
  }

  @Override
  public SequencedMap<String, Builder> architectures() {
    return SpeechArchitectures.of(
        "Wav2Vec2Bert", "wav2vec2_bert", DEFAULTS, Wav2Vec2BertFamily::encoder);
  }

  @Override
  public NameMap names(String architecture) {
    return SpeechArchitectures.names("wav2vec2_bert");
  }

  @Override
  public Set<String> ignoredKeys() {
    // Sinusoids and rotary positions go as far as they need to.
    return SpeechKeys.ignored("max_source_positions");
  }

  private static SpeechEncoder encoder(Weights weights, ModelConfig keys) {
    ConformerConfig config = keys.read(ConformerConfig.class);
    SpeechAdapter.Config shortened = keys.read(SpeechAdapter.Config.class);
    ConformerAdapter.Choice choice = keys.read(ConformerAdapter.Choice.class);
    ConformerLayers plan = new ConformerLayers(config, ConformerConvolution.Kind.CAUSAL);
    BankFrames frames =
        new BankFrames(
            weights,
            config,
            keys.read(BankFrames.Bands.class),
            keys.read(Between.class).useIntermediateFfnBeforeAdapter()
                ? plan.feedForward(weights.child("intermediate_ffn"), "relu")
                : null,
            shortened.addAdapter()
                ? new ConformerAdapter(weights.child("adapter"), config, shortened, choice, plan)
                : null);
    weights.ignore("encoder.embed_positions.inv_freq");
    TransformerStack stack = TransformerStack.of(plan.layers(weights));
    return new SpeechEncoder(
        new EncoderModel.Parts(frames::apply, stack, null, Head.NONE, null).in(frames),
        "input_features",
        frames::states,
        shortened.size());
  }
}
