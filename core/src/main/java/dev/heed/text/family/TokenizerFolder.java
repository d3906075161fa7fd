package dev.heed.text.family;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.SmallFile;
import dev.heed.checkpoint.StrictJson;
import dev.heed.text.BatchRule;
import dev.heed.text.Tokenizer;
import dev.heed.text.TokenizerSettings;
import dev.heed.text.postprocessor.PostProcessor;
import dev.heed.text.source.JsonPart;
import dev.heed.text.source.TiktokenFile;
import dev.heed.text.source.TokenizerJson;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Finds the tokenizer of a checkpoint's folder by the files that are there. */
public final class TokenizerFolder {
  private TokenizerFolder() {}

  /**
   * Opens a folder, or a single file.
   *
   * @throws CheckpointException for missing, invalid or unsupported files
   */
  public static Tokenizer open(Path path) {
    if (Files.isRegularFile(path.resolve("ranks.tiktoken"))) {
      return tiktoken(path.resolve("ranks.tiktoken"), path.resolve("encoding.json"));
    }
    if (Files.isDirectory(path) && !Files.isRegularFile(path.resolve("tokenizer.json"))) {
      return FamilyTokenizers.open(FamilyFolder.open(path));
    }
    Path file = Files.isDirectory(path) ? path.resolve("tokenizer.json") : path;
    byte[] json = SmallFile.read(file, TokenizerJson.MAX_BYTES);
    return TokenizerJson.read(file.toString(), json).tokenizer(TokenizerSettings.NONE);
  }

  private static Tokenizer tiktoken(Path ranks, Path encoding) {
    JsonPart part =
        new JsonPart(
            encoding.toString(),
            StrictJson.parse(
                encoding.toString(), SmallFile.read(encoding, TokenizerJson.MAX_BYTES)));
    Map<String, Integer> special = new LinkedHashMap<>();
    String at = encoding + ", special_tokens";
    part.node("special_tokens")
        .properties()
        .forEach(e -> special.put(e.getKey(), JsonPart.id(at, e.getValue())));
    String pattern = part.string("pat_str");
    part.done();
    return new Tokenizer(
        TiktokenFile.read(
            ranks.toString(), SmallFile.read(ranks, TiktokenFile.MAX_BYTES), pattern, special),
        PostProcessor.NONE,
        TokenizerSettings.NONE,
        BatchRule.NONE);
  }
}
