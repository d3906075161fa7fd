package dev.heed.text.subword;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Byte-pair encoding: a word's characters, merged pair by pair (Sennrich, Haddow and Birch 2016).
 */
public final class BytePairEncoding implements TokenizerModel {
  private static final int TABLE = 0x300;

  /**
   * What a model does beside merging.
   *
   * @param unknown the piece for characters without one, or null to leave them out
   * @param prefix what characters within a word are looked up with before them
   * @param suffix what a word's last character is looked up with behind it, such as {@code </w>}
   * @param fuseUnknown whether unknown characters beside each other are one piece
   * @param byteFallback whether an unknown character is written as pieces {@code <0x00>} to {@code
   *     <0xFF>} of its UTF-8
   * @param ignoreMerges whether a word that is in the vocabulary is taken whole
   */
  public record Options(
      @Nullable String unknown,
      String prefix,
      String suffix,
      boolean fuseUnknown,
      boolean byteFallback,
      boolean ignoreMerges) {
    /** Merging alone. */
    public static final Options NONE = new Options(null, "", "", false, false, false);

    /** The same with words taken whole. */
    public Options ignoringMerges() {
      return new Options(unknown, prefix, suffix, fuseUnknown, byteFallback, true);
    }
  }

  private final Vocabulary vocabulary;
  private final MergeTable merges;
  private final Options options;
  private final int[] frequent = new int[TABLE];
  private final BytePieces bytes;
  private final PieceCache cache = new PieceCache();

  /**
   * A model.
   *
   * @param vocabulary every character and every merge's result
   * @param merges by the vocabulary's numbers
   * @param options what it does beside merging
   */
  public BytePairEncoding(Vocabulary vocabulary, MergeTable merges, Options options) {
    this.vocabulary = vocabulary;
    this.merges = merges;
    this.options = options;
    this.bytes = BytePieces.of(vocabulary);
    Arrays.setAll(frequent, c -> vocabulary.id(Character.toString(c)));
  }

  @Override
  public Vocabulary vocabulary() {
    return vocabulary;
  }

  @Override
  public void tokenize(String word, PieceSink pieces) {
    cache.get(word, this::cut).send(pieces);
  }

  private Pieces cut(String word) {
    Pieces pieces = new Pieces();
    int whole = options.ignoreMerges ? vocabulary.id(word) : -1;
    if (whole >= 0) {
      pieces.add(whole, null, 0, word.length());
      return pieces;
    }
    Symbols symbols = new Symbols(merges);
    read(word, symbols);
    symbols.merge();
    for (int i = 0; i < symbols.size(); i++) {
      pieces.add(symbols.id(i), null, symbols.from(i), symbols.to(i));
    }
    return pieces;
  }

  private void read(String word, Symbols symbols) {
    int unknownFrom = -1;
    for (int i = 0; i < word.length(); ) {
      int c = word.codePointAt(i);
      int next = i + Character.charCount(c);
      String affixed = affixed(c, i == 0, next == word.length());
      int id = affixed == null ? frequentOr(c) : vocabulary.id(affixed);
      boolean unknown = id < 0 && !addBytes(symbols, c, affixed, i, next);
      if (unknownFrom >= 0 && !(unknown && options.fuseUnknown)) {
        addUnknown(symbols, word, unknownFrom, i);
        unknownFrom = -1;
      }
      if (id >= 0) {
        symbols.add(id, i, next);
      } else if (unknown && unknownFrom < 0) {
        unknownFrom = i;
      }
      i = next;
    }
    if (unknownFrom >= 0) {
      addUnknown(symbols, word, unknownFrom, word.length());
    }
  }

  private int frequentOr(int c) {
    return c < TABLE ? frequent[c] : vocabulary.id(Character.toString(c));
  }

  /** The character as the vocabulary spells it there, or null if that is the character alone. */
  private @Nullable String affixed(int c, boolean first, boolean last) {
    boolean before = !first && !options.prefix.isEmpty();
    boolean behind = last && !options.suffix.isEmpty();
    if (!before && !behind) {
      return null;
    }
    return (before ? options.prefix : "") + Character.toString(c) + (behind ? options.suffix : "");
  }

  private boolean addBytes(Symbols symbols, int c, @Nullable String affixed, int from, int to) {
    if (!options.byteFallback) {
      return false;
    }
    String written = affixed == null ? Character.toString(c) : affixed;
    byte[] utf8 = written.getBytes(StandardCharsets.UTF_8);
    if (!bytes.has(utf8)) {
      return false;
    }
    for (byte b : utf8) {
      symbols.add(bytes.id(b), from, to);
    }
    return true;
  }

  private void addUnknown(Symbols symbols, String word, int from, int to) {
    if (options.unknown != null) {
      symbols.add(WordLevel.unknownId(vocabulary, options.unknown, word), from, to);
    }
  }
}
