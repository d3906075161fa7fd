package dev.heed.checkpoint.gguf;

import dev.heed.nn.WeightSource;

/** What a model's config is read from: a GGUF file, or the plan of one to be written. */
interface GgufContents extends WeightSource {
  /** The file, for messages. */
  String describe();

  /** What it says about itself. */
  GgufMetadata values();

  /** Whether its output weights are the token embeddings once more, bit by bit. */
  boolean outputIsTied();
}
