package dev.heed.explain.picture;

/** What the numbers of a map are. */
public enum MapKind {
  /** 1 where a query may attend to a key, 0 elsewhere. */
  MASK("which pairs may attend", false),
  /** 0 for pairs that may not attend, else the number of the rule, from 1, that lets them. */
  CLASSES("a kind for each cell", false),
  /** Weights after a softmax: from 0, rows sum to one. */
  SOFTMAX("softmax: rows sum to one", true),
  /** What the output takes from each value where it estimates a softmax. */
  ESTIMATE("not a softmax: estimates one", true),
  /** What the output takes from each value, not by a softmax; may be negative. */
  NOT_SOFTMAX("not a softmax", true),
  /** How strongly an output moves with an input: the Frobenius norm of the derivative. */
  INFLUENCE("not a softmax: how strongly each output moves with each input", false),
  /** Scores, or what is added to them, before the softmax. */
  SCORES("scores before the softmax", false),
  /** Other numbers. */
  NUMBERS("numbers, not weights", false);

  private final String mark;
  private final boolean weights;

  MapKind(String mark, boolean weights) {
    this.mark = mark;
    this.weights = weights;
  }

  /** What to write beside the map. */
  public String mark() {
    return mark;
  }

  /** Whether the numbers are weights of values, which panels of one picture draw on one scale. */
  public boolean weights() {
    return weights;
  }

  /** Whether cells have a few kinds rather than amounts. */
  public boolean categorical() {
    return this == MASK || this == CLASSES;
  }
}
