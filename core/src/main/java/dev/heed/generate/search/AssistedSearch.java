package dev.heed.generate.search;

import dev.heed.generate.config.DraftOptions;
import dev.heed.generate.logits.ProcessorChain;
import dev.heed.generate.logits.Scores;
import dev.heed.generate.search.Drafter.Draft;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Greedy search or sampling in which a drafter guesses several tokens and the model checks them in
 * one pass: the same tokens as {@link TokenLoop} gives without sampling, the same distribution with
 * it (Leviathan et al. 2023, "Fast Inference from Transformers via Speculative Decoding", section
 * 2.3).
 */
public final class AssistedSearch implements Search {
  private final Decoder decoder;
  private final Drafter drafter;
  private final SearchSettings settings;
  private final ProcessorChain rules;
  private final ProcessorChain cuts;
  private final Uniforms uniforms;
  private final DraftOptions options;
  private Strand strand;
  private Finish finish = Finish.UNFINISHED;
  private int ahead;

  /**
   * A search.
   *
   * @param decoder fresh, of one row; owned
   * @param drafter owned
   * @param prompts a single one
   * @param settings all else; neither beams nor several results
   */
  public AssistedSearch(
      Decoder decoder, Drafter drafter, Prompts prompts, SearchSettings settings) {
    if (prompts.rows() != 1 || decoder.rows() != 1 || prompts.padding()[0] != 0) {
      throw new IllegalArgumentException(
          "assisted search: expected one prompt without padding, got "
              + prompts.rows()
              + "; run one search for each");
    }
    this.decoder = decoder;
    this.drafter = drafter;
    this.settings = settings;
    this.rules = settings.rules();
    this.cuts = settings.cuts();
    this.uniforms = new Uniforms(settings.seed());
    this.options = settings.config().draft();
    this.strand = Strand.of(prompts, settings).getFirst();
    this.ahead = options.numAssistantTokens();
  }

  @Override
  public boolean step() {
    int room = strand.limit() - strand.tokens().size() - 1;
    Draft draft =
        room < 1
            ? new Draft(new int[0], List.of())
            : drafter.guess(strand.tokens(), Math.min(ahead, room), uniforms);
    int[] fresh = strand.tokens().from(decoder.length());
    int[] fed = Arrays.copyOf(fresh, fresh.length + draft.tokens().length);
    System.arraycopy(draft.tokens(), 0, fed, fresh.length, draft.tokens().length);
    double[][] scores = decoder.feed(new int[][] {fed}, Decoder.Wanted.ALL_SCORES).scores()[0];
    int right = 0;
    boolean agreed = true;
    while (agreed && finish == Finish.UNFINISHED) {
      boolean guessed = right < draft.tokens().length;
      double[] probabilities = probabilities(scores[fresh.length - 1 + right]);
      int token = guessed ? check(probabilities, draft, right) : choose(probabilities, 0);
      agreed = guessed && token == draft.tokens()[right];
      right += agreed ? 1 : 0;
      append(token, probabilities);
    }
    decoder.truncate(Math.min(decoder.length(), strand.tokens().size() - 1));
    schedule(right == draft.tokens().length && right > 0);
    return finish == Finish.UNFINISHED;
  }

  private double[] probabilities(double[] scores) {
    rules.process(strand.prefix(), scores);
    if (settings.config().sampling().doSample()) {
      cuts.process(strand.prefix(), scores);
    }
    return Scores.softmax(scores);
  }

  private int choose(double[] probabilities, int draw) {
    return settings.config().sampling().doSample()
        ? Uniforms.draw(probabilities, uniforms.at(0, generated(), draw))
        : Scores.best(probabilities);
  }

  /** The guess where it is right; else the token that stands in its place. */
  private int check(double[] probabilities, Draft draft, int index) {
    if (!settings.config().sampling().doSample()) {
      return Scores.best(probabilities);
    }
    int token = draft.tokens()[index];
    double[] guessed = new double[probabilities.length];
    if (draft.probabilities().isEmpty()) {
      guessed[token] = 1;
    } else {
      guessed = draft.probabilities().get(index);
    }
    if (uniforms.at(0, generated(), 1) * guessed[token] < probabilities[token]) {
      return token;
    }
    double[] rest = new double[probabilities.length];
    double sum = 0;
    for (int i = 0; i < rest.length; i++) {
      rest[i] = Math.max(0, probabilities[i] - guessed[i]);
      sum += rest[i];
    }
    for (int i = 0; i < rest.length; i++) {
      rest[i] /= sum;
    }
    return choose(sum > 0 ? rest : probabilities, 2);
  }

  private void append(int token, double[] probabilities) {
    double logProbability = Math.log(probabilities[token]);
    InvalidScoresException.require(logProbability, 0, generated());
    strand = strand.plus(token, logProbability);
    finish = settings.finish(strand.tokens(), strand.prompt(), strand.limit());
  }

  private int generated() {
    return strand.tokens().size() - strand.prompt();
  }

  private void schedule(boolean allRight) {
    if (options.numAssistantTokensSchedule() != DraftOptions.Schedule.CONSTANT) {
      ahead = allRight ? ahead + 2 : Math.max(1, ahead - 1);
    }
  }

  @Override
  public List<List<Generated>> results() {
    List<List<Generated>> results = new ArrayList<>();
    results.add(List.of(strand.generated(finish)));
    return results;
  }

  @Override
  public void close() {
    try (drafter) {
      decoder.close();
    }
  }
}
