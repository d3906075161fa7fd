package dev.heed.vector;

/** How far two vectors are apart. */
public enum Metric {
  /** The squared Euclidean distance, {@code Σ (aᵢ - bᵢ)²}. */
  EUCLIDEAN,
  /** One less the cosine, {@code 1 - a·b / (|a| |b|)}: 0 to 2. A vector of zeros has none. */
  COSINE;

  /**
   * The distance, summed in double precision.
   *
   * @param a of any size
   * @param b of the same size
   */
  double distance(float[] a, float[] b) {
    double sum = 0;
    if (this == EUCLIDEAN) {
      for (int i = 0; i < a.length; i++) {
        double apart = (double) a[i] - b[i];
        sum += apart * apart;
      }
      return sum;
    }
    double lengthA = 0;
    double lengthB = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
      lengthA += (double) a[i] * a[i];
      lengthB += (double) b[i] * b[i];
    }
    return 1 - sum / (Math.sqrt(lengthA) * Math.sqrt(lengthB));
  }

  /**
   * Refuses a vector that has no distance to others.
   *
   * @param vector to be kept or searched for
   * @param size that the store's vectors have, or 0 while it has none
   * @param largest size that the store can keep
   * @throws IllegalArgumentException for another size, a number that is not finite, or zeros alone
   *     where there is no angle
   */
  void check(float[] vector, int size, int largest) {
    if (vector.length < 1 || vector.length > largest || (size != 0 && vector.length != size)) {
      throw new IllegalArgumentException(
          "vectors: expected "
              + (size == 0 ? "a size from 1 to " + largest : "the store's size, " + size)
              + ", got "
              + vector.length
              + "; take the encoder that the store is built with");
    }
    boolean zero = true;
    for (int i = 0; i < vector.length; i++) {
      if (!Float.isFinite(vector[i])) {
        throw new IllegalArgumentException(
            "vectors: expected finite numbers, got " + vector[i] + " at " + i);
      }
      zero &= vector[i] == 0;
    }
    if (zero && this == COSINE) {
      throw new IllegalArgumentException(
          "vectors: expected a vector with a direction, got zeros alone");
    }
  }
}
