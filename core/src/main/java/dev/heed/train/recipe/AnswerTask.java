package dev.heed.train.recipe;

import dev.heed.evaluate.SquadScore;
import dev.heed.model.Model;
import dev.heed.model.ModelOutput;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import dev.heed.text.Encoding;
import dev.heed.text.Side;
import dev.heed.text.Token;
import dev.heed.text.Truncation;
import dev.heed.text.Window;
import dev.heed.train.Evaluation;
import dev.heed.train.data.Feed;
import dev.heed.train.data.TokenBudget;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The part of a text that answers a question (Devlin et al. 2019, section 4.2), scored by SQuAD's
 * F1. A text that is too long is read in windows; those without the answer are scored on and not
 * learned from.
 *
 * @param pieces of which question and text each example that is scored on is
 */
record AnswerTask(List<Example> train, List<Example> valid, Map<Example, Piece> pieces)
    implements TextTask {
  /** The most tokens of an answer. */
  private static final int LONGEST = 30;

  /**
   * A question.
   *
   * @param text in which the answer stands
   * @param answers the right ones
   * @param start where the first of them begins in the text
   */
  private record Question(String text, List<String> answers, int start) {}

  /** A window of a question's text. */
  private record Piece(Question question, Encoding encoding) {}

  /** What was answered, and the sum of its logits. */
  private record Answer(String text, double score) {}

  static AnswerTask of(List<ExampleFile.Row> train, List<ExampleFile.Row> valid, Tokens tokens) {
    Map<Example, Piece> pieces = new IdentityHashMap<>();
    List<Example> learned = new ArrayList<>(examples(train, tokens, pieces));
    learned.removeIf(example -> example.labels()[0] < 0);
    pieces.clear();
    return new AnswerTask(learned, examples(valid, tokens, pieces), pieces);
  }

  private static List<Example> examples(
      List<ExampleFile.Row> rows, Tokens tokens, Map<Example, Piece> pieces) {
    List<Example> examples = new ArrayList<>();
    for (ExampleFile.Row row : rows) {
      Question question = question(row);
      Encoding whole = tokens.tokenizer().encode(row.require("question"), question.text());
      int most = tokens.longest();
      int stride = Math.min(most / 4, most - (int) first(whole) - 2);
      Window window = new Window(most, Math.max(0, stride), Truncation.ONLY_SECOND, Side.RIGHT);
      for (Encoding part : whole.windows(window)) {
        Example example = Example.of(part, span(part, question));
        examples.add(example);
        pieces.put(example, new Piece(question, part));
      }
    }
    return examples;
  }

  /** How many tokens do not belong to the text. */
  private static long first(Encoding encoding) {
    return encoding.tokens().stream().filter(token -> token.sequence() != 1).count();
  }

  private static Question question(ExampleFile.Row row) {
    List<String> answers = new ArrayList<>();
    int start;
    try {
      for (JsonNode answer : JsonMapper.shared().readTree(row.require("answers"))) {
        answers.add(answer.asString(""));
      }
      start = Integer.parseInt(row.require("answer_start"));
    } catch (JacksonException | NumberFormatException e) {
      throw new IllegalArgumentException(
          row.where() + ": expected a list of answers and a place, got " + row.columns(), e);
    }
    String text = row.require("context");
    if (answers.isEmpty() || start < 0 || !text.startsWith(answers.getFirst(), start)) {
      throw new IllegalArgumentException(
          row.where() + ": expected the first answer at answer_start of context, got " + answers);
    }
    return new Question(text, List.copyOf(answers), start);
  }

  /** The first and the last token of the answer, or -1 twice for a window without it. */
  private static long[] span(Encoding part, Question question) {
    int end = question.start() + question.answers().getFirst().length();
    long[] span = {-1, -1};
    List<Token> tokens = part.tokens();
    for (int i = 0; i < tokens.size(); i++) {
      Token token = tokens.get(i);
      if (token.sequence() == 1 && token.start() < token.end()) {
        span[0] = token.start() <= question.start() && question.start() < token.end() ? i : span[0];
        span[1] = token.start() < end && end <= token.end() ? i : span[1];
      }
    }
    return span[0] < 0 || span[1] < 0 ? new long[] {-1, -1} : span;
  }

  @Override
  public List<String> heads() {
    return List.of("ForQuestionAnswering");
  }

  @Override
  public boolean finds() {
    return true;
  }

  @Override
  public Feed<ExampleBatch> feed(
      List<Example> examples, TokenBudget budget, long seed, long padding) {
    return TextTask.feed(examples, budget, seed, chosen -> ExampleBatch.ofSpans(chosen, padding));
  }

  @Override
  public Evaluation evaluation(Model model, Feed<ExampleBatch> feed) {
    return new Evaluation("f1", true, () -> f1(model, feed.epoch(0)));
  }

  private double f1(Model model, Feed.Epoch<ExampleBatch> epoch) {
    Map<Question, Answer> best = new IdentityHashMap<>();
    for (int i = 0; i < epoch.size(); i++) {
      try (TensorScope scope = TensorScope.inference()) {
        ExampleBatch batch = epoch.load(i);
        ModelOutput output = model.apply(batch.input());
        Tensor starts = output.require("start_logits").to(DType.F64);
        Tensor ends = output.require("end_logits").to(DType.F64);
        for (int row = 0; row < batch.examples().size(); row++) {
          Piece piece = pieces.get(batch.examples().get(row));
          if (piece != null) {
            Answer answer =
                answer(
                    piece,
                    starts.select(0, row).contiguous().toDoubleArray(),
                    ends.select(0, row).contiguous().toDoubleArray());
            best.merge(piece.question(), answer, (a, b) -> b.score() > a.score() ? b : a);
          }
        }
      }
    }
    List<String> predictions = new ArrayList<>();
    List<List<String>> answers = new ArrayList<>();
    best.forEach((question, answer) -> {
      predictions.add(answer.text());
      answers.add(question.answers());
    });
    return SquadScore.measure(false, predictions, answers).value("f1");
  }

  private static Answer answer(Piece piece, double[] starts, double[] ends) {
    List<Token> tokens = piece.encoding().tokens();
    int[] span = {-1, -1};
    double best = Double.NEGATIVE_INFINITY;
    for (int from = 0; from < tokens.size(); from++) {
      int last = Math.min(tokens.size(), from + LONGEST);
      for (int to = from; to < last && tokens.get(to).sequence() == 1; to++) {
        if (starts[from] + ends[to] > best) {
          best = starts[from] + ends[to];
          span = new int[] {tokens.get(from).start(), tokens.get(to).end()};
        }
      }
    }
    return new Answer(span[0] < 0 ? "" : piece.question().text().substring(span[0], span[1]), best);
  }
}
