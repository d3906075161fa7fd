package dev.heed.checkpoint;

import tools.jackson.databind.node.ObjectNode;

/**
 * An open checkpoint that says by itself what model it holds, as GGUF and llama2.c files do: names
 * and layouts of the tensors are those of the Hugging Face checkpoint that it came from.
 */
public interface ModelCheckpoint extends CheckpointSource {
  /**
   * Returns what a {@code config.json} of this model would say.
   *
   * @return a new object, the caller's own
   */
  ObjectNode config();
}
