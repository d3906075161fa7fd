package dev.heed.explain;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The closed classes of English words: those that hold a sentence together and mean little alone.
 *
 * <p>Words of other languages belong to none of them. A word is looked up without case, without a
 * typographic apostrophe's difference, and without a clitic: "It's" counts as "it".
 */
final class EnglishWords {
  /** Pronouns that stand for a word of the text; those of speaker and hearer do not. */
  private static final Set<String> PRONOUNS =
      words(
          """
          it he she they him her them his hers its their theirs himself herself itself themselves
          which who whom whose
          """);

  private static final Set<String> BE = words("is are was were am be been isn't aren't wasn't");

  private static final Set<String> NEGATORS = words("not never no none nothing neither cannot");

  /** What may stand between a form of "be" and what is said of the subject. */
  private static final Set<String> DEGREES =
      words(
          """
          not never so too very really quite rather all still also always just only more most less
          a an the my your his her its our their this that
          """);

  private static final Set<String> FUNCTION =
      words(
          """
          a an the this that these those some any each every all both either few many much more most
          other another such own same
          and or but nor so yet because if while until although though than as
          of in on at by for with without to from into onto over under about between through during
          before after above below up down out off against near beside along across around behind
          is are was were am be been being have has had having do does did doing will would shall
          should can could may might must ought let
          i me my mine myself you your yours yourself we us our ours ourselves one ones
          here there when where why how what then now again once ever also just only even still too
          very really quite rather almost finally already often always sometimes soon later however
          there's let's
          """);

  private EnglishWords() {}

  private static Set<String> words(String list) {
    return Set.copyOf(List.of(list.strip().split("\\s+")));
  }

  /** Whether it stands for another word of the text. */
  static boolean isPronoun(String word) {
    return PRONOUNS.contains(bare(word));
  }

  /** Whether what follows is said of what precedes. */
  static boolean isBe(String word) {
    return BE.contains(plain(word)) || plain(word).matches("(it|he|she|that|there)'s");
  }

  /** Whether it turns a meaning round, and is no more than that: "not", but not "didn't". */
  static boolean isNegator(String word) {
    return NEGATORS.contains(plain(word));
  }

  /** Whether it may stand between a form of "be" and what is said. */
  static boolean isDegree(String word) {
    return DEGREES.contains(plain(word)) || (word.length() > 5 && plain(word).endsWith("ly"));
  }

  /** Whether it names, describes or does something: it belongs to no closed class. */
  static boolean isContent(String word) {
    String bare = bare(word);
    return !FUNCTION.contains(bare)
        && !PRONOUNS.contains(bare)
        && !isNegator(word)
        && !plain(word).endsWith("n't");
  }

  private static String plain(String word) {
    return word.toLowerCase(Locale.ROOT).replace('\u2019', '\'');
  }

  private static String bare(String word) {
    return plain(word).replaceFirst("(?<=\\w)('(s|re|ll|ve|d|m))$", "");
  }
}
