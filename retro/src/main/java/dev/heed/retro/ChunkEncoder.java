package dev.heed.retro;

import java.util.List;

/**
 * Turns chunks of tokens into vectors that lie near each other when the chunks are alike: the mean
 * of a frozen BERT's vectors in the paper (Borgeaud et al. 2021, section 2.3).
 *
 * {@snippet :
 * ChunkEncoder encoder = chunks -> embedder.embedTokens(chunks, done -> {});
 * }
 */
@FunctionalInterface
public interface ChunkEncoder {
  /**
   * Encodes.
   *
   * @param chunks ids, all of one length
   * @return one vector a chunk, in their order, all of one size from 1 to 1024, finite
   */
  List<float[]> encode(List<long[]> chunks);
}
