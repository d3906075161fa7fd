package dev.heed.retro;

import dev.heed.vector.Near;
import dev.heed.vector.VectorEntry;
import java.nio.ByteBuffer;

/** How a chunk is kept beside its key: its place in the text, and its tokens. */
final class ChunkPayload {
  private ChunkPayload() {}

  static VectorEntry entry(long id, long document, int place, long[] tokens, float[] key) {
    ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES * (1 + tokens.length)).putInt(place);
    for (long token : tokens) {
      bytes.putInt(Math.toIntExact(token));
    }
    return new VectorEntry(id, key, document, bytes.array());
  }

  static Neighbour neighbour(Near near) {
    ByteBuffer bytes = ByteBuffer.wrap(near.payload());
    int place = bytes.getInt();
    long[] tokens = new long[bytes.remaining() / Integer.BYTES];
    for (int i = 0; i < tokens.length; i++) {
      tokens[i] = bytes.getInt();
    }
    return new Neighbour(near.group(), place, tokens, near.distance());
  }
}
