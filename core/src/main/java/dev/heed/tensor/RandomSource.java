package dev.heed.tensor;

/** Random numbers of an engine; not safe for use by several threads at once. */
interface RandomSource extends AutoCloseable {
  /** Normal numbers of mean 0 and variance 1. */
  Tensor normal(Shape shape, DType dtype);

  /** Uniform numbers in [0, 1). */
  Tensor uniform(Shape shape, DType dtype);

  /** Uniform integers in [0, bound), i64. */
  Tensor integers(long bound, Shape shape);

  /** A random order of {@code [0, n)}, i64. */
  Tensor permutation(long n);

  /** Ones with this probability, else zeros, of the shape and type of {@code like}. */
  Tensor bernoulli(Tensor like, double probability);

  /** Indices in proportion to the elements of each row, i64. */
  Tensor multinomial(Tensor weights, long draws, boolean replacement);

  /** A new seed drawn from this source. */
  long nextSeed();

  /** Where it stands, u8 {@code [n]}. */
  Tensor state();

  /** Goes back to where it stood. */
  void setState(Tensor state);

  @Override
  void close();
}
