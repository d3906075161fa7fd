package dev.heed.explain;

import dev.heed.nn.Trace;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import dev.heed.text.Encoding;
import dev.heed.text.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The exact attention weights of every layer and head, from the units that attend to the units that
 * are attended to.
 *
 * <p>Self-attention is the case in which both are the same: tokens, or words merged from them,
 * moments of a sound, patches of an image. Across, each side has units of its own: the words of a
 * translation and those of its source (Bahdanau et al. 2015, section 3.1), what was written and the
 * moments that were heard, latents and what they read, tokens and the chunks retrieved for them.
 *
 * @param kind whether both sides are the same
 * @param queries what attends
 * @param keys what is attended to
 * @param weights {@code [layer][head][query][key]}; each row of a whole map sums to one
 */
public record AttentionMap(Kind kind, List<Unit> queries, List<Unit> keys, float[][][][] weights) {
  /** The last part of the trace points that hold weights after softmax. */
  private static final String PATTERN = ".pattern";

  /** How vocabularies spell the token that stands for what they do not hold. */
  private static final Set<String> UNKNOWN = Set.of("[UNK]", "<unk>");

  /** Whether what attends is what is attended to. */
  public enum Kind {
    /** One sequence attends to itself. */
    SELF,
    /** One sequence attends to another. */
    CROSS
  }

  /**
   * A token, a word, or a place of what is no text.
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
    /** A token of an encoded text. */
    public static Unit of(Token token) {
      return new Unit(
          token.text(),
          token.special(),
          UNKNOWN.contains(token.text()) && !token.special(),
          token.word(),
          token.start(),
          token.end());
    }

    /**
     * A place of what is no text: a moment, a patch, a latent.
     *
     * @param name as it is shown
     * @param number among the places, from 0
     */
    public static Unit place(String name, int number) {
      return new Unit(name, false, false, number, number, number);
    }

