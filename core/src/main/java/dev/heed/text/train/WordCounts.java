package dev.heed.text.train;

import dev.heed.text.align.AlignedText;
import dev.heed.text.normalizer.Normalizer;
import dev.heed.text.pretokenizer.PreTokenizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The words of a corpus and how often each stands there, in the order of their characters.
 *
 * @param words each once
 * @param counts of each, from 1
 */
record WordCounts(List<String> words, long[] counts) {
  private static final class Count {
    long value;
  }

  /**
   * Counts the words of texts as a tokenizer cuts them.
   *
   * @param normalizer or null
   * @param splitter what cuts texts into words
   */
  static WordCounts of(
      Stream<String> texts, @Nullable Normalizer normalizer, PreTokenizer splitter) {
    Map<String, Count> found = new HashMap<>();
    texts.forEach(text -> {
      AlignedText whole = AlignedText.of(text);
      AlignedText normal = normalizer == null ? whole : normalizer.normalize(whole);
      if (!normal.isEmpty()) {
        splitter.split(
            normal, word -> found.computeIfAbsent(word.text(), key -> new Count()).value++);
      }
    });
    TreeMap<String, Count> sorted = new TreeMap<>(found);
    long[] counts = sorted.values().stream().mapToLong(count -> count.value).toArray();
    return new WordCounts(new ArrayList<>(sorted.keySet()), counts);
  }

  /** How many there are. */
  int size() {
    return words.size();
  }

  /** How often each character stands in the corpus, by code point. */
  Map<Integer, Long> characters() {
    Map<Integer, Long> characters = new TreeMap<>();
    for (int word = 0; word < size(); word++) {
      long count = counts[word];
      words.get(word).codePoints().forEach(c -> characters.merge(c, count, Long::sum));
    }
    return characters;
  }
}
