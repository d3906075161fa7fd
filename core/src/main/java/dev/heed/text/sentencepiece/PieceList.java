package dev.heed.text.sentencepiece;

import dev.heed.text.subword.BytePieces;
import dev.heed.text.subword.PieceTrie;
import dev.heed.text.subword.Vocabulary;
import java.util.List;

/**
 * The pieces of a SentencePiece model by their numbers.
 *
 * @param spellings no two are equal
 * @param scores of each: the logarithm of its probability, or how early it is merged
 * @param types of each
 */
public record PieceList(List<String> spellings, float[] scores, List<PieceType> types) {
  /** Copies the lists. */
  public PieceList {
    spellings = List.copyOf(spellings);
    types = List.copyOf(types);
  }

  /** How many there are. */
  public int size() {
    return spellings.size();
  }

  /** The number of the first piece of a type, or -1. */
  public int first(PieceType type) {
    return types.indexOf(type);
  }

  /** Whether a piece may be found in a text. */
  boolean isText(int id) {
    return switch (types.get(id)) {
      case NORMAL, USER_DEFINED -> true;
      case UNKNOWN, CONTROL, UNUSED, BYTE -> false;
    };
  }

  /** All pieces both ways. */
  public Vocabulary vocabulary() {
    return Vocabulary.of(spellings.toArray(new String[0]));
  }

  /** The pieces of a type, with their numbers. */
  public PieceTrie trie(PieceType type) {
    PieceTrie trie = new PieceTrie();
    for (int id = 0; id < size(); id++) {
      if (types.get(id) == type) {
        trie.put(spellings.get(id), id);
      }
    }
    return trie;
  }

  /** The byte that a piece stands for, or -1. */
  int value(int id) {
    return types.get(id) == PieceType.BYTE ? BytePieces.value(spellings.get(id)) : -1;
  }
}
