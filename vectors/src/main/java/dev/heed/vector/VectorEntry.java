package dev.heed.vector;

/**
 * A vector to be kept.
 *
 * @param id its name in the store; a second one of the same name takes the first one's place
 * @param vector finite
 * @param group what it is part of, such as a document, from 0; a search may leave one group out
 * @param payload what is handed back with it, in the caller's own form; may be empty
 */
public record VectorEntry(long id, float[] vector, long group, byte[] payload) {
  /** Refuses a group below 0, which {@link Search} has for none. */
  public VectorEntry {
    if (group < 0) {
      throw new IllegalArgumentException("vectors: expected a group from 0, got " + group);
    }
  }

  /** A vector of a group of its own name, with no payload. */
  public static VectorEntry of(long id, float[] vector) {
    return new VectorEntry(id, vector, Math.max(0, id), new byte[0]);
  }
}
