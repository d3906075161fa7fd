package dev.heed.generate.search;

/** Why a sequence ended. */
public enum Finish {
  /** It has not: the search was stopped before. */
  UNFINISHED,
  /** The model chose a token that ends a sequence. */
  END_TOKEN,
  /** It has as many tokens as it may have. */
  LENGTH,
  /** A criterion of the caller holds, such as a stop string. */
  STOPPED
}
