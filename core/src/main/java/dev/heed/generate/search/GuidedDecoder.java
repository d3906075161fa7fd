package dev.heed.generate.search;

import dev.heed.generate.logits.Guidance;
import dev.heed.generate.logits.Scores;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A decoder under classifier-free guidance: beside each sequence another one runs that begins with
 * a negative prompt and takes the same tokens; the scores are those of {@link Guidance} on the
 * log-probabilities of both.
 */
public final class GuidedDecoder implements Decoder {
  private final Decoder conditional;
  private final Decoder unconditional;
  private final int[][] negativePrompts;
  private final Guidance guidance;

  /** How much longer the sequences beside are; known once the prompts were fed. */
  private int difference;

  /**
   * A decoder of two.
   *
   * @param conditional fresh; owned
   * @param unconditional fresh, of the same model and as many rows; owned
   * @param negativePrompts what its rows begin with
   * @param guidance how the scores are mixed
   */
  public GuidedDecoder(
      Decoder conditional, Decoder unconditional, Prompts negativePrompts, Guidance guidance) {
    if (conditional.rows() != unconditional.rows()
        || negativePrompts.rows() != unconditional.rows()) {
      throw new IllegalArgumentException(
          "guidance: expected a negative prompt for each of "
              + conditional.rows()
              + " rows, got "
              + negativePrompts.rows());
    }
    this.conditional = conditional;
    this.unconditional = unconditional;
    this.negativePrompts = negativePrompts.tokens();
    this.guidance = guidance;
  }

  @Override
  public int rows() {
    return conditional.rows();
  }

  @Override
  public int length() {
    return conditional.length();
  }

  @Override
  public int vocabularySize() {
    return conditional.vocabularySize();
  }

  @Override
  public Continuation feed(int[][] tokens, Wanted wanted) {
    boolean first = conditional.length() == 0;
    if (first && wanted == Wanted.ALL_SCORES) {
      throw new IllegalArgumentException(
          "guidance: expected scores after the prompts alone, got a wish for those within them;"
              + " assisted search and guidance exclude each other");
    }
    Continuation with = conditional.feed(tokens, wanted);
    Continuation without = unconditional.feed(first ? negativePrompts : tokens, wanted);
    if (first) {
      difference = unconditional.length() - conditional.length();
    }
    List<double[][]> mixed = new ArrayList<>();
    for (int r = 0; r < tokens.length; r++) {
      double[][] row = new double[with.scores()[r].length][];
      for (int i = 0; i < row.length; i++) {
        double[] c = with.scores()[r][i];
        double[] u = without.scores()[r][i];
        Scores.logSoftmax(c);
        Scores.logSoftmax(u);
        row[i] = guidance.mix(c, u);
      }
      mixed.add(row);
    }
    return new Continuation(mixed.toArray(double[][][]::new), with.states());
  }

  @Override
  public void select(int[] rows) {
    conditional.select(rows);
    unconditional.select(Arrays.copyOf(rows, rows.length));
  }

  @Override
  public void truncate(int length) {
    conditional.truncate(length);
    unconditional.truncate(length + difference);
  }

  @Override
  public void close() {
    try (unconditional) {
      conditional.close();
    }
  }
}
