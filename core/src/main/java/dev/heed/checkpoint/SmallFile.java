package dev.heed.checkpoint;

import java.nio.file.Path;

/** Reads whole files that are small: configs, vocabularies, tokenizers. */
public final class SmallFile {
  private SmallFile() {}

  /**
   * Reads a file.
   *
   * @param limit how many bytes it may have; asked before anything is read
   * @throws CheckpointException {@code NOT_FOUND}, {@code TOO_LARGE} or {@code IO}
   */
  public static byte[] read(Path file, long limit) {
    return MappedFile.readSmall(file, limit);
  }
}
