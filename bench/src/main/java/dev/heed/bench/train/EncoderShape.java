package dev.heed.bench.train;

/**
 * The sizes of an encoder, and of what it learns from.
 *
 * @param vocabulary tokens
 * @param size of each state
 * @param layers how many
 * @param heads of each layer
 * @param inner size between the two maps of a layer
 * @param batch texts of an update
 * @param length tokens of each text
 * @param task what it learns
 */
record EncoderShape(
    int vocabulary, int size, int layers, int heads, int inner, int batch, int length, Task task) {
  /** What an encoder learns. */
  enum Task {
    /** The class of a text, read from its first token. */
    CLASSES,
    /** Every seventh word, among all. */
    WORDS
  }

  static final int CLASSES = 2;
  static final double RATE = 1e-4;
  static final double DECAY = 0.01;
  static final double LARGEST_NORM = 1;

  /** That of all-MiniLM-L6-v2 with a small vocabulary. */
  static EncoderShape miniLm(int batch, int length, Task task) {
    return new EncoderShape(8192, 384, 6, 12, 1536, batch, length, task);
  }

  /** The tokens of all texts, row by row. */
  long[] tokens() {
    long[] tokens = new long[batch * length];
    for (int i = 0; i < tokens.length; i++) {
      tokens[i] = (7919L * (i + 1)) % vocabulary;
    }
    return tokens;
  }

  /** What every token should be told to be, row by row: -100 where it does not count. */
  long[] words() {
    long[] words = tokens();
    for (int i = 0; i < words.length; i++) {
      words[i] = i % 7 == 3 ? words[i] : -100;
    }
    return words;
  }

  /** The class of each text. */
  long[] classes() {
    long[] classes = new long[batch];
    for (int i = 0; i < batch; i++) {
      classes[i] = i % CLASSES;
    }
    return classes;
  }
}
