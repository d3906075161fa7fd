package dev.heed.model.mamba;

import dev.heed.mixer.statespace.Mamba2Block;
import dev.heed.mixer.statespace.Mamba2Config;
import dev.heed.model.DecoderBody;
import dev.heed.model.DecoderFamily;
import dev.heed.model.Default;
import dev.heed.model.ModelConfig;
import dev.heed.model.NameMap;
import dev.heed.nn.Activation;
import dev.heed.nn.Weights;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

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
      @Default("false") boolean tieWordEmbeddings,
      @Nullable JsonNode timeStepLimit) {}

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
    Mamba2Config sizes =
        new Mamba2Config(
            config.hiddenSize(),
            config.numHeads(),
            config.headDim(),
            config.stateSize(),
            config.nGroups(),
            config.convKernel(),
            config.useBias(),
            config.useConvBias(),
            Activation.named(config.hiddenAct()),
            config.layerNormEpsilon(),
            limit(config, keys, 0, 0),
            limit(config, keys, 1, Double.POSITIVE_INFINITY));
    return new MambaLayers(
            config.vocabSize(),
            config.hiddenSize(),
            config.numHiddenLayers(),
            config.layerNormEpsilon(),
            config.tieWordEmbeddings())
        .body(weights, path -> new Mamba2Block(path, sizes));
  }

  /** One of two numbers, where infinity may be spelt as an object. */
  private static double limit(Config config, ModelConfig keys, int which, double otherwise) {
    JsonNode both = config.timeStepLimit();
    if (both == null || both.isNull()) {
      return otherwise;
    }
    JsonNode one = both.size() == 2 ? both.get(which) : null;
    if (one != null && one.isNumber()) {
      return one.doubleValue();
    }
    if (one != null && one.path("__float__").asString("").equals("Infinity")) {
      return Double.POSITIVE_INFINITY;
    }
    throw keys.unsupported("time_step_limit", "the smallest and the greatest step", both);
  }
}
