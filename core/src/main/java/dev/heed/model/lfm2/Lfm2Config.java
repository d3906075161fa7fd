package dev.heed.model.lfm2;

import dev.heed.model.DecoderSizes;
import dev.heed.model.Default;
import dev.heed.model.LayerType;
import dev.heed.model.ModelConfig;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** LFM2's {@code config.json}. */
record Lfm2Config(
    @Default("65536") int vocabSize,
    @Default("2560") int hiddenSize,
    @Default("12288") int intermediateSize,
    @Default("32") int numHiddenLayers,
    @Default("32") int numAttentionHeads,
    @Default("8") @Nullable Integer numKeyValueHeads,
    @Nullable Integer headDim,
    @Default("128000") int maxPositionEmbeddings,
    @Default("1e-5") double normEps,
    @Default("true") boolean tieWordEmbeddings,
    @Nullable Boolean tieEmbedding,
    @Default("false") boolean convBias,
    @Nullable Integer blockFfDim,
    @Default("256") int blockMultipleOf,
    @Default("1.0") @Nullable Double blockFfnDimMultiplier,
    @Default("true") boolean blockAutoAdjustFfDim,
    @Nullable List<Integer> fullAttnIdxs)
    implements DecoderSizes {
  /** Checks what is divided by. */
  Lfm2Config {
    if (blockMultipleOf < 1) {
      throw new IllegalArgumentException(
          "block_multiple_of: expected a number from 1, got " + blockMultipleOf);
    }
  }

  /** The gate is always this one. */
  @Override
  public String hiddenAct() {
    return "silu";
  }

  /** Rounded up from what the keys say, where they do. */
  @Override
  public int intermediateSize() {
    int inner = blockFfDim == null ? intermediateSize : blockFfDim;
    if (!blockAutoAdjustFfDim) {
      return inner;
    }
    int shared = (int) (2L * inner / 3);
    int scaled = blockFfnDimMultiplier == null ? shared : (int) (blockFfnDimMultiplier * shared);
    return Math.ceilDiv(scaled, blockMultipleOf) * blockMultipleOf;
  }

  /** Whether the token table also scores the vocabulary, under either name. */
  @Override
  public boolean tieWordEmbeddings() {
    return tieEmbedding == null ? tieWordEmbeddings : tieEmbedding;
  }

  /** For each layer whether it attends; else it convolves. */
  List<Boolean> attends(ModelConfig keys) {
    return LayerType.attending(
        keys,
        "layer_types",
        numHiddenLayers,
        "full_attention",
        "conv",
        i -> fullAttnIdxs == null || fullAttnIdxs.contains(i));
  }
}
