package dev.heed.mixer.statespace;

import java.util.Locale;

/**
 * The sizes of a Mamba block, under the names of the authors' configuration.
 *
 * @param dModel size of the embeddings
 * @param dState N, numbers of state a channel (published: 16)
 * @param expand inner channels are so many times the embedding's (published: 2)
 * @param dtRank size of the bottleneck that Δ is computed from (published: dModel / 16, rounded up)
 * @param dConv taps of the causal convolution (published: 4)
 */
public record MambaConfig(long dModel, long dState, long expand, long dtRank, long dConv) {
  /** Checks that every size is positive. */
  public MambaConfig {
    if (Math.min(Math.min(dModel, dState), Math.min(Math.min(expand, dtRank), dConv)) < 1) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Mamba: expected positive sizes, got dModel %d, dState %d, expand %d, dtRank %d,"
                  + " dConv %d",
              dModel,
              dState,
              expand,
              dtRank,
              dConv));
    }
  }

  /** The published sizes around an embedding of this size. */
  public static MambaConfig of(long dModel) {
    return new MambaConfig(dModel, 16, 2, (dModel + 15) / 16, 4);
  }

  /** The number of inner channels. */
  public long inner() {
    return expand * dModel;
  }
}
