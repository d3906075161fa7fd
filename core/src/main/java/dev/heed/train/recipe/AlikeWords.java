package dev.heed.train.recipe;

import dev.heed.text.Token;
import dev.heed.text.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Words that may stand for each other all through an example, as one name for another in a story
 * and in its answer: what is learned is then what happens, and not to whom.
 */
final class AlikeWords {
  /**
   * A word.
   *
   * @param id its token
   * @param label its class, or -1 where it is none
   */
  private record Word(long id, int label) {}

  private final List<List<Word>> groups = new ArrayList<>();

  /**
   * Looks the words up.
   *
   * @param groups words that change places with those of their own group
   * @param classes what examples are labelled with
   * @throws IllegalArgumentException for a word of several tokens or of two groups, and for a group
   *     of which some words are classes and some are not
   */
  AlikeWords(List<List<String>> groups, List<String> classes, Tokenizer tokenizer) {
    Set<Long> known = new HashSet<>();
    for (List<String> group : groups) {
      List<Word> words = new ArrayList<>();
      for (String text : group) {
        List<Token> tokens = tokenizer.encode(text, null, false).tokens();
        RecipeKeys.require(tokens.size() == 1, "alike", "words of one token each", text);
        Word word = new Word(tokens.getFirst().id(), classes.indexOf(text));
        RecipeKeys.require(known.add(word.id()), "alike", "each token once", text);
        words.add(word);
      }
      long labels = words.stream().filter(word -> word.label() >= 0).count();
      RecipeKeys.require(
          labels == 0 || labels == words.size(), "alike", "groups of classes or of none", group);
      this.groups.add(words);
    }
  }

  /** Whether there are any. */
  boolean isEmpty() {
    return groups.isEmpty();
  }

  /** The same with the words of each group in other places. */
  Example apply(Example example, SplittableRandom random) {
    Map<Long, Long> ids = new HashMap<>();
    Map<Long, Long> labels = new HashMap<>();
    for (List<Word> group : groups) {
      List<Word> others = shuffled(group, random);
      for (int i = 0; i < group.size(); i++) {
        ids.put(group.get(i).id(), others.get(i).id());
        labels.put((long) group.get(i).label(), (long) others.get(i).label());
      }
    }
    return new Example(
        changed(example.ids(), ids), example.types(), changed(example.labels(), labels));
  }

  private static List<Word> shuffled(List<Word> group, SplittableRandom random) {
    List<Word> shuffled = new ArrayList<>(group);
    for (int i = shuffled.size() - 1; i > 0; i--) {
      Collections.swap(shuffled, i, random.nextInt(i + 1));
    }
    return shuffled;
  }

  private static long[] changed(long[] values, Map<Long, Long> by) {
    return Arrays.stream(values).map(value -> by.getOrDefault(value, value)).toArray();
  }
}
