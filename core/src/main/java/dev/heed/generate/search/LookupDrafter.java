package dev.heed.generate.search;

import dev.heed.generate.logits.Tokens;
import java.util.Arrays;
import java.util.List;

/**
 * Guesses that what followed the last few tokens before follows them again: good where the output
 * repeats the prompt, as in summaries and edits (Saxena 2023, "Prompt Lookup Decoding").
 *
 * @param longest most tokens looked up at once, at least 1
 */
public record LookupDrafter(int longest) implements Drafter {
  /** Checks the number. */
  public LookupDrafter {
    if (longest < 1) {
      throw new IllegalArgumentException(
          "max_matching_ngram_size: expected at least 1, got " + longest);
    }
  }

  @Override
  public Draft guess(Tokens sequence, int most, Uniforms uniforms) {
    int size = sequence.size();
    for (int n = Math.min(longest, size - 1); n >= 1; n--) {
      int[] last = sequence.from(size - n);
      for (int end = n; end < size; end++) {
        if (sequence.first(end).endsWith(last)) {
          int[] following = sequence.from(end);
          return new Draft(Arrays.copyOf(following, Math.min(most, following.length)), List.of());
        }
      }
    }
    return new Draft(new int[0], List.of());
  }

  @Override
  public void close() {}
}
