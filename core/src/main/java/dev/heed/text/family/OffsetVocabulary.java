package dev.heed.text.family;

import dev.heed.text.sentencepiece.PieceList;
import dev.heed.text.subword.Vocabulary;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A SentencePiece model's pieces with their numbers moved, except where tokens have their own. */
final class OffsetVocabulary {
  private final Map<Integer, String> fixed = new LinkedHashMap<>();

  /** Gives a token a number of its own. */
  void fix(int id, String token) {
    fixed.put(id, token);
  }

  /**
   * The whole vocabulary.
   *
   * @param pieces the model's
   * @param offset how far their numbers are moved
   */
  Vocabulary with(PieceList pieces, int offset) {
    int bound = fixed.keySet().stream().mapToInt(id -> id + 1).max().orElse(0);
    @Nullable String[] all = new @Nullable String[Math.max(bound, pieces.size() + offset)];
    fixed.forEach((id, token) -> all[id] = token);
    for (int i = 0; i < pieces.size(); i++) {
      String piece = pieces.spellings().get(i);
      if (all[i + offset] == null) {
        // What has a number of its own is not found under its old one.
        all[i + offset] = fixed.containsValue(piece) ? piece + "NOTUSED" : piece;
      }
    }
    return Vocabulary.of(all);
  }
}
