package dev.heed.vector;

/** Vectors in memory. */
class ExactStoreTest extends VectorStoreTest {
  @Override
  VectorStore create(Metric metric, int size) {
    return new ExactStore(metric);
  }
}
