package dev.heed.explain;

import java.util.Locale;

/** How a map from a word to the words of its text is come by. */
public enum MapMethod {
  /** One head's weights. */
  RAW(
      "The weights of one head of one layer, exactly as the model computed them.",
      "Vaswani et al., Attention Is All You Need, 2017, section 3.2"),
  /** All layers multiplied. */
  ROLLOUT(
      "All layers multiplied: the mean of a layer's heads, half of each word kept as it is for the"
          + " residual connection.",
      "Abnar and Zuidema, Quantifying Attention Flow in Transformers, 2020, section 4"),
  /** All layers as pipes. */
  FLOW(
      "All layers as pipes as wide as their weights: the most that can flow from each word of the"
          + " text to this one.",
      "Abnar and Zuidema, Quantifying Attention Flow in Transformers, 2020, section 5"),
  /** All layers, each weight times its gradient. */
  GRADIENT(
      "All layers, each weight times its gradient where that speaks for the result, heads"
          + " averaged.",
      "Chefer, Gur and Wolf, Generic Attention-model Explainability, 2021, equations 5 and 6");

  private final String sentence;
  private final String source;

  MapMethod(String sentence, String source) {
    this.sentence = sentence;
    this.source = source;
  }

  /** What it is called by: its name in small letters. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What it computes, in a sentence. */
  public String sentence() {
    return sentence;
  }

  /** Who described it, and where. */
  public String source() {
    return source;
  }
}
