package dev.heed.task;

import dev.heed.text.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The words of a text that a model wrote, each with its tokens.
 *
 * @param words as they stand in the text
 * @param tokens for each word the places of its tokens among those that were written
 */
record WrittenWords(List<String> words, List<List<Integer>> tokens) {
  /** What is between white spaces; where there is none, each token. */
  static WrittenWords of(Tokenizer tokenizer, int[] written) {
    long[] ids = Arrays.stream(written).asLongStream().toArray();
    String before = "";
    List<String> words = new ArrayList<>();
    List<List<Integer>> tokens = new ArrayList<>();
    boolean spaced = tokenizer.decode(ids, false).strip().matches("(?s).*\\s.*");
    for (int i = 0; i < ids.length; i++) {
      String text = tokenizer.decode(Arrays.copyOf(ids, i + 1), false);
      String piece = text.startsWith(before) ? text.substring(before.length()) : text;
      boolean begins =
          words.isEmpty()
              || !spaced
              || (!piece.isEmpty() && Character.isWhitespace(piece.charAt(0)))
              || (!before.isEmpty() && Character.isWhitespace(before.charAt(before.length() - 1)));
      before = text;
      if (piece.isBlank() && words.isEmpty()) {
        continue;
      }
      if (piece.isEmpty()) {
        continue;
      }
      if (begins) {
        words.add(piece.strip());
        tokens.add(new ArrayList<>(List.of(i)));
      } else {
        words.add(words.removeLast() + piece.strip());
        tokens.getLast().add(i);
      }
    }
    return new WrittenWords(words, tokens);
  }
}
