package dev.heed.text.source;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.checkpoint.Quoted;
import dev.heed.checkpoint.WireReader;
import dev.heed.text.normalizer.CharsMap;
import dev.heed.text.sentencepiece.PieceList;
import dev.heed.text.sentencepiece.PieceType;
import dev.heed.text.sentencepiece.SentencePieceModel;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A SentencePiece model file ({@code sentencepiece_model.proto}): pieces, and the options of its
 * trainer and normaliser that cutting depends on.
 */
public final class SentencePieceFile {
  /** The largest file read; the largest published ones have five megabytes. */
  public static final long MAX_BYTES = 64L << 20;

  /** More UTF-16 units than any published piece has: merging looks at all cuts of a piece. */
  private static final int LONGEST_PIECE = 1024;

  private static final String REMEDY = "The file is damaged, hostile or no SentencePiece model.";

  private final String where;
  private final List<String> spellings = new ArrayList<>();
  private float[] scores = new float[1024];
  private final List<PieceType> types = new ArrayList<>();
  private int kind = 1;
  private boolean byteFallback;
  private boolean suffix;
  private String unknownSurface = " \u2047 ";
  private String bos = "<s>";
  private String eos = "</s>";
  private String pad = "<pad>";
  private byte[] charsMap = {};
  private boolean dummyPrefix = true;
  private boolean collapse = true;
  private boolean escape = true;

  private SentencePieceFile(String where) {
    this.where = where;
  }

  /**
   * Reads a model.
   *
   * @param where its name, for messages
   * @param bytes the whole file
   * @throws CheckpointException {@code MALFORMED}, {@code TRUNCATED}, {@code DUPLICATE}, {@code
   *     VALUE} or {@code UNSUPPORTED}
   */
  public static SentencePieceFile read(String where, byte[] bytes) {
    SentencePieceFile file = new SentencePieceFile(where);
    file.message(new WireReader(MemorySegment.ofArray(bytes)), file::model);
    file.check();
    return file;
  }

  /** The model that the file describes. */
  public SentencePieceModel model() {
    SentencePieceModel.Options options =
        new SentencePieceModel.Options(
            SentencePieceModel.Kind.values()[kind - 1],
            byteFallback,
            suffix,
            unknownSurface,
            dummyPrefix,
            collapse,
            escape);
    PieceList pieces = new PieceList(spellings, Arrays.copyOf(scores, spellings.size()), types);
    return new SentencePieceModel(
        pieces, options, CharsMap.of(where + ", precompiled_charsmap", charsMap));
  }

  /** The spelling of the piece that begins a text; it may not be among the pieces. */
  public String bos() {
    return bos;
  }

  /** The spelling of the piece that ends a text; it may not be among the pieces. */
  public String eos() {
    return eos;
  }

  /** The spelling of the piece that fills batches; it may not be among the pieces. */
  public String pad() {
    return pad;
  }

  /** Reads the field that a tag begins, or leaves it to be skipped. */
  private interface Field {
    boolean read(WireReader in, int field) throws IOException;
  }

  private void message(WireReader in, Field reader) {
    try {
      while (!in.isAtEnd()) {
        int tag = in.tag();
        if (!reader.read(in, WireReader.field(tag))) {
          in.skip(tag);
        }
      }
    } catch (IOException e) {
      throw new CheckpointException(
          Kind.MALFORMED,
          where,
          "a protocol buffer",
          Quoted.of(String.valueOf(e.getMessage())),
          REMEDY,
          e);
    }
  }

  private boolean model(WireReader in, int field) throws IOException {
    switch (field) {
      case 1 -> piece(in.message());
      case 2 -> message(in.message(), this::trainer);
      case 3 -> message(in.message(), this::normalizer);
      case 5 -> message(in.message(), this::denormalizer);
      default -> {
        return false;
      }
    }
    return true;
  }

  private void piece(WireReader message) {
    int next = spellings.size();
    if (next == scores.length) {
      scores = Arrays.copyOf(scores, next * 2);
    }
    String[] spelling = {""};
    int[] type = {1};
    message(
        message,
        (in, field) -> {
          switch (field) {
            case 1 -> spelling[0] = in.text();
            case 2 -> scores[next] = in.float32();
            case 3 -> type[0] = (int) in.varint();
            default -> {
              return false;
            }
          }
          return true;
        });
    if (type[0] < 1 || type[0] > PieceType.values().length) {
      throw error(Kind.UNSUPPORTED, "a type of piece from 1 to 6", type[0] + "");
    }
    spellings.add(spelling[0]);
    types.add(PieceType.values()[type[0] - 1]);
  }

  private boolean trainer(WireReader in, int field) throws IOException {
    switch (field) {
      case 3 -> kind = (int) in.varint();
      case 24 -> suffix = in.varint() != 0;
      case 35 -> byteFallback = in.varint() != 0;
      case 44 -> unknownSurface = in.text();
      case 46 -> bos = in.text();
      case 47 -> eos = in.text();
      case 48 -> pad = in.text();
      default -> {
        return false;
      }
    }
    return true;
  }

  private boolean normalizer(WireReader in, int field) throws IOException {
    switch (field) {
      case 2 -> charsMap = in.bytes();
      case 3 -> dummyPrefix = in.varint() != 0;
      case 4 -> collapse = in.varint() != 0;
      case 5 -> escape = in.varint() != 0;
      default -> {
        return false;
      }
    }
    return true;
  }

  private boolean denormalizer(WireReader in, int field) throws IOException {
    if (field == 2 && in.bytes().length > 0) {
      throw error(Kind.UNSUPPORTED, "no denormalizer_spec", "one with a precompiled_charsmap");
    }
    return field == 2;
  }

  private void check() {
    if (kind < 1 || kind > SentencePieceModel.Kind.values().length) {
      throw error(Kind.UNSUPPORTED, "a model_type from 1 to 4", kind + "");
    }
    Set<String> seen = new HashSet<>();
    int unknown = 0;
    for (int id = 0; id < spellings.size(); id++) {
      String spelling = spellings.get(id);
      if (spelling.isEmpty()) {
        throw error(Kind.VALUE, "pieces that are not empty", "an empty piece " + id);
      }
      if (spelling.length() > LONGEST_PIECE) {
        throw error(
            Kind.TOO_LARGE,
            "pieces of at most " + LONGEST_PIECE + " characters",
            spelling.length() + " of piece " + id);
      }
      if (!seen.add(spelling)) {
        throw error(Kind.DUPLICATE, "each piece once", Quoted.of(spelling));
      }
      if (!Float.isFinite(scores[id])) {
        throw error(Kind.VALUE, "a finite score of " + Quoted.of(spelling), scores[id] + "");
      }
      unknown += types.get(id) == PieceType.UNKNOWN ? 1 : 0;
      if (types.get(id) == PieceType.UNUSED && kind == 2) {
        throw error(Kind.UNSUPPORTED, "a BPE model whose pieces are all used", Quoted.of(spelling));
      }
    }
    if (unknown != 1) {
      throw error(Kind.VALUE, "one unknown piece", unknown + "");
    }
  }

  private CheckpointException error(Kind errorKind, String expected, String got) {
    return new CheckpointException(errorKind, where, expected, got, REMEDY);
  }
}
