package dev.heed.text.family;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.checkpoint.Quoted;
import dev.heed.checkpoint.SmallFile;
import dev.heed.checkpoint.StrictJson;
import dev.heed.checkpoint.gguf.GgufFile;
import dev.heed.checkpoint.gguf.GgufValue;
import dev.heed.text.BatchRule;
import dev.heed.text.TokenRole;
import dev.heed.text.Tokenizer;
import dev.heed.text.TokenizerSettings;
import dev.heed.text.gguf.GgufTokenizer;
import dev.heed.text.pipeline.Pipeline;
import dev.heed.text.pipeline.StandardPipeline;
import dev.heed.text.postprocessor.PostProcessor;
import dev.heed.text.sentencepiece.SentencePiecePipeline;
import dev.heed.text.source.JsonPart;
import dev.heed.text.source.Llama2cTokenizer;
import dev.heed.text.source.SentencePieceFile;
import dev.heed.text.source.TiktokenEncoding;
import dev.heed.text.source.TiktokenFile;
import dev.heed.text.source.TokenizerJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds the tokenizer of a checkpoint's folder by the files that are there: a {@code
 * tokenizer.json} before all others, then tiktoken's ranks, llama2.c's vocabulary, and what a
 * family came with.
 */
public final class TokenizerFolder {
  private static final String TIKTOKEN = ".tiktoken";
  private static final String RANKS = "ranks.tiktoken";

  /** A vocabulary of llama2.c: {@code tokenizer.bin}, {@code tok512.bin}. */
  private static final String LLAMA2C = "tok(enizer|\\d+)\\.bin";

  private TokenizerFolder() {}

  /**
   * Opens a folder, or a single file.
   *
   * @throws CheckpointException for missing, invalid or unsupported files
   */
  public static Tokenizer open(Path path) {
    if (!Files.isDirectory(path)) {
      return file(path);
    }
    FamilyFolder folder = FamilyFolder.open(path);
    if (folder.has("tokenizer.json")) {
      return json(path.resolve("tokenizer.json"), folder.besidesJson());
    }
    if (folder.has(RANKS)) {
      return tiktoken(path.resolve(RANKS), folder.file("encoding.json"));
    }
    Path ranks = only(path, ".*\\.tiktoken");
    if (ranks != null) {
      return file(ranks);
    }
    Path vocabulary = only(path, LLAMA2C);
    if (vocabulary != null) {
      return Llama2cTokenizer.read(vocabulary);
    }
    Path gguf = only(path, ".*\\.gguf");
    if (gguf != null && !folder.hasVocabulary()) {
      return file(gguf);
    }
    Path model = path.resolve("tokenizer.model");
    return folder.has("tokenizer.model") && TiktokenFile.isRanks(sentencePieceBytes(model))
        ? file(model)
        : FamilyTokenizers.open(folder);
  }

