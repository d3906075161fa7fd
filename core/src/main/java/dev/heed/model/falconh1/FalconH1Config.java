package dev.heed.model.falconh1;

import dev.heed.model.DecoderSizes;
import dev.heed.model.Default;
import dev.heed.model.Only;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Falcon-H1's {@code config.json}.
 *
 * @param mambaDSsm inner channels of Mamba 2, or null for {@code mamba_expand} times the hidden
 *     size
 * @param mlpMultipliers of the gate before its activation, and of the result
 * @param ssmMultipliers of z, x, B, C and Δ
 */
record FalconH1Config(
    @Default("128000") int vocabSize,
    @Default("4096") int hiddenSize,
    @Default("14336") int intermediateSize,
    @Default("32") int numHiddenLayers,
    @Default("32") int numAttentionHeads,
    @Default("8") @Nullable Integer numKeyValueHeads,
    @Nullable Integer headDim,
    @Default("silu") String hiddenAct,
    @Default("8192") int maxPositionEmbeddings,
    @Default("1e-5") double rmsNormEps,
    @Default("false") boolean tieWordEmbeddings,
    @Default("false") boolean attentionBias,
    @Default("0.0") double attentionDropout,
    @Default("false") boolean mlpBias,
    @Default("false") boolean projectorsBias,
    @Default("1024") @Nullable Integer mambaDSsm,
    @Default("true") boolean mambaNormBeforeGate,
    @Default("false") boolean mambaRmsNorm,
    @Default("true") @Only("true") boolean mambaUseMlp,
    @Default("1.0") double lmHeadMultiplier,
    @Default("1.0") double embeddingMultiplier,
    @Nullable List<Double> mlpMultipliers,
    @Default("1.0") double keyMultiplier,
    @Default("1.0") double attentionInMultiplier,
    @Default("1.0") double attentionOutMultiplier,
    @Nullable List<Double> ssmMultipliers,
    @Default("1.0") double ssmInMultiplier,
    @Default("1.0") double ssmOutMultiplier)
    implements DecoderSizes {
  private static final int NETWORK = 2;

  /** Checks the lists. */
  FalconH1Config {
    if (mlpMultipliers != null && mlpMultipliers.size() != NETWORK) {
      throw new IllegalArgumentException(
          "mlp_multipliers: expected " + NETWORK + " numbers, got " + mlpMultipliers);
    }
  }

  /** Of the feed-forward part's gate before its activation. */
  double gateMultiplier() {
    return mlpMultipliers == null ? 1 : mlpMultipliers.getFirst();
  }

  /** Of what the feed-forward part gives. */
  double downMultiplier() {
    return mlpMultipliers == null ? 1 : mlpMultipliers.getLast();
  }

  /** Of z, x, B, C and Δ; empty for none. */
  List<Double> stateMultipliers() {
    return ssmMultipliers == null ? List.of() : ssmMultipliers;
  }
}
