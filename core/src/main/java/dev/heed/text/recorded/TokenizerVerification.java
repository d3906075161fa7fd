package dev.heed.text.recorded;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.checkpoint.Quoted;
import dev.heed.checkpoint.SmallFile;
import dev.heed.checkpoint.StrictJson;
import dev.heed.checkpoint.gguf.GgufEndTokens;
import dev.heed.checkpoint.gguf.GgufFile;
import dev.heed.text.Tokenizer;
import dev.heed.text.source.SentencePieceFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Compares a tokenizer with its recorded reference: a folder with the checkpoint's files and an
 * {@code expected.json} of texts, tokens, ids, offsets and decoded texts; or GGUF files, each with
 * a JSON file of its name.
 *
 * @param folder the folder, or one GGUF file
 */
public record TokenizerVerification(Path folder) {
  private static final String RECORDING = "expected.json";
  private static final String GGUF = ".gguf";
  private static final long MAX_BYTES = 64L << 20;

  /**
   * A value that is not the recorded one.
   *
   * @param what text and key
   * @param expected the recorded value
   * @param got ours
   */
  public record Difference(String what, String expected, String got) {
    @Override
    public String toString() {
      return what + "\n    expected " + expected + "\n    got      " + got;
    }
  }

  /**
   * What came out.
   *
   * @param compared how many values were compared
   * @param differences those that differ
   * @param notCompared recorded keys that nothing was compared with
   */
  public record Outcome(int compared, List<Difference> differences, List<String> notCompared) {
    /** Whether everything recorded was compared and is equal. */
    public boolean passed() {
      return compared > 0 && differences.isEmpty() && notCompared.isEmpty();
    }
  }

  /** Whether there is such a recording. */
  public static boolean isRecording(Path folder) {
    Path file = folder.resolve(RECORDING);
    if (!Files.isRegularFile(file)) {
      return !ggufFiles(folder).isEmpty();
    }
    JsonNode recorded = read(file);
    return recorded.has("case") && recorded.has("reference") && recorded.has("texts");
  }

  private static JsonNode read(Path file) {
    return StrictJson.parse(file.toString(), SmallFile.read(file, MAX_BYTES));
  }

  /** The GGUF files with a recording beside them. */
  private static List<Path> ggufFiles(Path path) {
    if (Files.isRegularFile(path)) {
      return Files.isRegularFile(beside(path)) ? List.of(path) : List.of();
    }
    if (!Files.isDirectory(path)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(path)) {
      return files
          .filter(f -> f.toString().endsWith(GGUF) && Files.isRegularFile(beside(f)))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new CheckpointException(
          Kind.IO,
          path.toString(),
          "a readable folder",
          String.valueOf(e.getMessage()),
          "Check its permissions.",
          e);
    }
  }

  private static Path beside(Path gguf) {
    String name = String.valueOf(gguf.getFileName());
    return name.endsWith(GGUF)
        ? gguf.resolveSibling(name.substring(0, name.length() - GGUF.length()) + ".json")
        : gguf.resolveSibling(name + ".json");
  }

  /**
   * Compares everything.
   *
   * @throws CheckpointException for missing or invalid files, or a recording of another kind
   */
  public Outcome run() {
    Path file = folder.resolve(RECORDING);
    Comparison comparison = new Comparison();
    List<Path> gguf = Files.isRegularFile(file) ? List.of() : ggufFiles(folder);
    for (Path each : gguf) {
      String name = String.valueOf(each.getFileName());
      new GgufRecording(comparison, Tokenizer.open(each), name, ends(each))
          .compare(read(beside(each)));
    }
    if (gguf.isEmpty()) {
      compare(file, comparison);
    }
    return comparison.outcome();
  }

  /**
   * Compares the tokenizer in a GGUF file with a recording that stands with more.
   *
   * @param recorded its {@code vocab} and {@code texts}
   * @throws CheckpointException for an invalid file
   */
  public static Outcome ofModel(Path file, JsonNode recorded) {
    Comparison comparison = new Comparison();
    ObjectNode own = ((ObjectNode) recorded.path("vocab")).deepCopy();
    own.set("texts", recorded.path("texts"));
    String name = String.valueOf(file.getFileName());
    new GgufRecording(comparison, Tokenizer.open(file), name, ends(file)).compare(own);
    return comparison.outcome();
  }

  private static List<Long> ends(Path file) {
    try (GgufFile gguf = GgufFile.open(file)) {
      return GgufEndTokens.of(gguf.values());
    }
  }

  private void compare(Path file, Comparison comparison) {
    JsonNode recorded = read(file);
    String reference = recorded.path("reference").asString("");
    if (reference.startsWith("tokenizers ")) {
      new LibraryRecording(comparison, Tokenizer.open(folder)).compare(recorded);
    } else if (reference.startsWith("sentencepiece ")) {
      Path model = folder.resolve(recorded.path("files").path(0).asString("tokenizer.model"));
      byte[] bytes = SmallFile.read(model, SentencePieceFile.MAX_BYTES);
      new SentencePieceRecording(comparison, SentencePieceFile.read(model.toString(), bytes))
          .compare(recorded);
    } else if (reference.startsWith("transformers ")) {
      new TransformersRecording(comparison, Tokenizer.open(folder)).compare(recorded);
    } else if (reference.startsWith("tiktoken ")) {
      new TiktokenRecording(comparison, Tokenizer.open(folder)).compare(recorded);
    } else {
      throw new CheckpointException(
          Kind.UNSUPPORTED,
          file.toString(),
          "a recording of tokenizers, transformers, sentencepiece or tiktoken",
          Quoted.of(reference),
          "Record it anew.");
    }
  }
}
