package dev.heed.text.train;

import dev.heed.tensor.SideBySide;
import dev.heed.text.subword.Pieces;
import dev.heed.text.subword.UnigramSearch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Learns pieces and their probabilities: expectation and maximisation over all cuts of each word,
 * then the pieces that are least missed go, until few enough are left (Kudo 2018, section 3.2).
 *
 * <p>The first pieces are all stretches of words that stand there twice or more, the most frequent
 * and longest of them. What a piece is worth is how much less probable the corpus is where the
 * piece's own second-best cut stands in its place.
 */
final class UnigramLearner {
  private static final int LONGEST = 16;
  private static final int MOST_SEEDS = 1_000_000;
  private static final int ROUNDS = 2;
  private static final double KEPT = 0.75;
  private static final double SPARE = 1.1;
  private static final double LEAST_EXPECTED = 0.5;

  /** How many parts the corpus is counted in; the sums depend on it, and not on the threads. */
  private static final int PARTS = 8;

  private final WordCounts corpus;
  private final Map<Integer, Long> characters;
  private List<Scored> pieces;

  /**
   * A piece.
   *
   * @param text its characters
   * @param score the logarithm of its probability
   */
  record Scored(String text, double score) {
    boolean isCharacter() {
      return text.codePointCount(0, text.length()) == 1;
    }
  }

  /**
   * Begins.
   *
   * @param always characters that are pieces even where the corpus has none of them
   */
  UnigramLearner(WordCounts corpus, String always) {
    this.corpus = corpus;
    this.characters = corpus.characters();
    always.codePoints().forEach(c -> characters.putIfAbsent(c, 1L));
    this.pieces = seeds();
  }

  private List<Scored> seeds() {
    Map<String, Long> stretches = new HashMap<>();
    for (int word = 0; word < corpus.size(); word++) {
      String text = corpus.words().get(word);
      long count = corpus.counts()[word];
      for (int from = 0; from < text.length(); from = text.offsetByCodePoints(from, 1)) {
        int to = text.offsetByCodePoints(from, 1);
        for (int length = 2; length <= LONGEST && to < text.length(); length++) {
          to = text.offsetByCodePoints(to, 1);
          stretches.merge(text.substring(from, to), count, Long::sum);
        }
      }
    }
    List<Map.Entry<String, Long>> chosen = new ArrayList<>();
    stretches.entrySet().stream()
        .filter(entry -> entry.getValue() > 1)
        .sorted(
            Comparator.comparingLong(
                    (Map.Entry<String, Long> entry) -> -entry.getValue() * entry.getKey().length())
                .thenComparing(Map.Entry::getKey))
        .limit(MOST_SEEDS)
        .forEach(chosen::add);
    double sum = 0;
    List<Scored> seeds = new ArrayList<>();
    for (Map.Entry<Integer, Long> one : characters.entrySet()) {
      sum += one.getValue();
      seeds.add(new Scored(Character.toString(one.getKey()), one.getValue()));
    }
    for (Map.Entry<String, Long> one : chosen) {
      double weight = (double) one.getValue() * one.getKey().length();
      sum += weight;
      seeds.add(new Scored(one.getKey(), weight));
    }
    double total = Math.log(sum);
    return seeds.stream()
        .map(seed -> new Scored(seed.text(), Math.log(seed.score()) - total))
        .toList();
  }

  /**
   * Learns until there are so many pieces, or fewer where the corpus has no more.
   *
   * @param size at least as many as there are characters
   * @return the most probable first
   */
  List<Scored> learn(int size) {
    if (size < characters.size()) {
      throw new IllegalArgumentException(
          "vocabulary: expected at least "
              + characters.size()
              + " pieces for the texts' characters, got "
              + size);
    }
    int wanted = (int) (SPARE * size);
    while (true) {
      for (int round = 0; round < ROUNDS; round++) {
        pieces = maximise(expected());
      }
      if (pieces.size() <= wanted) {
        return chosen(size);
      }
      pieces = pruned(Math.max(wanted, (int) (KEPT * pieces.size())));
    }
  }

  /** How often each piece is expected to stand there, over all cuts of each word. */
  private double[] expected() {
    Lattice lattice = new Lattice(pieces);
    double[][] parts = new double[PARTS][];
    SideBySide.run(
        PARTS,
        part -> {
          double[] expected = new double[pieces.size()];
          for (int word = part; word < corpus.size(); word += PARTS) {
            lattice.expect(corpus.words().get(word), corpus.counts()[word], expected);
          }
          parts[part] = expected;
        });
    double[] sums = new double[pieces.size()];
    for (double[] part : parts) {
      for (int i = 0; i < sums.length; i++) {
        sums[i] += part[i];
      }
    }
    return sums;
  }

