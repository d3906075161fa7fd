package dev.heed.explain;

import dev.heed.tensor.Tensor;
import dev.heed.text.Encoding;
import dev.heed.text.Token;
import dev.heed.text.Tokenizer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * What heads do on texts that were made to tell: the kinds that one text at hand cannot show.
 *
 * <p>All are mean weights, {@code [layer][head]}, from 0 to 1.
 *
 * @param induction in random tokens that come twice: from a token of the second half to what
 *     followed it in the first (Olsson et al., In-context Learning and Induction Heads, 2022:
 *     prefix matching)
 * @param duplicate in those: from a token of the second half to itself in the first
 * @param antecedent in {@value #SENTENCES} English sentences whose pronoun agrees with one of two
 *     nouns in gender or number: from the pronoun to that one (Clark et al., What Does BERT Look
 *     At?, 2019, section 4.2)
 * @param other in those: to the other one, which stands before the right one as often as after it
 */
public record HeadProbe(
    double[][] induction, double[][] duplicate, double[][] antecedent, double[][] other) {
  /** How many sentences there are. */
  static final int SENTENCES = 20;

  private static final int HALF = 24;
  private static final int REPETITIONS = 3;

  /** Runs the model over all of them. */
  public static HeadProbe of(AttentionCapture capture) {
    List<float[][][][]> repeated = new ArrayList<>();
    Encoding frame = capture.tokenizer().encode("a");
    int first = first(frame);
    int half = Math.min(HALF, (capture.longest() - frame.size()) / 2);
    for (int i = 0; i < REPETITIONS && half > 1; i++) {
      repeated.add(capture.weights(twice(capture, frame, half, i)));
    }
    List<Pronoun> pronouns = pronouns();
    List<AttentionMap> read =
        pronouns.stream().map(one -> capture.read(one.text()).words(one.text())).toList();
    int from = first + half;
    return new HeadProbe(
        means(repeated, (weights, query) -> weights[query - half + 1], from, from + half),
        means(repeated, (weights, query) -> weights[query - half], from, from + half),
        links(pronouns, read, Pronoun::antecedent),
        links(pronouns, read, Pronoun::other));
  }

  /** Where the text begins in what a tokenizer puts around it. */
  private static int first(Encoding frame) {
    List<Token> tokens = frame.tokens();
    return (int) tokens.stream().takeWhile(Token::special).count();
  }

  private static long[] twice(AttentionCapture capture, Encoding frame, int half, int seed) {
    Tokenizer tokenizer = capture.tokenizer();
    Tensor table = capture.model().tokenTable();
    // a tokenizer may know more tokens than the model has vectors for
    int known =
        (int) Math.min(tokenizer.vocabularySize(), table == null ? Long.MAX_VALUE : table.size(0));
    Random random = new Random(seed);
    long[] drawn = new long[half];
    for (int i = 0; i < half; i++) {
      int id = random.nextInt(known);
      while (tokenizer.isSpecial(id) || tokenizer.token(id).isEmpty()) {
        id = (id + 1) % known;
      }
      drawn[i] = id;
    }
    List<Long> ids = new ArrayList<>();
    int first = first(frame);
    frame.tokens().subList(0, first).forEach(token -> ids.add((long) token.id()));
    for (int copy = 0; copy < 2; copy++) {
      for (long id : drawn) {
        ids.add(id);
      }
    }
    frame.tokens().stream()
        .skip(first)
        .filter(Token::special)
        .forEach(token -> ids.add((long) token.id()));
    return ids.stream().mapToLong(Long::longValue).toArray();
  }

  @FunctionalInterface
  private interface Weight {
    double of(float[] weights, int query);
  }

  private static double[][] means(List<float[][][][]> maps, Weight weight, int from, int to) {
    if (maps.isEmpty()) {
      return new double[0][];
    }
    double[][] means = new double[maps.getFirst().length][maps.getFirst()[0].length];
    for (float[][][][] map : maps) {
      for (int layer = 0; layer < means.length; layer++) {
        for (int head = 0; head < means[layer].length; head++) {
          float[][] rows = map[layer][head];
          double sum = IntStream.range(from, to).mapToDouble(q -> weight.of(rows[q], q)).sum();
          means[layer][head] += sum / ((double) (to - from) * maps.size());
        }
      }
    }
    return means;
  }

  private record Pronoun(String text, String pronoun, String antecedent, String other) {}

  private static double[][] links(
      List<Pronoun> pronouns,
      List<AttentionMap> read,
      java.util.function.Function<Pronoun, String> to) {
    double[][] means = new double[read.getFirst().layers()][read.getFirst().heads()];
    for (int i = 0; i < read.size(); i++) {
      AttentionMap map = read.get(i);
      int query = place(map, pronouns.get(i).pronoun());
      int key = place(map, to.apply(pronouns.get(i)));
      for (int layer = 0; layer < means.length; layer++) {
        for (int head = 0; head < means[layer].length; head++) {
          means[layer][head] += map.row(layer, head, query)[key] / (double) read.size();
        }
      }
    }
    return means;
  }

  private static int place(AttentionMap map, String word) {
    return FocusChoice.find(map, word)
        .orElseThrow(() ->
            new IllegalStateException("expected " + word + " in " + map.texts() + ", got none"));
  }

  private static List<Pronoun> pronouns() {
    try (InputStream in =
            Objects.requireNonNull(HeadProbe.class.getResourceAsStream("pronouns.tsv"));
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      return lines
          .lines()
          .map(line -> line.split("\t"))
          .map(part -> new Pronoun(part[0], part[1], part[2], part[3]))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
