package dev.heed.spring;

/** A model of Heed's that a program holds. */
sealed interface HeedModel extends AutoCloseable
    permits HeedEmbeddingModel, HeedChatModel, HeedDocumentRanker {
  /** What it does, in a word. */
  String kind();

  /**
   * Uses it once, as little as can be.
   *
   * @throws RuntimeException if it does not answer
   */
  void check();

  @Override
  void close();
}
