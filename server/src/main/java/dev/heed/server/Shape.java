package dev.heed.server;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** How one kind of answer is written, whole or in chunks. Holds the state of one request. */
interface Shape {
  /** The {@code object} of an answer, or of its chunks. */
  String object(boolean chunk);

  /** What ids begin with. */
  String prefix();

  /** The choices with which a stream begins, each a chunk. */
  List<ObjectNode> begin(int count);

  /** The choice of a chunk for a token more, or null if there is nothing to tell yet. */
  @Nullable ObjectNode piece(TextRun.Piece piece);

  /** The last choices of a text in chunks: what was held back, and why it ended. */
  List<ObjectNode> end(TextRun.Ended ended);

  /** The choice of a whole answer; every piece of it was told before. */
  ObjectNode whole(TextRun.Ended ended);
}
