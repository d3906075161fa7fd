package dev.heed.generate.config;

/** When a beam search stops looking for better hypotheses. */
public enum EarlyStopping {
  /** As soon as there are as many hypotheses as beams. */
  TRUE,
  /** When no running beam, at its present length, scores better than the worst hypothesis. */
  FALSE,
  /** When no running beam could, at any length that it may reach. */
  NEVER
}