    /** Whether it names something: it is neither special nor punctuation. */
    public boolean hasMeaning() {
      return !special && text.codePoints().anyMatch(Character::isLetterOrDigit);
    }
  }

  /**
   * Copies the lists and checks the sizes.
   *
   * @throws IllegalArgumentException if the weights are not of these units, or layers have not as
   *     many heads each
   */
  public AttentionMap {
    queries = List.copyOf(queries);
    keys = List.copyOf(keys);
    if (weights.length == 0 || weights[0].length == 0) {
      throw new IllegalArgumentException("weights: expected a layer and a head or more, got none");
    }
    for (float[][][] layer : weights) {
      if (layer.length != weights[0].length) {
        throw wrongSize("heads in each layer", weights[0].length, layer.length);
      }
      for (float[][] head : layer) {
        if (head.length != queries.size()) {
          throw wrongSize("rows, one a query", queries.size(), head.length);
        }
        for (float[] row : head) {
          if (row.length != keys.size()) {
            throw wrongSize("columns, one a key", keys.size(), row.length);
          }
        }
      }
    }
    if (kind == Kind.SELF && !queries.equals(keys)) {
      throw new IllegalArgumentException(
          "keys: expected the queries, since it is self-attention, got others; see across");
    }
  }

  private static IllegalArgumentException wrongSize(String what, int expected, int got) {
    return new IllegalArgumentException(
        "weights: expected " + expected + ' ' + what + ", got " + got);
  }

  /**
   * Self-attention.
   *
   * @param units what attends and is attended to
   * @param weights {@code [layer][head][query][key]}
   */
  public AttentionMap(List<Unit> units, float[][][][] weights) {
    this(Kind.SELF, units, units, weights);
  }

  /**
   * Attention of one sequence to another.
   *
   * @param queries what attends
   * @param keys what is attended to
   * @param weights {@code [layer][head][query][key]}
   */
  public static AttentionMap across(List<Unit> queries, List<Unit> keys, float[][][][] weights) {
    return new AttentionMap(Kind.CROSS, queries, keys, weights);
  }

  /**
   * The weights that a trace recorded at its {@code pattern} points, in the order of the run.
   *
   * @param text the run's only text
   * @param trace of a batch of one
   * @throws IllegalArgumentException if it recorded none
   */
  public static AttentionMap of(Encoding text, Trace trace) {
    return new AttentionMap(units(text), weights(trace));
  }

  /** Without the text: {@code [layer][head][query][key]}. */
  static float[][][][] weights(Trace trace) {
    List<float[][][]> layers = new ArrayList<>();
    for (Map.Entry<String, Tensor> point : trace.values().entrySet()) {
      if (needs(point.getKey())) {
        layers.add(heads(point.getValue()));
      }
    }
    if (layers.isEmpty()) {
      throw new IllegalArgumentException(
          "trace: expected recorded points that end in " + PATTERN + ", got none");
    }
    return layers.toArray(float[][][][]::new);
  }

  /** Whether a trace point holds what {@link #of} reads: pass it to {@link Trace#record}. */
  public static boolean needs(String point) {
    return point.endsWith(PATTERN);
  }

  /** The tokens of a text as units. */
  public static List<Unit> units(Encoding text) {
    return text.tokens().stream().map(Unit::of).toList();
  }

  /**
   * One layer's weights of every head.
   *
   * @param pattern {@code [1, H, queries, keys]}
   * @return {@code [head][query][key]}
   */
  public static float[][][] heads(Tensor pattern) {
    int heads = Math.toIntExact(pattern.size(1));
    int queries = Math.toIntExact(pattern.size(2));
    int keys = Math.toIntExact(pattern.size(3));
    float[] all = pattern.to(DType.F32).contiguous().toFloatArray();
    float[][][] rows = new float[heads][queries][keys];
    for (int head = 0, at = 0; head < heads; head++) {
      for (int query = 0; query < queries; query++, at += keys) {
        System.arraycopy(all, at, rows[head][query], 0, keys);
      }
    }
    return rows;
  }

  /** Whether both sides are the same. */
  public boolean isSelf() {
    return kind == Kind.SELF;
  }

  /** How many layers there are. */
  public int layers() {
    return weights.length;
  }

  /** How many heads each layer has. */
  public int heads() {
    return weights[0].length;
  }

  /**
   * The units of both sides.
   *
   * @throws IllegalStateException if each side has its own
   */
  public List<Unit> units() {
    if (!isSelf()) {
      throw new IllegalStateException(
          "units: expected self-attention, got attention across; ask for queries or keys");
    }
    return queries;
  }

  /**
   * How many units each side has.
   *
   * @throws IllegalStateException if each side has its own
   */
  public int size() {
    return units().size();
  }

  /**
   * The texts of the units, in order.
   *
   * @throws IllegalStateException if each side has its own
   */
  public List<String> texts() {
    return units().stream().map(Unit::text).toList();
  }

  /**
   * The texts of the units, with a number where one occurs again: {@code the (2)}.
   *
   * @throws IllegalStateException if each side has its own
   */
  public List<String> labels() {
    return UnitGroup.labels(units());
  }

  /** The labels of what attends; see {@link #labels}. */
  public List<String> queryLabels() {
    return UnitGroup.labels(queries);
  }

  /** The labels of what is attended to; see {@link #labels}. */
  public List<String> keyLabels() {
    return UnitGroup.labels(keys);
  }

  /**
   * One query's weights over all keys; not a copy.
   *
   * @throws IllegalArgumentException for a layer, head or query that there is not
   */
  public float[] row(int layer, int head, int query) {
    require("layer", layer, layers());
    require("head", head, heads());
    require("query", query, queries.size());
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
   * The key that one query gives most, the first of equal ones.
   *
   * @throws IllegalArgumentException for a layer, head or query that there is not, and if there is
   *     no key
   */
  public int strongest(int layer, int head, int query) {
    float[] row = row(layer, head, query);
    require("key", 0, row.length);
    int most = 0;
    for (int key = 1; key < row.length; key++) {
      most = row[key] > row[most] ? key : most;
    }
    return most;
  }

  /**
   * What one query gives each key on average over all layers and heads; sums to one.
   *
   * @throws IllegalArgumentException for a query that there is not
   */
  public float[] meanRow(int query) {
    require("query", query, queries.size());
    double[] sum = new double[keys.size()];
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

  /**
   * The same self-attention between words as people write them: a word gives what its pieces give
   * on average, and gets what they get together, so that rows still sum to one (Clark et al. 2019,
   * section 4.1).
   *
   * @param text what was read, to spell the words
   * @throws IllegalArgumentException for a text that is shorter than what was read
   * @throws IllegalStateException if each side has its own units
   */
  public AttentionMap words(String text) {
    List<UnitGroup> words = new Words(text, units()).groups();
    return grouped(words, words);
  }

  /**
   * The same attention between groups of units: a group gives what its members give on average, and
   * gets what they get together. What is in no group is left out, so that rows may sum to less.
   *
   * @param rows groups of queries
   * @param columns groups of keys
   * @return self-attention if this is and both are the same
   */
  public AttentionMap grouped(List<UnitGroup> rows, List<UnitGroup> columns) {
    float[][][][] merged = new float[layers()][heads()][][];
    for (int layer = 0; layer < layers(); layer++) {
      for (int head = 0; head < heads(); head++) {
        merged[layer][head] = UnitGroup.merge(weights[layer][head], rows, columns);
      }
    }
    boolean same = isSelf() && rows.equals(columns);
    return new AttentionMap(
        same ? Kind.SELF : Kind.CROSS, UnitGroup.units(rows), UnitGroup.units(columns), merged);
  }

  /**
   * One head, smaller: the largest weight of each tile, so that no strong one is lost.
   *
   * @param cells {@code [queries][keys]}
   * @param side the most rows and the most columns of the result
   * @return at most {@code [side][side]}
   */
  public static float[][] shrink(float[][] cells, int side) {
    int columns = cells.length == 0 ? 0 : cells[0].length;
    float[][] small = new float[Math.min(side, cells.length)][Math.min(side, columns)];
    for (int i = 0; i < cells.length; i++) {
      for (int j = 0; j < columns; j++) {
        int row = i * small.length / cells.length;
        int column = j * small[row].length / columns;
        small[row][column] = Math.max(small[row][column], cells[i][j]);
      }
    }
    return small;
  }
}
