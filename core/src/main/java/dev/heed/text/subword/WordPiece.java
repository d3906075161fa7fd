package dev.heed.text.subword;

import java.util.TreeSet;

/**
 * WordPiece: from the left, the longest piece there is; a word that cannot be covered is unknown as
 * a whole (Schuster and Nakajima 2012; Devlin et al. 2018).
 */
public final class WordPiece implements TokenizerModel {
  private final Vocabulary vocabulary;
  private final String unknown;
  private final String prefix;
  private final int longestWord;
  // Lengths of the pieces there are, longest first: at a word's beginning, and behind the prefix.
  private final int[] firstLengths;
  private final int[] nextLengths;
  private final PieceCache cache = new PieceCache();

  /**
   * A model.
   *
   * @param vocabulary pieces; those within a word begin with the prefix
   * @param unknown the piece for words that cannot be covered
   * @param prefix usually {@code ##}
   * @param longestWord in code points; a longer word is unknown
   */
  public WordPiece(Vocabulary vocabulary, String unknown, String prefix, int longestWord) {
    this.vocabulary = vocabulary;
    this.unknown = unknown;
    this.prefix = prefix;
    this.longestWord = longestWord;
    TreeSet<Integer> first = new TreeSet<>();
    TreeSet<Integer> next = new TreeSet<>();
    vocabulary.forEach((piece, id) -> {
      first.add(piece.length());
      if (piece.startsWith(prefix)) {
        next.add(piece.length() - prefix.length());
      }
    });
    this.firstLengths = first.descendingSet().stream().mapToInt(i -> i).toArray();
    this.nextLengths = next.descendingSet().stream().mapToInt(i -> i).toArray();
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
    if (word.codePointCount(0, word.length()) > longestWord || !cover(word, pieces)) {
      int id = WordLevel.unknownId(vocabulary, unknown, word);
      pieces = new Pieces();
      pieces.add(id, unknown, 0, word.length());
    }
    return pieces;
  }

  private boolean cover(String word, Pieces pieces) {
    int start = 0;
    while (start < word.length()) {
      int id = -1;
      int end = start;
      for (int length : start == 0 ? firstLengths : nextLengths) {
        end = start + length;
        if (length == 0 || end > word.length()) {
          continue;
        }
        String piece = word.substring(start, end);
        id = vocabulary.id(start == 0 ? piece : prefix.concat(piece));
        if (id >= 0) {
          break;
        }
      }
      if (id < 0) {
        return false;
      }
      pieces.add(id, null, start, end);
      start = end;
    }
    return true;
  }
}
