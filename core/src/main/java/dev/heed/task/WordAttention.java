package dev.heed.task;

import dev.heed.evaluate.AlignmentScore.Link;
import dev.heed.explain.AttentionMap.Unit;
import dev.heed.text.Token;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How much each word of a given translation attends to each word of its source, in each head of
 * each layer.
 *
 * <p>A word's attention to another is the sum over the other's tokens, the mean over its own. A
 * token can be looked for where it is written, or one place later, where it is read: that often
 * says more (Chen et al., Accurate Word Alignment Induction from Neural Machine Translation, EMNLP
 * 2020, section 3).
 *
 * @param layers {@code [layer][head][target word][source word]}
 */
@SuppressWarnings("ArrayRecordComponent") // numbers to choose among, no map's key
public record WordAttention(double[][][][] layers) {
  private static final Pattern WORD =
      Pattern.compile("[\\p{L}\\p{M}\\p{Nd}]+['’]?|[^\\p{L}\\p{M}\\p{Nd}\\p{Z}\\s]");

  /** A word's place in its text, in characters. */
  record Span(int start, int end) {
    boolean touches(int from, int to) {
      return from < end && start < to;
    }
  }

  /**
   * Where the words of a text are: letters and digits with the apostrophe behind them, or one other
   * character.
   */
  static List<Span> words(String text) {
    List<Span> words = new ArrayList<>();
    Matcher matcher = WORD.matcher(text);
    while (matcher.find()) {
      words.add(new Span(matcher.start(), matcher.end()));
    }
    return words;
  }

  /** The tokens of each word of a source that is read with so many tokens before it. */
  static List<List<Integer>> ofTokens(List<Span> words, List<Token> tokens, int shift) {
    List<List<Integer>> all = new ArrayList<>();
    for (Span word : words) {
      List<Integer> own = new ArrayList<>();
      for (int i = 0; i < tokens.size(); i++) {
        if (!tokens.get(i).special() && word.touches(tokens.get(i).start(), tokens.get(i).end())) {
          own.add(i + shift);
        }
      }
      all.add(own);
    }
    return all;
  }

  /** The tokens of each word of a text that a model is made to write. */
  static List<List<Integer>> ofUnits(List<Span> words, List<Unit> units) {
    List<List<Integer>> all = new ArrayList<>();
    for (Span word : words) {
      List<Integer> own = new ArrayList<>();
      for (int i = 0; i < units.size(); i++) {
        if (word.touches(units.get(i).start(), units.get(i).end())) {
          own.add(i);
        }
      }
      all.add(own);
    }
    return all;
  }

  /**
   * One head's attention between words.
   *
   * @param rows {@code [target token][source token]}
   * @param later by how many rows a token is looked for later
   */
  static double[][] between(
      double[][] rows, List<List<Integer>> target, List<List<Integer>> source, int later) {
    double[][] words = new double[target.size()][source.size()];
    for (int t = 0; t < words.length; t++) {
      for (int token : target.get(t)) {
        double[] row = rows[Math.min(rows.length - 1, token + later)];
        for (int s = 0; s < words[t].length; s++) {
          for (int read : source.get(s)) {
            words[t][s] += row[read] / target.get(t).size();
          }
        }
      }
    }
    return words;
  }

  /** The head's links: each word of the target to the one of the source that it attends to most. */
  public Set<Link> links(int layer, int head) {
    return links(layers[layer][head]);
  }

  /** The links of the mean over all heads of all layers. */
  public Set<Link> meanLinks() {
    int targets = layers[0][0].length;
    double[][] mean = new double[targets][];
    for (int t = 0; t < targets; t++) {
      mean[t] = new double[layers[0][0][t].length];
      for (double[][][] layer : layers) {
        for (double[][] head : layer) {
          for (int s = 0; s < mean[t].length; s++) {
            mean[t][s] += head[t][s];
          }
        }
      }
    }
    return links(mean);
  }

  private static Set<Link> links(double[][] words) {
    Set<Link> links = new HashSet<>();
    for (int t = 0; t < words.length; t++) {
      int best = 0;
      for (int s = 1; s < words[t].length; s++) {
        best = words[t][s] > words[t][best] ? s : best;
      }
      if (words[t].length > 0) {
        links.add(new Link(best, t));
      }
    }
    return links;
  }
}
