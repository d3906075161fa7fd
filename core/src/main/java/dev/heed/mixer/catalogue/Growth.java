package dev.heed.mixer.catalogue;

/** How the cost of a whole sequence grows with its length n, as published. */
public enum Growth {
  /** Each token with each other. */
  QUADRATIC("O(n²)"),
  /** Each token with about √n others. */
  N_ROOT_N("O(n·√n)"),
  /** A sort, or a Fourier transform. */
  N_LOG_N("O(n·log n)"),
  /** Each token with a number of others that does not depend on n. */
  LINEAR_TIMES_WINDOW("O(n·w)"),
  /** A state, features or rows of constant number. */
  LINEAR("O(n)");

  private final String formula;

  Growth(String formula) {
    this.formula = formula;
  }

  /** In the usual notation. */
  public String formula() {
    return formula;
  }

  /** Whether twice the length costs less than four times as much. */
  public boolean isSubquadratic() {
    return this != QUADRATIC;
  }
}