  /** Rare pieces go; the others' probabilities are those of a sparse Dirichlet process. */
  private List<Scored> maximise(double[] expected) {
    double sum = 0;
    for (int i = 0; i < expected.length; i++) {
      sum += isKept(i, expected) ? expected[i] : 0;
    }
    double total = digamma(sum);
    List<Scored> next = new ArrayList<>();
    for (int i = 0; i < expected.length; i++) {
      if (isKept(i, expected)) {
        double count = Math.max(expected[i], LEAST_EXPECTED);
        next.add(new Scored(pieces.get(i).text(), digamma(count) - total));
      }
    }
    return next;
  }

  private boolean isKept(int piece, double[] expected) {
    return expected[piece] >= LEAST_EXPECTED || pieces.get(piece).isCharacter();
  }

  private List<Scored> pruned(int size) {
    UnigramSearch search = new Lattice(pieces).search();
    double[] frequency = frequencies(search);
    double sum = Arrays.stream(frequency).sum();
    double[] loss = new double[pieces.size()];
    SideBySide.run(
        PARTS,
        part -> {
          for (int i = part; i < loss.length; i += PARTS) {
            loss[i] = loss(i, search, frequency, sum);
          }
        });
    boolean[] kept = new boolean[loss.length];
    int left = size;
    for (int i = 0; i < loss.length; i++) {
      kept[i] = pieces.get(i).isCharacter();
      left -= kept[i] ? 1 : 0;
    }
    IntStream.range(0, loss.length)
        .filter(i -> !kept[i] && loss[i] > Double.NEGATIVE_INFINITY)
        .boxed()
        .sorted(Comparator.comparingDouble((Integer i) -> -loss[i]))
        .limit(Math.max(0, left))
        .toList()
        .forEach(i -> kept[i] = true);
    return IntStream.range(0, loss.length).filter(i -> kept[i]).mapToObj(pieces::get).toList();
  }

  /** How often each piece stands in the best cuts. */
  private double[] frequencies(UnigramSearch search) {
    double[][] parts = new double[PARTS][];
    SideBySide.run(
        PARTS,
        part -> {
          double[] frequency = new double[pieces.size()];
          for (int word = part; word < corpus.size(); word += PARTS) {
            Pieces best = search.best(corpus.words().get(word));
            for (int i = 0; i < best.size(); i++) {
              frequency[best.id(i)] += corpus.counts()[word];
            }
          }
          parts[part] = frequency;
        });
    double[] sums = new double[pieces.size()];
    for (double[] part : parts) {
      for (int i = 0; i < sums.length; i++) {
        sums[i] += part[i];
      }
    }
    return sums;
  }

  /** What the corpus loses without a piece; −∞ where nothing. */
  private double loss(int piece, UnigramSearch search, double[] frequency, double sum) {
    List<UnigramSearch.Scored> cuts = search.best(pieces.get(piece).text(), 2);
    if (frequency[piece] == 0 || cuts.getFirst().pieces().size() > 1) {
      return Double.NEGATIVE_INFINITY;
    }
    if (cuts.size() == 1) {
      return Double.POSITIVE_INFINITY;
    }
    Pieces instead = cuts.get(1).pieces();
    double without = 0;
    double grown = Math.log(sum + frequency[piece] * (instead.size() - 1));
    for (int i = 0; i < instead.size(); i++) {
      without += Math.log(frequency[instead.id(i)] + frequency[piece]) - grown;
    }
    double with = Math.log(frequency[piece]) - Math.log(sum);
    return frequency[piece] / sum * (with - without);
  }

  /** All characters, and the most probable of the others. */
  private List<Scored> chosen(int size) {
    Comparator<Scored> best =
        Comparator.comparingDouble((Scored piece) -> -piece.score()).thenComparing(Scored::text);
    List<Scored> all = new ArrayList<>(pieces.stream().filter(Scored::isCharacter).toList());
    pieces.stream()
        .filter(piece -> !piece.isCharacter())
        .sorted(best)
        .limit(Math.max(0, size - all.size()))
        .forEach(all::add);
    all.sort(best);
    return all;
  }

  /** ψ(x), by its recurrence and asymptotic series (Abramowitz and Stegun, 6.3.5 and 6.3.18). */
  static double digamma(double x) {
    double shifted = x;
    double result = 0;
    for (; shifted < 7; shifted++) {
      result -= 1 / shifted;
    }
    double square = 1 / (shifted * shifted);
    double series =
        square * (1.0 / 12 - square * (1.0 / 120 - square * (1.0 / 252 - square / 240)));
    return result + Math.log(shifted) - 0.5 / shifted - series;
  }
}
