package dev.heed.text.sentencepiece;

import dev.heed.text.subword.MergeTable;
import dev.heed.text.subword.PieceTrie;
import dev.heed.text.subword.Pieces;
import dev.heed.text.subword.Symbols;
import dev.heed.text.subword.Vocabulary;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Byte-pair encoding by scores: of two pieces beside each other, those merge first whose union has
 * the highest score. User-defined pieces never merge.
 */
final class MergeSegmenter implements Segmenter {
  private final PieceTrie userDefined;
  private final MergeTable merges;
  // Characters that take part in merges, with the piece's number or one beyond all pieces.
  private final Map<String, Integer> symbols = new HashMap<>();
  private final int size;
  private final Vocabulary vocabulary;

  MergeSegmenter(PieceList pieces) {
    this.size = pieces.size();
    this.vocabulary = pieces.vocabulary();
    this.userDefined = pieces.trie(PieceType.USER_DEFINED);
    Map<String, Integer> text = new HashMap<>();
    for (int id = 0; id < size; id++) {
      if (pieces.isText(id)) {
        text.put(pieces.spellings().get(id), id);
      }
    }
    this.merges = new MergeTable(2 * size);
    int[] ranks = ranks(pieces.scores());
    text.forEach((piece, id) -> splits(piece, ranks[id], id, text));
  }

  /** The place of each score among all, the highest first; equal ones have one place. */
  private static int[] ranks(float[] scores) {
    float[] sorted = scores.clone();
    Arrays.sort(sorted);
    int[] ranks = new int[scores.length];
    for (int id = 0; id < scores.length; id++) {
      ranks[id] = sorted.length - firstOf(sorted, scores[id]);
    }
    return ranks;
  }

  private static int firstOf(float[] sorted, float score) {
    int low = 0;
    int high = sorted.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (Float.compare(sorted[middle], score) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** Enters every way in which two symbols make up a piece. */
  private void splits(String piece, int rank, int id, Map<String, Integer> text) {
    for (int at = 0; at < piece.length(); at += Character.charCount(piece.codePointAt(at))) {
      if (at > 0) {
        int left = symbol(piece.substring(0, at), text);
        int right = symbol(piece.substring(at), text);
        if (left >= 0 && right >= 0) {
          merges.put(left, right, rank, id);
        }
      }
    }
  }

  private int symbol(String part, Map<String, Integer> text) {
    Integer id = text.get(part);
    if (part.codePointCount(0, part.length()) == 1) {
      return symbols.computeIfAbsent(part, p -> id == null ? size + symbols.size() : id);
    }
    return id == null ? -1 : id;
  }

  @Override
  public Pieces cut(String text) {
    Symbols found = new Symbols(merges);
    for (int at = 0; at < text.length(); ) {
      int defined = userDefined.longest(text, at);
      int next = at + (defined > 0 ? defined : Character.charCount(text.codePointAt(at)));
      Integer symbol = defined > 0 ? null : symbols.get(text.substring(at, next));
      found.add(symbol == null ? -1 : symbol, at, next);
      at = next;
    }
    found.merge();
    Pieces pieces = new Pieces();
    for (int i = 0; i < found.size(); i++) {
      int id = found.id(i);
      if (id < 0 || id >= size) {
        id = vocabulary.id(text.substring(found.from(i), found.to(i)));
      }
      pieces.add(id, null, found.from(i), found.to(i));
    }
    return pieces;
  }
}
