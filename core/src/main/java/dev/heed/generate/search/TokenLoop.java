package dev.heed.generate.search;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Greedy search, which takes the best token, and sampling, which draws one: every sequence goes its
 * own way, and leaves the batch when it ends.
 */
final class TokenLoop implements Search {
  private final Decoder decoder;
  private final SearchSettings settings;
  private final TokenChooser chooser;
  private final int[][] prompts;
  private final Strand[] strands;
  private final Finish[] finishes;
  private final int results;

  /** Which strand each row of the decoder is. */
  private int[] rows;

  TokenLoop(Decoder decoder, Prompts prompts, SearchSettings settings) {
    this.decoder = decoder;
    this.settings = settings;
    this.chooser = new TokenChooser(settings);
    this.prompts = prompts.tokens();
    this.results = settings.config().search().numReturnSequences();
    List<Strand> all = new ArrayList<>();
    for (Strand strand : Strand.of(prompts, settings)) {
      for (int i = 0; i < results; i++) {
        all.add(strand);
      }
    }
    this.strands = all.toArray(Strand[]::new);
    this.finishes = new Finish[strands.length];
    Arrays.fill(finishes, Finish.UNFINISHED);
    this.rows = new int[0];
  }

  @Override
  public boolean step() {
    Continuation next = rows.length == 0 ? begin() : advance();
    List<Integer> running = new ArrayList<>();
    for (int r = 0; r < rows.length; r++) {
      int s = rows[r];
      strands[s] = chooser.choose(strands[s], s, next.last(r));
      finishes[s] = settings.finish(strands[s].tokens(), strands[s].prompt(), strands[s].limit());
      if (finishes[s] == Finish.UNFINISHED) {
        running.add(r);
      }
    }
    if (!running.isEmpty() && running.size() < rows.length) {
      int[] kept = running.stream().mapToInt(Integer::intValue).toArray();
      decoder.select(kept);
      rows = Arrays.stream(kept).map(r -> rows[r]).toArray();
    }
    return !running.isEmpty();
  }

  /** Reads the prompts, then doubles their rows where several results are wanted. */
  private Continuation begin() {
    Continuation first = decoder.feed(prompts, Decoder.Wanted.LAST_SCORES);
    rows = new int[strands.length];
    double[][][] scores = new double[rows.length][][];
    int[] origin = new int[rows.length];
    for (int s = 0; s < rows.length; s++) {
      rows[s] = s;
      origin[s] = s / results;
      scores[s] = new double[][] {first.last(origin[s]).clone()};
    }
    if (results > 1) {
      decoder.select(origin);
    }
    return new Continuation(scores);
  }

  private Continuation advance() {
    int[][] last = new int[rows.length][];
    for (int r = 0; r < rows.length; r++) {
      last[r] = new int[] {strands[rows[r]].tokens().last()};
    }
    return decoder.feed(last, Decoder.Wanted.LAST_SCORES);
  }

  @Override
  public List<List<Generated>> results() {
    List<List<Generated>> all = new ArrayList<>();
    for (int s = 0; s < strands.length; s += results) {
      List<Generated> ofInput = new ArrayList<>();
      for (int i = s; i < s + results; i++) {
        ofInput.add(strands[i].generated(finishes[i]));
      }
      all.add(ofInput);
    }
    return all;
  }

  @Override
  public void close() {
    decoder.close();
  }
}
