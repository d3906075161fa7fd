package dev.heed.explain.edit;

/** A change of the attention of a run. Layers that attend, heads and tokens count from 0. */
public sealed interface AttentionEdit {
  /** Every layer, head or query. */
  int ALL = -1;

  /** The layer that is changed, or {@link #ALL}. */
  int layer();

  /**
   * A head gives nothing: its output is zero (Michel, Levy and Neubig, Are Sixteen Heads Really
   * Better than One?, NeurIPS 2019, equation 1 with ξ = 0).
   *
   * @param layer from 0, or {@link #ALL}
   * @param head from 0, or {@link #ALL}
   */
  record HeadOff(int layer, int head) implements AttentionEdit {}

  /**
   * A query may not attend to a key: the score is minus infinity, and the others share its weight
   * (attention knockout; Geva et al., Dissecting Recall of Factual Associations, EMNLP 2023,
   * section 4). A query without any key left takes nothing.
   *
   * @param layer from 0, or {@link #ALL}
   * @param head from 0, or {@link #ALL}
   * @param query from 0, or {@link #ALL}
   * @param key from 0
   */
  record Knockout(int layer, int head, int query, int key) implements AttentionEdit {}
}
