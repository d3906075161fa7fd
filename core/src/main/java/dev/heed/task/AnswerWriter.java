package dev.heed.task;

import dev.heed.explain.Evidence;
import dev.heed.generate.Completion;
import dev.heed.generate.TextGenerator;
import dev.heed.generate.search.Generated.Step;
import dev.heed.generate.search.SearchSettings;
import dev.heed.model.ModelFiles;
import dev.heed.tensor.DType;
import dev.heed.text.Encoding;
import dev.heed.text.Token;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Answers questions in a model's own words, by an encoder-decoder or decoder that was taught to.
 *
 * <p>A text longer than the model reads is asked in pieces; the answer that the model is surest of,
 * by the mean log-probability of its tokens, counts.
 *
 * <p>Any number of threads may use it at once.
 */
public final class AnswerWriter implements AutoCloseable {
  /** What T5 was trained to read (Raffel et al., JMLR 2020, appendix D). */
  public static final String TEMPLATE = "question: {question} context: {context}";

  private static final String QUESTION = "{question}";
  private static final String CONTEXT = "{context}";

  private final TextGenerator writer;
  private final int longest;
  private final String template;

  private AnswerWriter(TextGenerator writer, int longest, String template) {
    this.writer = writer;
    this.longest = longest;
    this.template = template;
  }

  /**
   * An answer.
   *
   * @param text what the model wrote
   * @param score the mean log-probability of its tokens
   */
  public record Written(String text, double score) {}

  /**
   * Opens a checkpoint.
   *
   * @param dtype what weights are converted to, or null for their own type
   * @param template what the model reads, with {@code {question}} and {@code {context}} in it
   * @return owned by the caller
   * @throws dev.heed.checkpoint.CheckpointException for missing, invalid or unsupported files
   * @throws IllegalArgumentException for a model that does not write, or a template without its
   *     places
   */
  public static AnswerWriter open(ModelFiles files, @Nullable DType dtype, String template) {
    if (!template.contains(QUESTION) || !template.contains(CONTEXT)) {
      throw new IllegalArgumentException(
          "template: expected {question} and {context} in it, got \"" + template + "\"");
    }
    Task.GENERATE.require(files);
    TextGenerator writer = TextGenerator.open(files, dtype);
    return new AnswerWriter(writer, WrittenText.room(files, writer), template);
  }

  /**
   * The answer that a text gives to a question.
   *
   * @throws IllegalArgumentException if the question leaves no room for the text
   */
  public Written answer(String question, String text) {
    return answer(question, text, null);
  }

  /**
   * The answer that a text gives to a question.
   *
   * @param most tokens to write of each piece, or null for what the model's files say
   * @throws IllegalArgumentException if the question leaves no room for the text
   */
  public Written answer(String question, String text, @Nullable Integer most) {
    Asked best = best(question, text, most);
    return new Written(best.completion().text().strip(), best.score());
  }

  /** Which tokens of the piece that was answered from, and of the answer, were looked at. */
  public Evidence explain(String question, String text, @Nullable Integer most) {
    Asked best = best(question, text, most);
    return WrittenEvidence.of(writer, best.prompt(), best.completion());
  }

  /** What a piece was asked, and what came of it. */
  private record Asked(int[] prompt, Completion completion, double score) {}

  private Asked best(String question, String text, @Nullable Integer most) {
    String asked = template.replace(QUESTION, question);
    int room = longest - writer.tokens(asked.replace(CONTEXT, "")).length;
    List<Asked> answers = new ArrayList<>();
    for (String piece : pieces(text, room)) {
      SearchSettings settings = WrittenText.settings(writer.config(), most);
      int[] prompt = writer.tokens(asked.replace(CONTEXT, piece));
      Completion best = writer.generateTokens(List.of(prompt), settings).getFirst().getFirst();
      double mean =
          best.generated().steps().stream()
              .mapToDouble(Step::logProbability)
              .average()
              .orElse(Double.NEGATIVE_INFINITY);
      answers.add(new Asked(prompt, best, mean));
    }
    return answers.stream().max(Comparator.comparingDouble(Asked::score)).orElseThrow();
  }

  /** A text in pieces of at most so many tokens, each with half of the one before. */
  private List<String> pieces(String text, int room) {
    Encoding whole = writer.tokenizer().encode(text, null, false);
    if (whole.size() <= room) {
      return List.of(text);
    }
    if (room < 2) {
      throw new IllegalArgumentException(
          "answer: expected room for the text beside the question, got "
              + longest
              + " tokens in all; shorten the question");
    }
    List<Token> tokens = whole.tokens();
    List<String> pieces = new ArrayList<>();
    int step = Math.max(1, room / 2);
    for (int from = 0; from == 0 || from + room - step < tokens.size(); from += step) {
      int to = Math.min(tokens.size(), from + room);
      pieces.add(text.substring(tokens.get(from).start(), tokens.get(to - 1).end()));
    }
    return pieces;
  }

  @Override
  public void close() {
    writer.close();
  }
}
