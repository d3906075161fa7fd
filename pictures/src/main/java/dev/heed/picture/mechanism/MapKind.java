package dev.heed.picture.mechanism;

/** What the numbers of a map are. */
public enum MapKind {
  /** 1 where a query may attend to a key, 0 elsewhere. */
  MASK("which pairs may attend"),
  /** 0 for pairs that may not attend, else the number of the rule, from 1, that lets them. */
  CLASSES("a kind for each cell"),
  /** Weights after a softmax: from 0, rows sum to one. */
  SOFTMAX("softmax: rows sum to one"),
  /** What the output takes from each value where it estimates a softmax. */
  ESTIMATE("not a softmax: estimates one"),
  /** What the output takes from each value, not by a softmax; may be negative. */
  NOT_SOFTMAX("not a softmax"),
  /** How strongly an output moves with an input: the Frobenius norm of the derivative. */
  INFLUENCE("not a softmax: how strongly each output moves with each input"),
  /** Scores, or what is added to them, before the softmax. */
  SCORES("scores before the softmax"),
  /** Other numbers. */
  NUMBERS("numbers, not weights");

  private final String mark;

  MapKind(String mark) {
    this.mark = mark;
  }

  /** What to write beside the map. */
  public String mark() {
    return mark;
  }

  /** Whether panels of one picture draw the two kinds on one scale. */
  public boolean sharesScaleWith(MapKind other) {
    return (isSoftmax() && other.isSoftmax()) || (this == SCORES && other == SCORES);
  }

  private boolean isSoftmax() {
    return this == SOFTMAX || this == ESTIMATE;
  }

  /** Whether cells have a few kinds rather than amounts. */
  public boolean categorical() {
    return this == MASK || this == CLASSES;
  }
}
