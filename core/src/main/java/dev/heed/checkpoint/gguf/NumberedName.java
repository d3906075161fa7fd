package dev.heed.checkpoint.gguf;

import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * A tensor's name without its numbers.
 *
 * @param pattern the name with {@code #} for each number between dots
 * @param numbers in their order
 */
record NumberedName(String pattern, List<Integer> numbers) {
  private static final Pattern NUMBER = Pattern.compile("(?<=\\.)(0|[1-9][0-9]{0,5})(?=\\.)");

  static NumberedName of(String name) {
    List<Integer> numbers =
        NUMBER.matcher(name).results().map(MatchResult::group).map(Integer::parseInt).toList();
    return new NumberedName(NUMBER.matcher(name).replaceAll("#"), numbers);
  }

  /** A pattern's name for these numbers. */
  static String fill(String pattern, List<Integer> numbers) {
    String name = pattern;
    for (int number : numbers) {
      name = name.replaceFirst("#", number + "");
    }
    return name;
  }
}
