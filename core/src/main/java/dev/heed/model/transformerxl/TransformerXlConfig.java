package dev.heed.model.transformerxl;

import dev.heed.model.Default;
import dev.heed.model.Only;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The sizes and choices of a Transformer-XL checkpoint, named as in its {@code config.json}.
 *
 * @param vocabSize tokens in the vocabulary
 * @param cutoffs where clusters of the vocabulary end, the last one's end left out
 * @param dModel of the hidden states
 * @param dEmbed of the first cluster's token vectors
 * @param nHead heads of each layer
 * @param dHead size of a head
 * @param dInner inner size of the feed-forward part
 * @param divVal how many times shorter each further cluster's vectors are
 * @param preLnorm whether norms stand before each part, else after its sum
 * @param nLayer how many layers
 * @param memLen steps that are remembered
 * @param clampLen the distance that farther ones count as; none from -1 to 0
 * @param sameLength whether each step sees the same number of others
 * @param projShareAllButFirst whether all maps of the clusters' vectors but the first are shared
 *     with the embedding's, where {@code tieProjs} does not say
 * @param tieProjs whether each cluster's is
 * @param attnType of the attention: 0 is the paper's
 * @param sampleSoftmax samples of a loss that Heed has not; none from -1 to 0
 * @param dropout while training
 * @param dropatt of attention weights while training
 * @param untieR whether each layer has position biases of its own
 * @param layerNormEpsilon positive
 * @param tieWordEmbeddings whether scores are by the token vectors
 * @param padTokenId a token that fills texts up, for classification
 */
record TransformerXlConfig(
    @Default("267735") int vocabSize,
    @Nullable List<Integer> cutoffs,
    @Default("1024") int dModel,
    @Default("1024") int dEmbed,
    @Default("16") int nHead,
    @Default("64") int dHead,
    @Default("4096") int dInner,
    @Default("4") int divVal,
    @Default("false") boolean preLnorm,
    @Default("18") int nLayer,
    @Default("1600") int memLen,
    @Default("1000") int clampLen,
    @Default("true") boolean sameLength,
    @Default("true") boolean projShareAllButFirst,
    @Nullable List<Boolean> tieProjs,
    @Default("0") @Only("0") int attnType,
    @Default("-1") int sampleSoftmax,
    @Default("0.1") double dropout,
    @Default("0.0") double dropatt,
    @Default("true") boolean untieR,
    @Default("1e-5") double layerNormEpsilon,
    @Default("true") boolean tieWordEmbeddings,
    @Default("-1") int padTokenId) {
  private static final List<Integer> USUAL = List.of(20_000, 40_000, 200_000);

  /** Checks what later code relies on. */
  TransformerXlConfig {
    if (sampleSoftmax > 0) {
      throw new IllegalArgumentException(
          "sample_softmax: expected -1, the whole softmax, got " + sampleSoftmax);
    }
    if (memLen < 0 || (sameLength && memLen < 1)) {
      throw new IllegalArgumentException(
          "mem_len: expected a number from 0, or from 1 with same_length, got " + memLen);
    }
    int clusters = (cutoffs == null ? USUAL : cutoffs).size() + 1;
    if (tieProjs != null && tieProjs.size() < clusters) {
      throw new IllegalArgumentException(
          "tie_projs: expected one for each of " + clusters + " clusters, got " + tieProjs);
    }
  }

  VocabularyClusters clusters() {
    List<Integer> ends = new ArrayList<>(cutoffs == null ? USUAL : cutoffs);
    ends.add(vocabSize);
    return new VocabularyClusters(ends, dEmbed, divVal);
  }

  /** Whether each cluster's map is the embedding's. */
  List<Boolean> tiedMaps() {
    if (tieProjs != null) {
      return tieProjs;
    }
    List<Boolean> tied = new ArrayList<>();
    for (int i = 0; i < clusters().count(); i++) {
      tied.add(i > 0 && projShareAllButFirst);
    }
    return tied;
  }
}
