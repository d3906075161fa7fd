package dev.heed.explain;

import dev.heed.nn.Trace;
import dev.heed.tensor.Tensor;
import dev.heed.text.Encoding;
import dev.heed.text.Token;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The exact attention weights of every layer and head over one text.
 *
 * @param units what attends and is attended to: tokens, or the words merged from them
 * @param weights {@code [layer][head][query][key]}; each row sums to one
 */
public record AttentionMap(List<Unit> units, float[][][][] weights) {
  /** The last part of the trace points that hold weights after softmax. */
  private static final String PATTERN = ".pattern";

  /** How vocabularies spell the token that stands for what they do not hold. */
  private static final Set<String> UNKNOWN = Set.of("[UNK]", "<unk>");

  /**
   * A token or a word.
   *
   * @param text as it is shown: of a word, what stands in the text
   * @param special whether the tokenizer added it, as {@code [CLS]} and {@code [SEP]}
   * @param unknown whether the model reads it, or a part of it, as one token for all it does not
   *     know
   * @param word number of its word in the text, or -1 for special tokens
   * @param start its first character in the text
   * @param end one past its last character
   */
  public record Unit(String text, boolean special, boolean unknown, int word, int start, int end) {
    /** Whether it names something: it is neither special nor punctuation. */
    public boolean hasMeaning() {
      return !special && text.codePoints().anyMatch(Character::isLetterOrDigit);
    }
  }

  /**
   * The weights that a trace recorded at its {@code pattern} points, in the order of the run.
   *
   * @param text the run's only text
   * @param trace of a batch of one
   * @throws IllegalArgumentException if it recorded none
   */
  public static AttentionMap of(Encoding text, Trace trace) {
    List<float[][][]> layers = new ArrayList<>();
    for (Map.Entry<String, Tensor> point : trace.values().entrySet()) {
      if (point.getKey().endsWith(PATTERN)) {
        layers.add(heads(point.getValue()));
      }
    }
    if (layers.isEmpty()) {
      throw new IllegalArgumentException(
          "trace: expected recorded points that end in " + PATTERN + ", got none");
    }
    return new AttentionMap(units(text), layers.toArray(float[][][][]::new));
  }

  /** The tokens of a text. */
  static List<Unit> units(Encoding text) {
    List<Unit> units = new ArrayList<>();
    for (Token token : text.tokens()) {
      units.add(
          new Unit(
              token.text(),
              token.special(),
              UNKNOWN.contains(token.text()) && !token.special(),
              token.word(),
              token.start(),
              token.end()));
    }
    return units;
  }

  /** Whether a trace point holds what {@link #of} reads: pass it to {@link Trace#record}. */
  public static boolean needs(String point) {
    return point.endsWith(PATTERN);
  }

  private static float[][][] heads(Tensor pattern) {
    int heads = (int) pattern.size(1);
    int queries = (int) pattern.size(2);
    int keys = (int) pattern.size(3);
    float[] all = pattern.toFloatArray();
    float[][][] rows = new float[heads][queries][keys];
    for (int head = 0, at = 0; head < heads; head++) {
      for (int query = 0; query < queries; query++, at += keys) {
        System.arraycopy(all, at, rows[head][query], 0, keys);
      }
    }
    return rows;
  }

  /** How many layers there are. */
  public int layers() {
    return weights.length;
  }

  /** How many heads each layer has. */
  public int heads() {
    return weights[0].length;
  }

  /** How many units there are. */
  public int size() {
    return units.size();
  }

  /** The texts of the units, in order. */
  public List<String> texts() {
    return units.stream().map(Unit::text).toList();
  }

  /**
   * One query's weights over all keys; not a copy.
   *
   * @throws IllegalArgumentException for a layer, head or query that there is not
   */
  public float[] row(int layer, int head, int query) {
    require("layer", layer, layers());
    require("head", head, heads());
    require("query", query, size());
    return weights[layer][head][query];
  }

