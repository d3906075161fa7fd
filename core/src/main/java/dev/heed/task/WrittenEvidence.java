package dev.heed.task;

import dev.heed.explain.Evidence;
import dev.heed.explain.Evidence.Aligned;
import dev.heed.explain.Evidence.Marked;
import dev.heed.explain.Evidence.Word;
import dev.heed.generate.Completion;
import dev.heed.generate.TextGenerator;
import dev.heed.generate.search.Generated;
import dev.heed.model.ModelKind;
import dev.heed.text.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Which tokens each token of a written text looked at: cross-attention to what an encoder read, and
 * the decoder's attention to its own sequence, the mean over all layers and heads.
 *
 * <p>Heads that have nothing to look for rest on a token that says nothing, often the first: an
 * attention sink (Xiao et al., ICLR 2024). A token is marked as one where it gets more than 0.3 of
 * the attention of a fifth of all heads or more (the measure of Gu et al., ICLR 2025, section 3.2);
 * the map shows what is on sinks in one column, and of the rest each token's share.
 */
public final class WrittenEvidence {
  /** Heads of which a token is the sink for it to be marked. */
  private static final double FEWEST_HEADS = 0.2;

  /** Larger maps are left out: nobody can read them. */
  private static final int MOST_CELLS = 60_000;

  private WrittenEvidence() {}

  /**
   * The evidence of a text.
   *
   * @param writer that wrote it
   * @param prompt the tokens that it went on from, or that its encoder read
   * @param text what it wrote
   * @throws IllegalArgumentException for a model whose layers have no attention weights
   */
  public static Evidence of(TextGenerator writer, int[] prompt, Completion text) {
    Generated generated = text.generated();
    ReadAttention read = ReadAttention.of(writer, prompt, generated);
    boolean reads = writer.model().kind() == ModelKind.ENCODER_DECODER;
    Tokenizer target = reads ? writer.tokenizer().target() : writer.tokenizer();
    List<String> written = pieces(target, generated.continuation());
    int[] all = generated.tokens().toArray();
    List<String> own = pieces(target, Arrays.copyOf(all, all.length - 1));
    List<Evidence.Part> parts = new ArrayList<>();
    if (reads) {
      add(parts, "What was read", pieces(writer.tokenizer(), prompt), written, read.given());
    }
    add(parts, reads ? "What was written" : "The text so far", own, written, read.own());
    return new Evidence(
        text.text().strip(),
        "The mean over all layers and heads. A sink is a token on which many heads rest: it gets"
            + " more than 0.3 of the attention of so many of them. Its colour is that of the"
            + " strongest other token, and maps show what is on sinks in their first column, of the"
            + " rest each token's share.",
        parts);
  }

  private static void add(
      List<Evidence.Part> parts,
      String heading,
      List<String> tokens,
      List<String> written,
      ReadAttention.Weights weights) {
    boolean[] sink = new boolean[tokens.size()];
    double most = 0;
    double[] mean = new double[tokens.size()];
    for (int i = 0; i < sink.length; i++) {
      int column = i;
      sink[i] = weights.sinks()[i] >= FEWEST_HEADS;
      mean[i] = Arrays.stream(weights.rows()).mapToDouble(row -> row[column]).average().orElse(0);
      most = sink[i] ? most : Math.max(most, mean[i]);
    }
    List<Word> words = new ArrayList<>();
    for (int i = 0; i < sink.length; i++) {
      words.add(
          new Word(
              tokens.get(i),
              sink[i] && most > 0 ? most : mean[i],
              sink[i] ? String.format(Locale.ROOT, "sink of %.0f%%", 100 * weights.sinks()[i]) : "",
              false));
    }
    parts.add(new Marked(heading + ": how much each token was looked at", words));
    if ((long) tokens.size() * written.size() <= MOST_CELLS && !written.isEmpty()) {
      parts.add(
          map(
              heading + ": which tokens each written token looked at",
              tokens,
              written,
              weights.rows(),
              sink));
    }
  }

  private static Aligned map(
      String heading, List<String> tokens, List<String> written, double[][] rows, boolean[] sink) {
    int[] shown = IntStream.range(0, sink.length).filter(i -> !sink[i]).toArray();
    if (shown.length == sink.length) {
      return new Aligned(heading, written, tokens, rows);
    }
    List<String> columns = new ArrayList<>(List.of("sinks"));
    IntStream.of(shown).forEach(i -> columns.add(tokens.get(i)));
    double[][] cells = new double[rows.length][shown.length + 1];
    for (int row = 0; row < rows.length; row++) {
      double rest = IntStream.of(shown).mapToDouble(at(rows[row])).sum();
      double whole = Arrays.stream(rows[row]).sum();
      cells[row][0] = Math.clamp(whole - rest, 0, 1);
      for (int i = 0; i < shown.length; i++) {
        cells[row][i + 1] = rest > 0 ? rows[row][shown[i]] / rest : 0;
      }
    }
    return new Aligned(heading, written, columns, cells);
  }

  private static java.util.function.IntToDoubleFunction at(double[] values) {
    return i -> values[i];
  }

  /** Tokens as they are read, white space made visible where there is nothing else. */
  private static List<String> pieces(Tokenizer tokenizer, int[] ids) {
    return Arrays.stream(ids).mapToObj(id -> piece(tokenizer, id)).toList();
  }

  private static String piece(Tokenizer tokenizer, int id) {
    String text = tokenizer.decode(new long[] {id}, false);
    if (text.isBlank()) {
      text = text.replace("\n", "⏎").replace(" ", "␣");
    }
    return text.isBlank() || text.contains("�")
        ? tokenizer.token(id).orElse("#" + id)
        : text.strip();
  }
}
