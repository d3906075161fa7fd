package dev.heed.text.family;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.checkpoint.SmallFile;
import dev.heed.checkpoint.StrictJson;
import dev.heed.text.BatchRule;
import dev.heed.text.Tokenizer;
import dev.heed.text.TokenizerSettings;
import dev.heed.text.postprocessor.PostProcessor;
import dev.heed.text.source.JsonPart;
import dev.heed.text.source.Llama2cTokenizer;
import dev.heed.text.source.TiktokenFile;
import dev.heed.text.source.TokenizerJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

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
    Path vocabulary = Files.isRegularFile(path.resolve("tokenizer.json")) ? null : llama2c(path);
    if (vocabulary != null) {
      return Llama2cTokenizer.read(vocabulary);
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

  /** The one vocabulary of llama2.c in a folder: {@code tokenizer.bin}, {@code tok512.bin}. */
  private static @Nullable Path llama2c(Path folder) {
    if (!Files.isDirectory(folder)) {
      return null;
    }
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> found =
          files
              .filter(f -> String.valueOf(f.getFileName()).matches("tok(enizer|\\d+)\\.bin"))
              .limit(2)
              .toList();
      return found.size() == 1 ? found.getFirst() : null;
    } catch (IOException e) {
      throw new CheckpointException(
          Kind.IO,
          folder.toString(),
          "a readable folder",
          String.valueOf(e.getMessage()),
          "Check its permissions.",
          e);
    }
  }
}
