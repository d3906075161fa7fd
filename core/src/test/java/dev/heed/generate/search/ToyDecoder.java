package dev.heed.generate.search;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * A model without weights: the scores after a sequence are random numbers seeded by its last few
 * tokens, so that each sequence has scores of its own, whatever batch it runs in.
 */
final class ToyDecoder implements JoinableDecoder {
  private final int vocabulary;
  private final long seed;
  private final int memory;
  private List<List<Integer>> rows = new ArrayList<>();
  private int[] padding;
  private int length;
  private int calls;
  private boolean closed;

  /** Rows without tokens; of each row's first tokens so many are filling. */
  ToyDecoder(int vocabulary, long seed, int memory, int... padding) {
    this.vocabulary = vocabulary;
    this.seed = seed;
    this.memory = memory;
    this.padding = padding.clone();
    for (int i = 0; i < padding.length; i++) {
      rows.add(new ArrayList<>());
    }
  }

  /** Log-probabilities up to a constant of what follows a sequence without filling. */
  double[] scores(List<Integer> sequence) {
    List<Integer> last = sequence.subList(Math.max(0, sequence.size() - memory), sequence.size());
    Random random = new Random(seed * 31 + last.hashCode() * 7919L);
    random.nextLong();
    return random.doubles(vocabulary, -3, 3).toArray();
  }

  int calls() {
    return calls;
  }

  boolean closed() {
    return closed;
  }

  @Override
  public int rows() {
    return rows.size();
  }

  @Override
  public int length() {
    return length;
  }

  @Override
  public int vocabularySize() {
    return vocabulary;
  }

  @Override
  public Continuation feed(int[][] tokens, Wanted wanted) {
    if (tokens.length != rows.size()) {
      throw new AssertionError("fed " + tokens.length + " rows of " + rows.size());
    }
    calls++;
    int n = tokens[0].length;
    double[][][] scores = new double[rows.size()][wanted == Wanted.ALL_SCORES ? n : 1][];
    float[][][] states = new float[rows.size()][n][];
    for (int r = 0; r < rows.size(); r++) {
      for (int i = 0; i < n; i++) {
        rows.get(r).add(tokens[r][i]);
        List<Integer> own =
            rows.get(r).subList(Math.min(padding[r], rows.get(r).size()), rows.get(r).size());
        double[] row = scores(own);
        states[r][i] = new float[] {(float) row[0], (float) row[1], tokens[r][i]};
        if (wanted == Wanted.ALL_SCORES) {
          scores[r][i] = row;
        } else {
          scores[r][0] = row;
        }
      }
    }
    length += n;
    return new Continuation(
        scores, wanted == Wanted.LAST_SCORES_AND_STATES ? states : new float[0][][]);
  }

  @Override
  public void select(int[] chosen) {
    List<List<Integer>> before = rows;
    rows = new ArrayList<>();
    int[] paddingBefore = padding;
    padding = Arrays.stream(chosen).map(r -> paddingBefore[r]).toArray();
    for (int r : chosen) {
      rows.add(new ArrayList<>(before.get(r)));
    }
  }

  @Override
  public void join(JoinableDecoder joined) {
    ToyDecoder other = (ToyDecoder) joined;
    int longest = Math.max(length, other.length);
    List<List<Integer>> all = new ArrayList<>(rows);
    all.addAll(other.rows);
    int[] filling = Arrays.copyOf(padding, all.size());
    for (int r = 0; r < all.size(); r++) {
      int missing = longest - all.get(r).size();
      List<Integer> row = new ArrayList<>(java.util.Collections.nCopies(missing, 0));
      row.addAll(all.get(r));
      filling[r] = missing + (r < padding.length ? padding[r] : other.padding[r - padding.length]);
      all.set(r, row);
    }
    rows = all;
    padding = filling;
    length = longest;
    other.close();
  }

  @Override
  public void truncate(int shorter) {
    if (shorter > length) {
      throw new AssertionError("truncated " + length + " to " + shorter);
    }
    length = shorter;
    rows.replaceAll(row -> new ArrayList<>(row.subList(0, shorter)));
  }

  @Override
  public void close() {
    closed = true;
  }
}
