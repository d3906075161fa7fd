package dev.heed.text.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * Learns merges: again and again the pair of neighbours that is most frequent becomes one symbol
 * (Sennrich, Haddow and Birch 2016, algorithm 1). Of equally frequent pairs the one whose symbols
 * were known first is taken, so that the same texts give the same vocabulary.
 *
 * <p>Only the words that hold a pair are looked at when it merges.
 */
final class PairLearner {
  /** Two neighbours, how often they stand together, and in which words they may. */
  private static final class Pair {
    final int left;
    final int right;
    long count;
    int[] words = new int[4];
    int size;

    Pair(int left, int right) {
      this.left = left;
      this.right = right;
    }

    void add(int word) {
      if (size > 0 && words[size - 1] == word) {
        return;
      }
      if (size == words.length) {
        words = Arrays.copyOf(words, size * 2);
      }
      words[size++] = word;
    }
  }

  private record Waiting(long count, Pair pair) implements Comparable<Waiting> {
    @Override
    public int compareTo(Waiting other) {
      int byCount = Long.compare(other.count, count);
      int byLeft = byCount == 0 ? Integer.compare(pair.left, other.pair.left) : byCount;
      return byLeft == 0 ? Integer.compare(pair.right, other.pair.right) : byLeft;
    }
  }

  /**
   * What was learned.
   *
   * @param pieces in the order of their numbers
   * @param merges pairs of pieces in the order in which they merge
   */
  record Learned(List<String> pieces, List<List<String>> merges) {}

  private final String prefix;
  private final List<String> pieces = new ArrayList<>();
  private final Map<String, Integer> ids = new HashMap<>();
  private final List<List<String>> merges = new ArrayList<>();
  private final Map<Long, Pair> pairs = new HashMap<>();
  private final PriorityQueue<Waiting> queue = new PriorityQueue<>();
  private final List<int[]> words = new ArrayList<>();
  private final long[] counts;

  /**
   * Spells words.
   *
   * @param first pieces that come before all others
   * @param alphabet characters; others are left out of words
   * @param prefix what characters within a word have before them, such as {@code ##}; or nothing
   */
  PairLearner(WordCounts corpus, List<String> first, Collection<Integer> alphabet, String prefix) {
    this.prefix = prefix;
    this.counts = corpus.counts();
    first.forEach(this::id);
    Set<Integer> known = new HashSet<>(alphabet);
    alphabet.forEach(c -> id(Character.toString(c)));
    for (String word : corpus.words()) {
      List<Integer> symbols = new ArrayList<>();
      word.codePoints()
          .filter(known::contains)
          .forEach(c -> symbols.add(id((symbols.isEmpty() ? "" : prefix) + Character.toString(c))));
      words.add(symbols.stream().mapToInt(i -> i).toArray());
    }
  }

  private int id(String piece) {
    Integer known = ids.get(piece);
    if (known != null) {
      return known;
    }
    ids.put(piece, pieces.size());
    pieces.add(piece);
    return pieces.size() - 1;
  }

  /**
   * Merges until there are so many pieces, or no pair is frequent enough.
   *
   * @param size how many pieces there are to be; not fewer than there are
   * @param least how often a pair must stand there
   */
  Learned learn(int size, long least) {
    if (pieces.size() > size) {
      throw new IllegalArgumentException(
          "vocabulary: expected at least "
              + pieces.size()
              + " pieces, which the special tokens and characters need, got "
              + size);
    }
    for (int word = 0; word < words.size(); word++) {
      int[] symbols = words.get(word);
      for (int i = 0; i + 1 < symbols.length; i++) {
        change(symbols[i], symbols[i + 1], word, counts[word]);
      }
    }
    pairs.values().forEach(pair -> queue.add(new Waiting(pair.count, pair)));
    while (pieces.size() < size && !queue.isEmpty()) {
      Waiting next = queue.remove();
      Pair pair = next.pair();
      if (next.count() != pair.count) {
        // It has become rarer since.
        if (pair.count > 0) {
          queue.add(new Waiting(pair.count, pair));
        }
      } else if (pair.count < Math.max(1, least)) {
        break;
      } else {
        merge(pair);
      }
    }
    return new Learned(List.copyOf(pieces), List.copyOf(merges));
  }

  private Pair change(int left, int right, int word, long by) {
    long key = (long) left << 32 | right;
    Pair pair = pairs.computeIfAbsent(key, k -> new Pair(left, right));
    pair.count += by;
    if (by > 0) {
      pair.add(word);
    }
    return pair;
  }

  private void merge(Pair pair) {
    String left = pieces.get(pair.left);
    String right = pieces.get(pair.right);
    String rest = right.startsWith(prefix) ? right.substring(prefix.length()) : right;
    int merged = id(left + rest);
    merges.add(List.of(left, right));
    Set<Pair> grown = new HashSet<>();
    for (int i = 0; i < pair.size; i++) {
      merge(pair, merged, pair.words[i], grown);
    }
    pair.count = 0;
    pair.size = 0;
    grown.stream()
        .filter(one -> one.count > 0)
        .forEach(one -> queue.add(new Waiting(one.count, one)));
  }

  private void merge(Pair pair, int merged, int word, Set<Pair> grown) {
    int[] symbols = Objects.requireNonNull(words.get(word));
    long count = counts[word];
    int size = symbols.length;
    for (int i = 0; i + 1 < size; i++) {
      if (symbols[i] != pair.left || symbols[i + 1] != pair.right) {
        continue;
      }
      if (i > 0) {
        var _ = change(symbols[i - 1], pair.left, word, -count);
        grown.add(change(symbols[i - 1], merged, word, count));
      }
      if (i + 2 < size) {
        var _ = change(pair.right, symbols[i + 2], word, -count);
        grown.add(change(merged, symbols[i + 2], word, count));
      }
      symbols[i] = merged;
      System.arraycopy(symbols, i + 2, symbols, i + 1, size - i - 2);
      size--;
    }
    if (size < symbols.length) {
      words.set(word, Arrays.copyOf(symbols, size));
    }
  }
}
