package dev.heed.text.source;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.checkpoint.SmallFile;
import dev.heed.text.Tokenizer;
import dev.heed.text.TokenizerSettings;
import java.nio.file.Files;
import java.nio.file.Path;

/** Finds the tokenizer of a checkpoint's folder by the files that are there. */
public final class TokenizerFolder {
  private TokenizerFolder() {}

  /**
   * Opens a folder, or a single file.
   *
   * @throws CheckpointException for missing, invalid or unsupported files
   */
  public static Tokenizer open(Path path) {
    Path file = Files.isDirectory(path) ? path.resolve("tokenizer.json") : path;
    if (!Files.isRegularFile(file)) {
      throw new CheckpointException(
          Kind.NOT_FOUND,
          file.toString(),
          "a tokenizer.json",
          "nothing",
          "Put it beside the checkpoint.");
    }
    byte[] json = SmallFile.read(file, TokenizerJson.MAX_BYTES);
    return TokenizerJson.read(file.toString(), json).tokenizer(TokenizerSettings.NONE);
  }
}
