package dev.heed.task;

import dev.heed.explain.Evidence;
import dev.heed.explain.Evidence.Word;
import dev.heed.model.ModelFiles;
import dev.heed.tensor.DType;
import dev.heed.text.Encoding;
import dev.heed.text.Token;
import dev.heed.text.TokenRole;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Finds the part of a text that answers a question, or that there is none.
 *
 * <p>The score of a part is {@code start logit + end logit} (Devlin et al. 2019, section 4.2), that
 * of no answer the same of the first token, the least over all windows (section 4.3). A text longer
 * than the model is read in windows that overlap; an answer begins in the one in which its first
 * token has most context. Probabilities are the softmax over the answers that are kept.
 *
 * <p>Immutable; any number of threads may use it at once.
 */
public final class AnswerFinder implements AutoCloseable {
  private final TextModel model;

  private AnswerFinder(TextModel model) {
    this.model = model;
  }

  /**
   * How answers are looked for.
   *
   * @param most answers that are kept, from 1; as many starts and ends of each window are tried
   * @param longest tokens of an answer, from 1
   * @param mayBeNone whether no answer is one
   * @param threshold by how much no answer must score above the best one
   */
  public record Options(int most, int longest, boolean mayBeNone, double threshold) {
    /** Those of SQuAD 1.1's program: 20 answers of at most 30 tokens, one of which is right. */
    public static final Options USUAL = new Options(20, 30, false, 0);

    /** Checks the numbers. */
    public Options {
      if (most < 1 || longest < 1) {
        throw new IllegalArgumentException(
            "answer: expected numbers from 1, got most " + most + " and longest " + longest);
      }
    }

    /** The same where there may be no answer. */
    public Options orNone() {
      return new Options(most, longest, true, threshold);
    }
  }

  /**
   * An answer.
   *
   * @param text what stands in the text; empty for no answer
   * @param start its first character
   * @param end one past its last
   * @param score the sum of both logits
   * @param probability among the answers that are kept
   */
  public record Answer(String text, int start, int end, double score, double probability) {}

  /**
   * The answers to a question.
   *
   * @param answers best first
   * @param noAnswer the score of no answer
   */
  public record Answers(List<Answer> answers, double noAnswer) {
    /** Copies the list. */
    public Answers {
      answers = List.copyOf(answers);
    }

    /** The best one. */
    public Answer best() {
      return answers.getFirst();
    }
  }

  /** A span of tokens of the whole encoding, in a part. */
  private record Candidate(int part, int first, int last, double score) {}

  /** Opens a folder, its weights as they are stored; see {@link #open(ModelFiles, DType)}. */
  public static AnswerFinder open(Path folder) {
    return open(ModelFiles.folder(folder), null);
  }

  /**
   * Opens a checkpoint.
   *
   * @param dtype what weights are converted to, or null for their own type
   * @return owned by the caller
   * @throws dev.heed.checkpoint.CheckpointException for missing, invalid or unsupported files, and
   *     for a model without a head for spans
   */
  public static AnswerFinder open(ModelFiles files, @Nullable DType dtype) {
    return new AnswerFinder(TextModel.open(files, dtype, Task.ANSWER));
  }

  /** The answers that a text gives to a question. */
  public Answers find(String question, String text) {
    return find(question, text, Options.USUAL);
  }

  /**
   * The answers that a text gives to a question.
   *
   * @throws IllegalArgumentException if the question leaves no room for the text, or the text is
   *     empty and no answer is none
   */
  public Answers find(String question, String text, Options options) {
    return find(List.of(new TextPair(question, text)), options).getFirst();
  }

  /**
   * The answers to several questions.
   *
   * @param pairs a question and its text each
   */
  public List<Answers> find(List<TextPair> pairs, Options options) {
    List<ReadingWindows> windows = pairs.stream().map(this::windows).toList();
    List<double[][]> scores =
        scores(windows.stream().flatMap(each -> each.parts().stream()).toList());
    List<Answers> all = new ArrayList<>();
    int from = 0;
    for (int i = 0; i < pairs.size(); i++) {
      int to = from + windows.get(i).parts().size();
      all.add(
          answers(pairs.get(i).secondOrEmpty(), windows.get(i), scores.subList(from, to), options));
      from = to;
    }
    return all;
  }

  private ReadingWindows windows(TextPair pair) {
    if (pair.second() == null) {
      throw new IllegalArgumentException("answer: expected a question and a text, got one");
    }
    return ReadingWindows.of(
        model.tokenizer().encode(pair.first(), pair.second()), model.longest());
  }

  /** The logits of starts and ends of each text. */
  private List<double[][]> scores(List<Encoding> texts) {
    return model.read(
        texts,
        (output, row, text) ->
            new double[][] {
              TextModel.row(output.require("start_logits"), row),
              TextModel.row(output.require("end_logits"), row)
            });
  }

