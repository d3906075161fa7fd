package dev.heed.model.mamba;

import dev.heed.mixer.statespace.Mamba2Block;
import dev.heed.mixer.statespace.Mamba2Choices;
import dev.heed.mixer.statespace.Mamba2Config;
import dev.heed.model.DecoderBody;
import dev.heed.model.DecoderFamily;
import dev.heed.model.Default;
import dev.heed.model.ModelConfig;
import dev.heed.model.NameMap;
import dev.heed.model.StepLimit;
import dev.heed.nn.Activation;
import dev.heed.nn.Weights;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Mamba 2 checkpoints. */
public final class Mamba2Family extends DecoderFamily {
  /** The family. */
  public Mamba2Family() {
    super("mamba2", "Mamba2");
  }

  record Config(
      @Default("128") int numHeads,
      @Default("64") int headDim,
      @Default("32768") int vocabSize,
      @Default("4096") int hiddenSize,
      @Default("128") int stateSize,
      @Default("64") int numHiddenLayers,
      @Default("1e-5") double layerNormEpsilon,
      @Default("2") double expand,
      @Default("4") int convKernel,
      @Default("8") int nGroups,
      @Default("false") boolean useBias,
      @Default("true") boolean useConvBias,
      @Default("silu") String hiddenAct,
      @Default("false") boolean tieWordEmbeddings) {}

  @Override
  public NameMap names(String architecture) {
    return MambaLayers.names();
  }

  @Override
  public Set<String> ignoredKeys() {
    Set<String> ignored = new HashSet<>(MambaLayers.IGNORED);
    // How many tokens are scanned at once; what new steps start from.
    ignored.add("chunk_size");
    ignored.add("time_step_rank");
    return ignored;
  }

  @Override
  protected DecoderBody body(Weights weights, ModelConfig keys) {
    Config config = keys.read(Config.class);
    long inner = (long) (config.expand() * config.hiddenSize());
    if (inner != (long) config.numHeads() * config.headDim()) {
      throw keys.unsupported(
          "num_heads",
          "heads whose channels, num_heads times head_dim, are expand times hidden_size, " + inner,
          keys.json().get("num_heads"));
    }
    StepLimit limit = StepLimit.of(keys);
    Mamba2Config sizes =
        new Mamba2Config(
            config.hiddenSize(),
            config.numHeads(),
            config.headDim(),
            config.stateSize(),
            config.nGroups(),
            config.convKernel());
    Mamba2Choices choices =
        new Mamba2Choices(
            config.useBias(),
            config.useBias(),
            config.useConvBias(),
            Activation.named(config.hiddenAct()),
            Mamba2Choices.Gating.NORM_OF_ALL,
            config.layerNormEpsilon(),
            limit.shortest(),
            limit.longest(),
            List.of());
    return new MambaLayers(
            config.vocabSize(),
            config.hiddenSize(),
            config.numHiddenLayers(),
            config.layerNormEpsilon(),
            config.tieWordEmbeddings())
        .body(weights, path -> new Mamba2Block(path, sizes, choices));
  }
}
