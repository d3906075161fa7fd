package dev.heed.text.gguf;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.checkpoint.Quoted;
import dev.heed.checkpoint.gguf.GgufMetadata;
import dev.heed.checkpoint.gguf.GgufValue;
import dev.heed.text.sentencepiece.PieceList;
import dev.heed.text.sentencepiece.PieceType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a GGUF file's metadata says of its vocabulary, checked. */
final class GgufVocabulary {
  private static final String PREFIX = "tokenizer.ggml.";
  private static final String REMEDY = "Convert the model again, or take the original's files.";

  /** Longer pieces than any vocabulary has: merging looks at all cuts of a piece. */
  private static final int LONGEST = 1024;

  private final GgufMetadata metadata;
  private final PieceList pieces;

  GgufVocabulary(GgufMetadata metadata) {
    this.metadata = metadata;
    List<String> spellings = List.copyOf(value("tokens").texts());
    List<PieceType> types = types(spellings.size());
    this.pieces = new PieceList(spellings, scores(spellings.size()), types);
    for (int id = 0; id < spellings.size(); id++) {
      if (spellings.get(id).length() > LONGEST) {
        throw error(
            Kind.TOO_LARGE,
            "tokens",
            "pieces of at most " + LONGEST + " characters",
            spellings.get(id).length() + " of piece " + id);
      }
    }
  }

  private List<PieceType> types(int size) {
    List<PieceType> types = new ArrayList<>(size);
    Optional<GgufValue> given = find("token_type");
    long[] numbers = given.isPresent() ? given.get().integers() : new long[0];
    if (given.isPresent() && numbers.length != size) {
      throw error(Kind.SHAPE, "token_type", size + " numbers", numbers.length + "");
    }
    for (int id = 0; id < size; id++) {
      long type = given.isPresent() ? numbers[id] : 1;
      // Number 0 is undefined; llama.cpp takes it, and what it does not know, as no text.
      boolean known = type >= 1 && type <= PieceType.values().length;
      types.add(known ? PieceType.values()[(int) type - 1] : PieceType.UNUSED);
    }
    return types;
  }

  private float[] scores(int size) {
    float[] scores = new float[size];
    Optional<GgufValue> given = find("scores");
    if (given.isPresent()) {
      double[] numbers = given.get().numbers();
      if (numbers.length != size) {
        throw error(Kind.SHAPE, "scores", size + " numbers", numbers.length + "");
      }
      for (int id = 0; id < size; id++) {
        scores[id] = (float) numbers[id];
        if (!Float.isFinite(scores[id])) {
          throw error(Kind.VALUE, "scores", "finite numbers", scores[id] + "");
        }
      }
    }
    return scores;
  }

  /** The pieces by their numbers. */
  PieceList pieces() {
    return pieces;
  }

  /** {@code llama}, {@code gpt2}, {@code bert}, {@code t5} or another. */
  String model() {
    return value("model").text();
  }

  /** A text, or what holds where there is none. */
  String text(String key, String absent) {
    return find(key).map(GgufValue::text).orElse(absent);
  }

  boolean flag(String key, boolean absent) {
    return find(key).map(GgufValue::flag).orElse(absent);
  }

  /** The chat template, or null. */
  @Nullable String chatTemplate() {
    return metadata.find("tokenizer.chat_template").map(GgufValue::text).orElse(null);
  }

  /**
   * The number of a special token.
   *
   * @param absent where the file names none; below zero for none at all
   */
  int token(String key, int absent) {
    Optional<GgufValue> given = find(key + "_token_id");
    if (given.isEmpty()) {
      return absent < pieces.size() ? absent : -1;
    }
    long id = given.get().integer();
    if (id == 0xffff_ffffL || id == -1) {
      return -1;
    }
    if (id < 0 || id >= pieces.size()) {
      throw error(Kind.VALUE, key + "_token_id", "a number below " + pieces.size(), id + "");
    }
    return (int) id;
  }

  /** The merges, the first to merge first. */
  List<String> merges() {
    return value("merges").texts();
  }

  /** The bytes of SentencePiece's character map; none if the file has none. */
  byte[] charsMap() {
    Optional<GgufValue> map = find("precompiled_charsmap");
    if (map.isEmpty()) {
      return new byte[0];
    }
    long[] numbers = map.get().integers();
    byte[] bytes = new byte[numbers.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) numbers[i];
    }
    return bytes;
  }

  private Optional<GgufValue> find(String key) {
    return metadata.find(PREFIX + key);
  }

  private GgufValue value(String key) {
    return metadata.get(PREFIX + key);
  }

  String where(String key) {
    return metadata.where() + ", " + PREFIX + key;
  }

  CheckpointException error(Kind kind, String key, String expected, String got) {
    return new CheckpointException(kind, where(key), expected, got, REMEDY);
  }

  CheckpointException unsupported(String key, String expected, String got) {
    return error(Kind.UNSUPPORTED, key, expected, Quoted.of(got));
  }
}