  /** The one file whose name an expression matches, or null. */
  private static @Nullable Path only(Path folder, String name) {
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> found =
          files.filter(f -> String.valueOf(f.getFileName()).matches(name)).limit(2).toList();
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

  private static Tokenizer file(Path file) {
    String name = String.valueOf(file.getFileName());
    if (name.endsWith(".gguf")) {
      return gguf(file);
    }
    if (name.endsWith(TIKTOKEN)) {
      return tiktoken(file, name.substring(0, name.length() - TIKTOKEN.length()));
    }
    if (name.endsWith(".model") || name.endsWith(".spm")) {
      byte[] bytes = sentencePieceBytes(file);
      return TiktokenFile.isRanks(bytes)
          ? tiktoken(file, bytes, TiktokenEncoding.LLAMA3)
          : sentencePiece(file, bytes);
    }
    return json(file, TokenizerSettings.NONE);
  }

  /** The file's own tokenizer; one that was converted without has it beside. */
  private static Tokenizer gguf(Path file) {
    try (GgufFile gguf = GgufFile.open(file)) {
      String model = gguf.values().find("tokenizer.ggml.model").map(GgufValue::text).orElse("none");
      Path parent = file.toAbsolutePath().getParent();
      if (!model.equals("none") || parent == null) {
        return GgufTokenizer.read(gguf.values());
      }
      FamilyFolder folder = FamilyFolder.open(parent);
      return folder.has("tokenizer.json")
          ? json(parent.resolve("tokenizer.json"), folder.besidesJson())
          : FamilyTokenizers.open(folder);
    }
  }

  private static Tokenizer json(Path file, TokenizerSettings settings) {
    byte[] json = SmallFile.read(file, TokenizerJson.MAX_BYTES);
    return TokenizerJson.read(file.toString(), json).tokenizer(settings);
  }

  private static byte[] sentencePieceBytes(Path file) {
    return SmallFile.read(file, SentencePieceFile.MAX_BYTES);
  }

  /** A model by itself: nothing around a text, and symbols in a text are plain characters. */
  private static Tokenizer sentencePiece(Path file, byte[] bytes) {
    return tokenizer(
        new SentencePiecePipeline(SentencePieceFile.read(file.toString(), bytes).model()),
        PostProcessor.NONE,
        Map.of());
  }

  private static Tokenizer tiktoken(Path file, String name) {
    TiktokenEncoding encoding =
        TiktokenEncoding.named(name)
            .orElseThrow(() ->
                new CheckpointException(
                    Kind.UNSUPPORTED,
                    file.toString(),
                    "ranks named "
                        + Arrays.stream(TiktokenEncoding.values())
                            .map(e -> e.name().toLowerCase(Locale.ROOT) + TIKTOKEN)
                            .collect(Collectors.joining(", ")),
                    Quoted.of(name),
                    "Name the file ranks.tiktoken and put an encoding.json beside it, with pat_str"
                        + " and special_tokens."));
    return tiktoken(file, SmallFile.read(file, TiktokenFile.MAX_BYTES), encoding);
  }

  private static Tokenizer tiktoken(Path file, byte[] bytes, TiktokenEncoding encoding) {
    StandardPipeline steps = TiktokenFile.read(file.toString(), bytes, encoding);
    if (encoding != TiktokenEncoding.LLAMA3) {
      return tokenizer(steps, PostProcessor.NONE, Map.of());
    }
    String bos = TiktokenEncoding.LLAMA3_BEGIN;
    return tokenizer(
        steps,
        Around.both(steps.added(), bos, null, bos, 1),
        Map.of(TokenRole.BOS, bos, TokenRole.EOS, "<|end_of_text|>"));
  }

  /** Ranks beside an {@code encoding.json} that says what {@link TiktokenEncoding} would. */
  private static Tokenizer tiktoken(Path ranks, Path encoding) {
    JsonPart part =
        new JsonPart(
            encoding.toString(),
            StrictJson.parse(
                encoding.toString(), SmallFile.read(encoding, TokenizerJson.MAX_BYTES)));
    Map<String, Integer> special = new LinkedHashMap<>();
    JsonPart tokens = part.object("special_tokens");
    tokens.forEach((token, id) -> special.put(token, JsonPart.id(tokens.where(), id)));
    String pattern = part.string("pat_str");
    part.done();
    byte[] bytes = SmallFile.read(ranks, TiktokenFile.MAX_BYTES);
    return tokenizer(
        TiktokenFile.read(ranks.toString(), bytes, pattern, special), PostProcessor.NONE, Map.of());
  }

  private static Tokenizer tokenizer(
      Pipeline pipeline, PostProcessor post, Map<TokenRole, String> roles) {
    TokenizerSettings none = TokenizerSettings.NONE;
    return new Tokenizer(
        pipeline,
        post,
        new TokenizerSettings(
            OptionalInt.empty(),
            roles,
            List.of(),
            none.paddingSide(),
            0,
            none.truncationSide(),
            false,
            Map.of()),
        BatchRule.NONE);
  }
}