  private Answers answers(
      String text, ReadingWindows windows, List<double[][]> scores, Options options) {
    List<Candidate> found = new ArrayList<>();
    double none = Double.POSITIVE_INFINITY;
    for (int part = 0; part < scores.size(); part++) {
      int first = first(windows.parts().get(part));
      double[][] logits = scores.get(part);
      none = Math.min(none, logits[0][first] + logits[1][first]);
      found.addAll(candidates(windows, part, logits, options));
    }
    found.sort(Comparator.comparingDouble(Candidate::score).reversed());
    List<Answer> kept = new ArrayList<>();
    for (Candidate each : found) {
      int start = windows.whole().tokens().get(each.first()).start();
      int end = windows.whole().tokens().get(each.last()).end();
      while (start < end && Character.isWhitespace(text.charAt(start))) {
        start++;
      }
      int from = start;
      boolean known = kept.stream().anyMatch(a -> a.start() == from && a.end() == end);
      if (!known && kept.size() < options.most() && start < end) {
        kept.add(new Answer(text.substring(start, end), start, end, each.score(), 0));
      }
    }
    if (options.mayBeNone()) {
      boolean better = kept.isEmpty() || none - kept.getFirst().score() > options.threshold();
      Answer nothing = new Answer("", 0, 0, none, 0);
      kept.add(better ? 0 : place(kept, none), nothing);
    }
    if (kept.isEmpty()) {
      throw new IllegalArgumentException(
          "answer: expected a text with an answer in it, got none; allow no answer");
    }
    double[] shares = Probabilities.softmax(kept.stream().mapToDouble(Answer::score).toArray());
    return new Answers(
        IntStream.range(0, kept.size())
            .mapToObj(i -> {
              Answer a = kept.get(i);
              return new Answer(a.text(), a.start(), a.end(), a.score(), shares[i]);
            })
            .toList(),
        none);
  }

  /** Behind the best one and all that score higher. */
  private static int place(List<Answer> kept, double score) {
    int place = 1;
    while (place < kept.size() && kept.get(place).score() >= score) {
      place++;
    }
    return place;
  }

  /** Where the token stands that stands for the whole: {@code [CLS]}, or the first. */
  private int first(Encoding part) {
    OptionalInt id = model.tokenizer().id(TokenRole.CLS);
    return IntStream.range(0, part.size())
        .filter(i -> id.isPresent() && part.tokens().get(i).id() == id.getAsInt())
        .findFirst()
        .orElse(0);
  }

  private static List<Candidate> candidates(
      ReadingWindows windows, int part, double[][] logits, Options options) {
    List<Token> tokens = windows.parts().get(part).tokens();
    int[] places = windows.places().get(part);
    int[] starts = best(logits[0], tokens, options.most());
    int[] ends = best(logits[1], tokens, options.most());
    List<Candidate> found = new ArrayList<>();
    for (int start : starts) {
      if (windows.best()[places[start]] != part) {
        continue;
      }
      for (int end : ends) {
        if (end >= start && end - start < options.longest()) {
          found.add(
              new Candidate(part, places[start], places[end], logits[0][start] + logits[1][end]));
        }
      }
    }
    return found;
  }

  /** The places of the text with the highest scores. */
  private static int[] best(double[] scores, List<Token> tokens, int most) {
    return Arrays.stream(Probabilities.order(Arrays.copyOf(scores, tokens.size())))
        .filter(i -> tokens.get(i).sequence() == 1)
        .limit(most)
        .toArray();
  }

  /**
   * The answer within its text, and the words that it stands on: how far the sum of its logits
   * falls without each.
   */
  public Evidence explain(String question, String text, Options options) {
    Answer best = find(question, text, options).best();
    ReadingWindows windows = windows(new TextPair(question, text));
    String title =
        String.format(
            Locale.ROOT,
            "%s %.3f",
            best.text().isEmpty() ? "no answer" : best.text(),
            best.probability());
    List<Evidence.Part> parts = new ArrayList<>();
    List<Word> marked = new ArrayList<>();
    for (TextWord word : TextWord.of(windows.whole(), question, text)) {
      boolean inside =
          word.sequence() == 1 && word.start() < best.end() && word.end() > best.start();
      if (word.sequence() == 1) {
        marked.add(new Word(word.in(question, text), inside ? 1 : 0));
      }
    }
    parts.add(new Evidence.Marked("The answer in its text", marked));
    if (windows.parts().size() == 1 && model.mask().isPresent()) {
      Encoding whole = windows.whole();
      int start = best.text().isEmpty() ? first(whole) : token(whole, best.start(), true);
      int end = best.text().isEmpty() ? start : token(whole, best.end(), false);
      parts.add(
          new Evidence.Marked(
              "Words for and against it; the text begins on a line of its own",
              DecidingWords.of(
                  whole,
                  question,
                  text,
                  model.mask(),
                  variants ->
                      scores(variants).stream()
                          .mapToDouble(each -> each[0][start] + each[1][end])
                          .toArray())));
    }
    return new Evidence(
        title, "How much the score falls where a word is hidden: strong colours decided.", parts);
  }

  /** The token of the text that begins, or ends, at a character. */
  private static int token(Encoding whole, int character, boolean begins) {
    return IntStream.range(0, whole.size())
        .filter(i -> {
          Token token = whole.tokens().get(i);
          return token.sequence() == 1
              && (begins ? token.end() > character : token.end() >= character);
        })
        .findFirst()
        .orElseThrow();
  }

  @Override
  public void close() {
    model.close();
  }
}
