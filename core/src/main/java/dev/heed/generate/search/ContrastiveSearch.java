package dev.heed.generate.search;

import dev.heed.generate.logits.ProcessorChain;
import dev.heed.generate.logits.Scores;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Contrastive search: of the {@code k} likeliest tokens the one with the largest {@code (1-α)·p -
 * α·max cos(h, h_j)}, where {@code h} is the last layer's state of the token and the {@code h_j}
 * those of all positions before it (Su et al. 2022, "A Contrastive Framework for Neural Text
 * Generation", equation 5).
 */
final class ContrastiveSearch implements Search {
  private final Decoder decoder;
  private final SearchSettings settings;
  private final ProcessorChain rules;
  private final Prompts prompts;
  private final double alpha;
  private final int k;
  private final Strand[] strands;
  private final Finish[] finishes;

  /** The running strands, by row. */
  private List<Row> rows = new ArrayList<>();

  private boolean begun;

  /** A strand with the states of all its positions and the scores of what may follow. */
  private record Row(int strand, List<float[]> states, double[] scores) {}

  ContrastiveSearch(Decoder decoder, Prompts prompts, SearchSettings settings) {
    this.decoder = decoder;
    this.settings = settings;
    this.rules = settings.rules();
    this.prompts = prompts;
    this.alpha = settings.config().search().penaltyAlpha();
    this.k = settings.config().sampling().topK();
    if (k < 2) {
      throw new IllegalArgumentException(
          "top_k: expected at least 2 for contrastive search, got " + k);
    }
    this.strands = Strand.of(prompts, settings).toArray(Strand[]::new);
    this.finishes = new Finish[strands.length];
    Arrays.fill(finishes, Finish.UNFINISHED);
  }

  @Override
  public boolean step() {
    if (!begun) {
      begin();
    }
    int width = Math.min(k, decoder.vocabularySize());
    int[] origin = new int[rows.size() * width];
    int[][] tokens = new int[origin.length][];
    double[][] probabilities = new double[rows.size()][];
    for (int r = 0; r < rows.size(); r++) {
      probabilities[r] = probabilities(rows.get(r));
      int[] best = Scores.best(probabilities[r], width);
      for (int c = 0; c < width; c++) {
        origin[r * width + c] = r;
        tokens[r * width + c] = new int[] {best[c]};
      }
    }
    decoder.select(origin);
    Continuation next = decoder.feed(tokens, Decoder.Wanted.LAST_SCORES_AND_STATES);
    List<Row> running = new ArrayList<>();
    List<Integer> kept = new ArrayList<>();
    for (int r = 0; r < rows.size(); r++) {
      int chosen = choose(rows.get(r), probabilities[r], tokens, next, r * width, width);
      if (append(rows.get(r), tokens[chosen][0], probabilities[r])) {
        kept.add(chosen);
        List<float[]> states = rows.get(r).states();
        states.add(next.states()[chosen][0]);
        running.add(new Row(rows.get(r).strand(), states, next.last(chosen)));
      }
    }
    rows = running;
    if (!rows.isEmpty()) {
      decoder.select(kept.stream().mapToInt(Integer::intValue).toArray());
    }
    return !rows.isEmpty();
  }

  private void begin() {
    begun = true;
    Continuation first = decoder.feed(prompts.tokens(), Decoder.Wanted.LAST_SCORES_AND_STATES);
    for (int r = 0; r < strands.length; r++) {
      // what stands for padding is no context
      int start = prompts.padding()[r];
      List<float[]> states = Arrays.asList(first.states()[r]);
      rows.add(new Row(r, new ArrayList<>(states.subList(start, states.size())), first.last(r)));
    }
  }

  private double[] probabilities(Row row) {
    Strand strand = strands[row.strand()];
    rules.process(strand.prefix(), row.scores());
    double[] probabilities = Scores.softmax(row.scores());
    double best = Math.log(probabilities[Scores.best(probabilities)]);
    int generated = strand.tokens().size() - strand.prompt();
    InvalidScoresException.require(best, strand.input(), generated);
    return probabilities;
  }

  private int choose(
      Row row, double[] probabilities, int[][] tokens, Continuation next, int from, int width) {
    int best = from;
    double bestScore = Double.NEGATIVE_INFINITY;
    for (int c = from; c < from + width; c++) {
      double p = probabilities[tokens[c][0]];
      double score = (1 - alpha) * p - alpha * similarity(next.states()[c][0], row.states());
      if (p > 0 && score > bestScore) {
        best = c;
        bestScore = score;
      }
    }
    return best;
  }

  private static double similarity(float[] state, List<float[]> context) {
    double largest = Double.NEGATIVE_INFINITY;
    for (float[] earlier : context) {
      largest = Math.max(largest, dot(state, earlier) / norm(state) / norm(earlier));
    }
    return largest;
  }

  private static double norm(float[] a) {
    return Math.sqrt(dot(a, a));
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }

  /** Appends a token; tells whether the sequence goes on. */
  private boolean append(Row row, int token, double[] probabilities) {
    int s = row.strand();
    strands[s] = strands[s].plus(token, Math.log(probabilities[token]));
    finishes[s] = settings.finish(strands[s].tokens(), strands[s].prompt(), strands[s].limit());
    return finishes[s] == Finish.UNFINISHED;
  }

  @Override
  public List<List<Generated>> results() {
    List<List<Generated>> all = new ArrayList<>();
    for (int s = 0; s < strands.length; s++) {
      all.add(List.of(strands[s].generated(finishes[s])));
    }
    return all;
  }

  @Override
  public void close() {
    decoder.close();
  }
}
