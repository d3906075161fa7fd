package dev.heed.task;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Says a text in fewer words by its own sentences: those that are most like all others by their
 * vectors.
 *
 * <p>A sentence's weight is its share in where a walk ends that goes on to another sentence as
 * often as both are alike, and anywhere at random with probability 0.15: continuous LexRank (Erkan
 * and Radev, LexRank: Graph-based Lexical Centrality as Salience in Text Summarization, JAIR 2004,
 * section 3.3), with cosines of sentence vectors in place of those of words.
 *
 * <p>Any number of threads may use it at once.
 */
public final class SentencePicker implements AutoCloseable {
  private static final double RANDOM = 0.15;
  private static final int MOST_STEPS = 1000;
  private static final double STILL = 1e-10;

  private final Embedder embedder;

  /**
   * Takes vectors of an encoder.
   *
   * @param embedder owned by the picker from now on
   */
  public SentencePicker(Embedder embedder) {
    this.embedder = embedder;
  }

  /** With the encoder that Heed carries. */
  public static SentencePicker open() {
    return new SentencePicker(Embedder.open());
  }

  /**
   * A sentence that was picked.
   *
   * @param text without white space around it
   * @param place among the text's sentences, from 0
   * @param weight its share; those of all sentences of the text sum to 1
   */
  public record Picked(String text, int place, double weight) {}

  /**
   * The sentences with most weight, in the order of the text.
   *
   * @param count how many at most, from 1
   * @return none for a text without sentences
   */
  public List<Picked> pick(String text, int count) {
    return pick(TextChunks.sentences(text), count);
  }

  /** The same of sentences that are known. */
  public List<Picked> pick(List<String> sentences, int count) {
    if (count < 1) {
      throw new IllegalArgumentException("sentences: expected 1 or more, got " + count);
    }
    if (sentences.isEmpty()) {
      return List.of();
    }
    double[] weights = weights(embedder.embed(sentences));
    return IntStream.range(0, weights.length)
        .mapToObj(i -> new Picked(sentences.get(i), i, weights[i]))
        .sorted(Comparator.comparingDouble(Picked::weight).reversed())
        .limit(count)
        .sorted(Comparator.comparingInt(Picked::place))
        .toList();
  }

  /** Where the walk ends. */
  static double[] weights(List<float[]> vectors) {
    int size = vectors.size();
    double[][] steps = new double[size][size];
    for (int i = 0; i < size; i++) {
      for (int j = 0; j < size; j++) {
        steps[i][j] = Math.max(0, Embedder.similarity(vectors.get(i), vectors.get(j)));
      }
      double sum = Arrays.stream(steps[i]).sum();
      for (int j = 0; j < size; j++) {
        steps[i][j] = sum > 0 ? steps[i][j] / sum : 1.0 / size;
      }
    }
    double[] now = new double[size];
    Arrays.fill(now, 1.0 / size);
    double moved = 1;
    for (int step = 0; step < MOST_STEPS && moved > STILL; step++) {
      double[] next = new double[size];
      Arrays.fill(next, RANDOM / size);
      for (int i = 0; i < size; i++) {
        for (int j = 0; j < size; j++) {
          next[j] += (1 - RANDOM) * now[i] * steps[i][j];
        }
      }
      moved = 0;
      for (int i = 0; i < size; i++) {
        moved = Math.max(moved, Math.abs(next[i] - now[i]));
      }
      now = next;
    }
    return now;
  }

  /** The picked sentences as one text. */
  public static String joined(List<Picked> picked) {
    List<String> texts = new ArrayList<>();
    picked.forEach(each -> texts.add(each.text()));
    return String.join(" ", texts);
  }

  @Override
  public void close() {
    embedder.close();
  }
}