  /** Checks a number that counts from 0. */
  static void require(String what, int number, int count) {
    if (number < 0 || number >= count) {
      throw new IllegalArgumentException(
          what + ": expected a number from 0 to " + (count - 1) + ", got " + number);
    }
  }

  /**
   * What one query gives each key on average over all layers and heads; sums to one.
   *
   * @throws IllegalArgumentException for a query that there is not
   */
  public float[] meanRow(int query) {
    require("query", query, size());
    double[] sum = new double[size()];
    for (float[][][] layer : weights) {
      for (float[][] head : layer) {
        for (int key = 0; key < sum.length; key++) {
          sum[key] += head[query][key];
        }
      }
    }
    float[] mean = new float[sum.length];
    for (int key = 0; key < mean.length; key++) {
      mean[key] = (float) (sum[key] / ((double) layers() * heads()));
    }
    return mean;
  }

  /** The texts of the units, with a number where one occurs again: {@code the (2)}. */
  public List<String> labels() {
    Map<String, Integer> all = new HashMap<>();
    texts().forEach(text -> all.merge(text.toLowerCase(Locale.ROOT), 1, Integer::sum));
    Map<String, Integer> seen = new HashMap<>();
    List<String> labels = new ArrayList<>();
    for (String text : texts()) {
      String folded = text.toLowerCase(Locale.ROOT);
      int number = seen.merge(folded, 1, Integer::sum);
      labels.add(all.getOrDefault(folded, 1) > 1 ? text + " (" + number + ")" : text);
    }
    return labels;
  }

  /**
   * The same attention between words as people write them: a word gives what its pieces give on
   * average, and gets what they get together, so that rows still sum to one (Clark et al. 2019,
   * section 4.1).
   *
   * @param text what was read, to spell the words
   * @throws IllegalArgumentException for a text that is shorter than what was read
   */
  public AttentionMap words(String text) {
    int read = units.stream().mapToInt(Unit::end).max().orElse(0);
    if (text.length() < read) {
      throw new IllegalArgumentException(
          "text: expected the one that was read, of "
              + read
              + " characters or more, got "
              + text.length());
    }
    List<List<Integer>> groups = new Words(text, units).groups();
    List<Unit> words = groups.stream().map(pieces -> word(text, pieces)).toList();
    float[][][][] merged = new float[layers()][heads()][groups.size()][groups.size()];
    for (int layer = 0; layer < layers(); layer++) {
      for (int head = 0; head < heads(); head++) {
        merge(weights[layer][head], groups, merged[layer][head]);
      }
    }
    return new AttentionMap(words, merged);
  }

  private static void merge(float[][] from, List<List<Integer>> groups, float[][] to) {
    for (int query = 0; query < to.length; query++) {
      for (int key = 0; key < to.length; key++) {
        double sum = 0;
        for (int i : groups.get(query)) {
          for (int j : groups.get(key)) {
            sum += from[i][j];
          }
        }
        to[query][key] = (float) (sum / groups.get(query).size());
      }
    }
  }

  private Unit word(String text, List<Integer> pieces) {
    Unit first = units.get(pieces.getFirst());
    if (first.special()) {
      return first;
    }
    int end = units.get(pieces.getLast()).end();
    String spelt = text.substring(first.start(), end).strip();
    boolean unknown = pieces.stream().anyMatch(piece -> units.get(piece).unknown());
    return new Unit(
        spelt.isEmpty() ? first.text() : spelt, false, unknown, first.word(), first.start(), end);
  }

  /**
   * One head, smaller: the largest weight of each tile, so that no strong one is lost.
   *
   * @param cells {@code [queries][keys]}, as many of one as of the other
   * @param side rows and columns of the result, at most those given
   * @return {@code [side][side]}
   */
  public static float[][] shrink(float[][] cells, int side) {
    float[][] small = new float[side][side];
    for (int i = 0; i < cells.length; i++) {
      for (int j = 0; j < cells.length; j++) {
        int row = i * side / cells.length;
        int column = j * side / cells.length;
        small[row][column] = Math.max(small[row][column], cells[i][j]);
      }
    }
    return small;
  }
}
