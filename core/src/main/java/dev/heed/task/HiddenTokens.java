package dev.heed.task;

import dev.heed.text.Encoding;
import dev.heed.text.Token;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How probable a masked language model finds each token of a text that it is hidden from, all
 * others given: the pseudo-log-likelihood (Salazar et al., Masked Language Model Scoring, ACL 2020,
 * section 2.1).
 *
 * <p>A text longer than the model is read in windows that overlap, each token in the one in which
 * it has most context.
 */
final class HiddenTokens implements AutoCloseable {
  /** Variants of a window that are made at once: they have a token each that is hidden. */
  private static final int TOGETHER = 64;

  private final TextModel model;
  private final int mask;

  /**
   * Takes a model.
   *
   * @param model closed with this
   * @throws IllegalArgumentException for a tokenizer without a mask token
   */
  HiddenTokens(TextModel model) {
    this.model = model;
    this.mask =
        model
            .mask()
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "text: expected a tokenizer with a mask token, got one without"));
  }

  /** The natural log-probability of each token that is the text's own, in order. */
  double[] logProbabilities(String text) {
    ReadingWindows windows =
        ReadingWindows.of(model.tokenizer().encode(text, null, true), model.longest());
    double[] logs = new double[windows.whole().size()];
    for (int p = 0; p < windows.parts().size(); p++) {
      Encoding part = windows.parts().get(p);
      int[] places = windows.places().get(p);
      List<Integer> here = new ArrayList<>();
      for (int i = 0; i < places.length; i++) {
        if (windows.best()[places[i]] == p && !part.tokens().get(i).special()) {
          here.add(i);
        }
      }
      for (int from = 0; from < here.size(); from += TOGETHER) {
        List<Integer> some = here.subList(from, Math.min(here.size(), from + TOGETHER));
        double[] values = values(part, some);
        for (int i = 0; i < values.length; i++) {
          logs[places[some.get(i)]] = values[i];
        }
      }
    }
    List<Token> all = windows.whole().tokens();
    return java.util.stream.IntStream.range(0, all.size())
        .filter(i -> !all.get(i).special())
        .mapToDouble(i -> logs[i])
        .toArray();
  }

  private double[] values(Encoding part, List<Integer> hidden) {
    List<Encoding> variants = hidden.stream().map(place -> without(part, place)).toList();
    return model
        .read(
            variants,
            (output, row, variant) -> {
              int place = hidden.get(indexOf(variants, variant));
              double[] scores = MaskFiller.scores(output, row, place);
              return scores[part.tokens().get(place).id()] - logSumExp(scores);
            })
        .stream()
        .mapToDouble(Double::doubleValue)
        .toArray();
  }

  /** By identity: two variants may have the same tokens. */
  private static int indexOf(List<Encoding> variants, Encoding variant) {
    for (int i = 0; i < variants.size(); i++) {
      if (variants.get(i) == variant) {
        return i;
      }
    }
    throw new IllegalStateException("a variant that was not asked for");
  }

  private Encoding without(Encoding part, int place) {
    List<Token> tokens = new ArrayList<>(part.tokens());
    tokens.set(place, DecidingWords.masked(tokens.get(place), mask));
    return new Encoding(tokens);
  }

  private static double logSumExp(double[] scores) {
    double most = Arrays.stream(scores).max().orElse(0);
    return most + Math.log(Arrays.stream(scores).map(score -> Math.exp(score - most)).sum());
  }

  @Override
  public void close() {
    model.close();
  }
}
