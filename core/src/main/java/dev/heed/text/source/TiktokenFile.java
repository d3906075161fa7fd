package dev.heed.text.source;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.checkpoint.Quoted;
import dev.heed.text.align.ByteAlphabet;
import dev.heed.text.decoder.Decoder;
import dev.heed.text.pattern.RegexDialect;
import dev.heed.text.pattern.TextPattern;
import dev.heed.text.pipeline.AddedToken;
import dev.heed.text.pipeline.AddedTokens;
import dev.heed.text.pipeline.StandardPipeline;
import dev.heed.text.pretokenizer.ByteLevel;
import dev.heed.text.pretokenizer.PreTokenizerSequence;
import dev.heed.text.pretokenizer.Split;
import dev.heed.text.pretokenizer.SplitBehavior;
import dev.heed.text.subword.BytePairEncoding;
import dev.heed.text.subword.MergeTable;
import dev.heed.text.subword.Vocabulary;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * tiktoken's ranks: lines of the base 64 of a token's bytes and its rank, which is its number, too.
 *
 * <p>Two tokens beside each other merge if their bytes together are a token, the one of lowest rank
 * first. What the splitting expression does not match is left out. Tokens are shown in {@link
 * ByteAlphabet}.
 */
public final class TiktokenFile {
  /** The largest file read; the largest published one has four megabytes. */
  public static final long MAX_BYTES = 64L << 20;

  /** More bytes than any published token has: cutting it in all places takes their square. */
  private static final int LONGEST_TOKEN = 1024;

  private static final String REMEDY = "The file is damaged, hostile or has no tiktoken ranks.";

  private TiktokenFile() {}

  /**
   * Reads ranks of a published encoding and puts a tokenizer's steps together.
   *
   * @param where the file's name, for messages
   * @param bytes the file
   * @param encoding whose ranks they are
   * @throws CheckpointException as the other method
   */
  public static StandardPipeline read(String where, byte[] bytes, TiktokenEncoding encoding) {
    Vocabulary vocabulary = vocabulary(where, bytes);
    return pipeline(where, vocabulary, encoding.pattern(), encoding.special(vocabulary.bound()));
  }

  /** Whether a file looks like ranks: it begins with base 64, a space and a number. */
  public static boolean isRanks(byte[] bytes) {
    String start = new String(bytes, 0, Math.min(bytes.length, 64), StandardCharsets.ISO_8859_1);
    return start.matches("(?s)[A-Za-z0-9+/]+={0,2} [0-9]+\r?\n.*");
  }

  /**
   * Reads ranks and puts a tokenizer's steps together.
   *
   * @param where the file's name, for messages
   * @param bytes the file
   * @param pattern the splitting expression ({@code pat_str})
   * @param special special tokens and their numbers
   * @throws CheckpointException {@code MALFORMED}, {@code VALUE}, {@code DUPLICATE} or {@code
   *     UNSUPPORTED}
   */
  public static StandardPipeline read(
      String where, byte[] bytes, String pattern, Map<String, Integer> special) {
    return pipeline(where, vocabulary(where, bytes), pattern, special);
  }

  private static StandardPipeline pipeline(
      String where, Vocabulary vocabulary, String pattern, Map<String, Integer> special) {
    TextPattern words = RegexDialect.RUST.compile(where + ", pat_str", pattern);
    List<AddedToken> added = new ArrayList<>();
    special.forEach((content, id) -> {
      if (vocabulary.piece(id) != null) {
        throw error(
            Kind.DUPLICATE, where, "numbers of special tokens beyond the ranks", id.toString());
      }
      added.add(new AddedToken(id, content, false, false, false, false, true));
    });
    return new StandardPipeline(
        new AddedTokens(added, null),
        null,
        new PreTokenizerSequence(
            List.of(
                new Split(words.inverted(), SplitBehavior.REMOVED), new ByteLevel(false, false))),
        new BytePairEncoding(
            vocabulary, merges(vocabulary), BytePairEncoding.Options.NONE.ignoringMerges()),
        new Decoder.ByteLevel());
  }

  private static Vocabulary vocabulary(String where, byte[] bytes) {
    Map<String, Integer> ids = new HashMap<>();
    Set<Integer> ranks = new HashSet<>();
    int number = 0;
    for (String line : new String(bytes, StandardCharsets.ISO_8859_1).split("\r?\n")) {
      number++;
      if (line.isEmpty()) {
        continue;
      }
      String at = where + ", line " + number;
      int space = line.indexOf(' ');
      String token = space < 0 ? "" : token(at, line.substring(0, space));
      int rank = rank(at, line.substring(space + 1));
      if (token.isEmpty()) {
        throw error(
            Kind.MALFORMED, at, "the base 64 of a token, a space and a rank", Quoted.of(line));
      }
      if (ids.put(token, rank) != null || !ranks.add(rank)) {
        throw error(Kind.DUPLICATE, at, "each token and each rank once", Quoted.of(line));
      }
    }
    for (int b = 0; b < 256; b++) {
      if (!ids.containsKey(String.valueOf(ByteAlphabet.character(b)))) {
        throw error(Kind.VALUE, where, "a token for each byte", "none for " + b);
      }
    }
    return Vocabulary.of(ids);
  }

  private static String token(String at, String base64) {
    if (base64.length() > LONGEST_TOKEN * 4 / 3 + 4) {
      throw error(
          Kind.TOO_LARGE, at, "a token of at most " + LONGEST_TOKEN + " bytes", Quoted.of(base64));
    }
    try {
      return ByteAlphabet.write(Base64.getDecoder().decode(base64));
    } catch (IllegalArgumentException e) {
      throw error(Kind.MALFORMED, at, "base 64", Quoted.of(base64));
    }
  }

  private static int rank(String at, String rank) {
    try {
      int value = Integer.parseInt(rank.strip());
      if (value >= 0) {
        return value;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw error(Kind.VALUE, at, "a rank from 0 to 2^31-1", Quoted.of(rank));
  }

  /** Every way in which two tokens make up a third, at its rank. */
  private static MergeTable merges(Vocabulary vocabulary) {
    MergeTable merges = new MergeTable(vocabulary.size() * 2);
    vocabulary.forEach((token, rank) -> {
      for (int at = 1; at < token.length(); at++) {
        int left = vocabulary.id(token.substring(0, at));
        int right = left < 0 ? -1 : vocabulary.id(token.substring(at));
        if (right >= 0) {
          merges.put(left, right, rank, rank);
        }
      }
    });
    return merges;
  }

  private static CheckpointException error(Kind kind, String where, String expected, String got) {
    return new CheckpointException(kind, where, expected, got, REMEDY);
  }
}
