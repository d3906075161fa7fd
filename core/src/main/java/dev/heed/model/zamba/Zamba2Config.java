package dev.heed.model.zamba;

import dev.heed.attention.HeadSizes;
import dev.heed.mixer.statespace.Mamba2Choices;
import dev.heed.mixer.statespace.Mamba2Choices.Gating;
import dev.heed.mixer.statespace.Mamba2Config;
import dev.heed.model.DecoderSizes;
import dev.heed.model.Default;
import dev.heed.model.ModelConfig;
import dev.heed.model.Only;
import dev.heed.nn.Activation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Zamba2's {@code config.json}.
 *
 * @param attentionHeadDim size of the shared attention's heads, which read twice the hidden size;
 *     follows from the others, as do {@code attentionHiddenSize} and {@code mambaHeaddim}
 * @param numMemBlocks shared blocks, which take turns
 * @param adapterRank of the terms of each use
 * @param timeStepMin the smallest step of a state space
 */
record Zamba2Config(
    @Default("32000") int vocabSize,
    @Default("2560") int hiddenSize,
    @Default("0") int intermediateSize,
    @Default("54") int numHiddenLayers,
    @Default("32") int numAttentionHeads,
    @Nullable Integer numKeyValueHeads,
    @Nullable Integer attentionHeadDim,
    @Nullable Integer attentionHiddenSize,
    @Default("gelu") String hiddenAct,
    @Default("4096") int maxPositionEmbeddings,
    @Default("1e-5") double rmsNormEps,
    @Default("true") boolean tieWordEmbeddings,
    @Default("0.0") double attentionDropout,
    @Default("1") int numMemBlocks,
    @Default("128") int adapterRank,
    @Default("false") boolean useSharedAttentionAdapter,
    @Default("false") boolean useMemRope,
    @Default("false") @Only("false") boolean useLongContext,
    @Default("false") boolean addBiasLinear,
    @Default("true") @Only("true") boolean useConvBias,
    @Default("64") int mambaDState,
    @Default("4") int mambaDConv,
    @Default("2") double mambaExpand,
    @Default("1") int mambaNgroups,
    @Default("8") int nMambaHeads,
    @Nullable Integer mambaHeaddim,
    @Default("0.001") double timeStepMin)
    implements DecoderSizes {
  private static final int INNER = 4;
  private static final double GATED_NORM_EPSILON = 1e-5;

  /** Checks what is divided by. */
  Zamba2Config {
    if (nMambaHeads < 1 || numMemBlocks < 1) {
      throw new IllegalArgumentException(
          "n_mamba_heads and num_mem_blocks: expected numbers from 1, got "
              + nMambaHeads
              + " and "
              + numMemBlocks);
    }
  }

  @Override
  public int intermediateSize() {
    return intermediateSize == 0 ? INNER * hiddenSize : intermediateSize;
  }

  /** Twice the hidden size: states and embeddings side by side. */
  int bothSizes() {
    return 2 * hiddenSize;
  }

  @Override
  public HeadSizes heads() {
    Integer keys = numKeyValueHeads;
    return new HeadSizes(
        bothSizes(),
        numAttentionHeads,
        keys == null ? numAttentionHeads : keys,
        bothSizes() / numAttentionHeads);
  }

  /**
   * The sizes of a Mamba 2 block.
   *
   * @throws dev.heed.checkpoint.CheckpointException if a key says otherwise than those that it
   *     follows from
   */
  Mamba2Config sizes(ModelConfig keys) {
    long inner = (long) (mambaExpand * hiddenSize);
    long head = inner / nMambaHeads;
    follows(keys, "mamba_headdim", mambaHeaddim, head);
    follows(keys, "attention_head_dim", attentionHeadDim, heads().headSize());
    follows(keys, "attention_hidden_size", attentionHiddenSize, bothSizes());
    if (head * nMambaHeads != inner) {
      throw keys.unsupported(
          "n_mamba_heads",
          "a divisor of the " + inner + " inner channels",
          keys.json().get("n_mamba_heads"));
    }
    return new Mamba2Config(hiddenSize, nMambaHeads, head, mambaDState, mambaNgroups, mambaDConv);
  }

  private static void follows(ModelConfig keys, String key, @Nullable Integer given, long value) {
    if (given != null && given != value) {
      throw keys.unsupported(key, value + ", as follows from the sizes", keys.json().get(key));
    }
  }

  /** What its Mamba 2 blocks do. */
  Mamba2Choices choices() {
    return new Mamba2Choices(
        addBiasLinear,
        addBiasLinear,
        true,
        Activation.SILU,
        Gating.NORM_OF_GROUPS,
        GATED_NORM_EPSILON,
        timeStepMin,
        Double.POSITIVE_INFINITY,
        List.of());
  }
}
