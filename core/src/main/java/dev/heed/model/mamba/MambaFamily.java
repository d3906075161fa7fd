package dev.heed.model.mamba;

import dev.heed.mixer.statespace.MambaBlock;
import dev.heed.mixer.statespace.MambaConfig;
import dev.heed.model.DecoderBody;
import dev.heed.model.DecoderFamily;
import dev.heed.model.Default;
import dev.heed.model.ModelConfig;
import dev.heed.model.NameMap;
import dev.heed.nn.Activation;
import dev.heed.nn.Weights;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Mamba checkpoints. */
public final class MambaFamily extends DecoderFamily {
  /** The family. */
  public MambaFamily() {
    super("mamba", "Mamba");
  }

  record Config(
      @Default("50280") int vocabSize,
      @Default("768") int hiddenSize,
      @Default("16") int stateSize,
      @Default("32") int numHiddenLayers,
      @Default("1e-5") double layerNormEpsilon,
      @Default("2") int expand,
      @Default("4") int convKernel,
      @Default("false") boolean useBias,
      @Default("true") boolean useConvBias,
      @Default("silu") String hiddenAct,
      @Default("true") boolean tieWordEmbeddings,
      @Nullable Integer intermediateSize) {}

  @Override
  public NameMap names(String architecture) {
    return MambaLayers.names();
  }

  @Override
  public Set<String> ignoredKeys() {
    return MambaLayers.IGNORED;
  }

  @Override
  protected DecoderBody body(Weights weights, ModelConfig keys) {
    Config config = keys.read(Config.class);
    MambaConfig sizes =
        new MambaConfig(
            config.hiddenSize(),
            config.stateSize(),
            config.expand(),
            StepRank.of(keys, "time_step_rank", config.hiddenSize()),
            config.convKernel());
    Integer inner = config.intermediateSize();
    if (inner != null && inner != sizes.inner()) {
      throw keys.unsupported(
          "intermediate_size",
          "expand times hidden_size, " + sizes.inner(),
          keys.json().get("intermediate_size"));
    }
    MambaBlock.Choices choices =
        new MambaBlock.Choices(
            config.useBias(), config.useConvBias(), Activation.named(config.hiddenAct()), null);
    return new MambaLayers(
            config.vocabSize(),
            config.hiddenSize(),
            config.numHiddenLayers(),
            config.layerNormEpsilon(),
            config.tieWordEmbeddings())
        .body(weights, path -> new MambaBlock(path, sizes, choices));
  }
}
