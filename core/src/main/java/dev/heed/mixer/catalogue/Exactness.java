package dev.heed.mixer.catalogue;

/** How a mixer's reading relates to {@code softmax(q·kᵀ / √d) · v} over all keys. */
public enum Exactness {
  /** It is that. */
  EXACT,
  /** That, over some of the keys. */
  SOME_KEYS,
  /** A softmax over summaries of the keys, or an estimate of the softmax. */
  APPROXIMATE,
  /** A softmax over scores of another kind. */
  OTHER_SCORES,
  /** No softmax at all. */
  NO_SOFTMAX
}
